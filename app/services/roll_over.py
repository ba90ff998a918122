"""K25: carry a case to the next cycle once its own has ended. Number and time of receipt stay as they are.

The system only proposes (`due_for_roll_over`); an officer confirms, for one case or for the round.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer, visible
from app.base import Sealed
from app.db import unit_of_work
from app.extensions import db
from app.models import Case, Cycle
from app.queries.cycles import cycle_name, next_cycle
from app.services.act import act_within
from app.services.record import count
from workflows.text import Text

CARRIED = ("RECEIVED", "SCREENING", "SUPPLEMENT", "ELIGIBLE", "CONSULTING", "CONSULTED", "RESERVED")


def roll_over(who: Viewer, number: str, revision: int | None = None) -> Case:
    """Carry one case to the next cycle.

    Raises:
        NotFound, Stale: as `act`.
        Refused: its cycle has not ended, there is no next one, or this person may not.
    """
    with unit_of_work():
        return _carry(who, number, revision)


def roll_over_all(who: Viewer, numbers: Sequence[str]) -> int:
    """Carry several cases together, all or none; how many. Raises as `roll_over`."""
    with unit_of_work():
        for number in sorted(set(numbers)):
            _carry(who, number, None)
    return len(set(numbers))


def due_for_roll_over(who: Viewer, cycle: Cycle) -> list[Case]:
    """The cases of a cycle that would have to be carried, oldest receipt first: what the system proposes."""
    query = sa.select(Case).where(Case.cycle_id == cycle.id, Case.state.in_(CARRIED), visible(who))
    return list(db.session.scalars(query.order_by(Case.received_at, Case.id)))


def _carry(who: Viewer, number: str, revision: int | None) -> Case:
    data: dict[str, Any] = {}

    def change(case: Case, now: datetime) -> list[Sealed]:
        here = db.session.get_one(Cycle, case.cycle_id)
        following = next_cycle(here)
        assert following is not None, "the guard has seen that there is one"
        for cycle in sorted((here.id, following.id)):  # one order everywhere: two writers never wait crosswise
            before, after = (case.state, None) if cycle == here.id else (None, case.state)
            count(case, before, after, cycle=cycle)
        case.cycle_id, case.cycle_revision = following.id, following.revision
        old, new = cycle_name(here), cycle_name(following)
        data["cycle_before"], data["cycle"] = old._asdict(), new._asdict()
        data["note"] = Text(
            f"{old.ko}에서 {new.ko}로 이월되었습니다. 접수번호와 접수일시는 그대로입니다. "
            "원하지 않으시면 사건 화면에서 취하하실 수 있습니다.",
            f"It was carried from {old.en} to {new.en}. Its number and time of receipt stay as they are. "
            "If you do not wish this, you may withdraw it on the page of the case.",
        )._asdict()
        return []

    return act_within(who, number, "roll_over", revision=revision, data=data, change=change)
