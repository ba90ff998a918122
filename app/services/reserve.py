"""Put a case on the reserve list of its cycle: good, but there is no money for it now."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Cycle
from app.queries.cases import case_for
from app.services.act import act_within
from app.services.decide import freed_by
from workflows.text import Text


def reserve(who: Viewer, number: str, rank: int, reason: str, revision: int | None = None) -> Case:
    """Give the reserve rank `rank` (1 is the first to move up). Raises as `act`, and Invalid("rank").

    The cycle is locked so that two cases never take the same rank.
    """
    if rank < 1:
        raise Invalid("rank", Text("예비 순위를 1 이상으로 적어 주십시오.", "Give a reserve rank of 1 or more."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        case.reserve_rank = rank
        freed = freed_by(case, now)
        case.outcome, case.decided_on, case.awarded_krw = None, None, None
        return freed

    with unit_of_work():
        found = case_for(who, number, lock=True)
        db.session.execute(sa.select(Cycle.id).where(Cycle.id == found.cycle_id).with_for_update(key_share=True))
        query = sa.select(Case.id).where(Case.cycle_id == found.cycle_id, Case.state == "RESERVED")
        taken = db.session.scalar(query.where(Case.reserve_rank == rank, Case.id != found.id).limit(1))
        return act_within(
            who,
            number,
            "reserve",
            inputs={"in_reason": reason, "in_reserve_rank_taken": taken is not None},
            revision=revision,
            data={"rank": rank, "reason": reason.strip()},
            change=change,
        )
