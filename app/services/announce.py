"""Announce together what was decided: at the set time every letter is dated, sealed and served.

The worker calls `announce_due`; an officer's button does it for one cycle. Nothing goes out before its time.
"""

from datetime import date, datetime

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Announcement, Case
from app.queries.conditions import in_force
from app.queries.letters import as_content, from_content, letter_of, redated
from app.services import clocks
from app.services.act import Change, act, act_as_system, act_within
from app.services.set_announcement import decided_cases
from workflows.engine import Refused
from workflows.text import because


def announce(who: Viewer, number: str, revision: int | None = None) -> Case:
    """Announce one case whose time has come. Raises as `act`."""
    data: dict[str, int] = {}
    return act(who, number, "announce", revision=revision, data=data, change=_serving(data))


def announce_round(who: Viewer, cycle_id: int) -> list[str]:
    """Announce every decided case of the cycle whose time has come, all or none; gives back their numbers.

    Raises NotFound for who is no officer, Refused with the first reason that stands against one of them.
    """
    if not who.has("officer"):
        raise NotFound
    with unit_of_work():
        cases = decided_cases(cycle_id)
        if not cases:
            raise Refused(because("nothing_decided", "발표할 사건이 없습니다.", "There is nothing to announce."))
        for case in cases:
            data: dict[str, int] = {}
            act_within(who, case.number, "announce", data=data, change=_serving(data))
        _done(cycle_id, clock.now())
        return [case.number for case in cases]


def announce_due(now: datetime) -> list[str]:
    """What the worker does each round: announce, cycle by cycle and together, the cases whose time has come.

    A case whose letter nobody has read stays where it is and is logged; it does not hold the others back.
    """
    query = sa.select(Case.cycle_id).where(Case.state == "DECIDED", Case.announce_at <= now).distinct()
    cycles = sorted(db.session.scalars(query))
    return [number for cycle_id in cycles for number in _announce_cycle(cycle_id, now)]


def _announce_cycle(cycle_id: int, now: datetime) -> list[str]:
    with unit_of_work():
        due = [case for case in decided_cases(cycle_id) if case.announce_at and case.announce_at <= now]
        done = [case.number for case in due if _announced(case)]
        if done:
            _done(cycle_id, now)
    return done


def _announced(case: Case) -> bool:
    """Whether it went out; a refusal comes before anything is written."""
    try:
        data: dict[str, int] = {}
        act_as_system(case.number, "announce", data=data, change=_serving(data))
    except Refused as refused:
        log.note("not_announced", case=case.number, reason=refused.reason.code)
        return False
    return True


def _done(cycle_id: int, now: datetime) -> None:
    open_ones = (Announcement.cycle_id == cycle_id, Announcement.done_at.is_(None))
    due = Announcement.announce_at <= now
    db.session.execute(sa.update(Announcement).where(*open_ones, due).values(done_at=now))


def _serving(data: dict[str, int]) -> Change:
    """`_serve`, telling in the event's `data` how many conditions the applicant has to meet."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        sealed = _serve(case, now)
        conditions = in_force(case) if case.outcome == "approve" else []
        for row in conditions:
            if row.due is not None:
                clocks.begin_for(case, "condition", row.id, clock.day_of(now), date.fromisoformat(row.due))
        if conditions:
            data["conditions"] = len(conditions)
        return sealed

    return change


def _serve(case: Case, now: datetime) -> list[Sealed]:
    """Date the letter on the day of service; from here it is sealed by the event."""
    letter = letter_of(case)
    if letter is None:
        raise Refused(because("letter_unread", "통지서를 먼저 확인해 주십시오.", "Check the letter first."))
    on = clock.day_of(now)
    letter.content = as_content(redated(from_content(letter.content), on))
    letter.issued_on, letter.served_at = on, now
    case.announced_at = now
    db.session.flush()
    return [letter]
