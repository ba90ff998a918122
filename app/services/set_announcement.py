"""Set when a round is announced: one time for every decided case of the cycle, never backdated."""

from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Announcement, Case
from app.services.act import act_within
from workflows import schema
from workflows.engine import Refused
from workflows.text import because


def set_announcement(who: Viewer, cycle_id: int, announce_at: datetime) -> list[str]:
    """Set `announce_at` for all decided cases of the cycle; gives back their numbers.

    Raises:
        NotFound: not an officer of the programme, or no such cycle.
        Refused: nothing is decided yet, or the time lies in the past.
    """
    with unit_of_work():
        cases = decided_cases(cycle_id)
        if not cases:
            words = because("nothing_decided", "결정된 사건이 없습니다.", "No case of this cycle is decided.")
            raise Refused(words)
        if not who.has("officer", schema.load(cases[0].definition_id, cases[0].definition_version).programme):
            raise NotFound
        now = clock.now()
        ahead = int((announce_at - now).total_seconds() // 60)
        for case in cases:
            _set(who, case.number, announce_at, ahead)
        db.session.add(Announcement(cycle_id=cycle_id, announce_at=announce_at, set_by=who.id, set_at=now))
        return [case.number for case in cases]


def _set(who: Viewer, number: str, announce_at: datetime, minutes_ahead: int) -> None:
    def change(case: Case, now: datetime) -> list[Sealed]:
        case.announce_at = announce_at
        return []

    act_within(
        who,
        number,
        "set_announcement",
        inputs={"in_minutes_ahead": minutes_ahead},
        data={"announce_at": announce_at.isoformat()},
        change=change,
    )


def decided_cases(cycle_id: int) -> list[Case]:
    """Decided and not announced, in one order for everybody who locks them."""
    query = sa.select(Case).where(Case.cycle_id == cycle_id, Case.state == "DECIDED").order_by(Case.id)
    return list(db.session.scalars(query.with_for_update(of=Case)))
