"""The roll call: who is present, who comes later and who leaves, each with its time; the end of a sitting."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid, Stale
from app.extensions import db
from app.models import AgendaItem, Attendance, Case, ItemSeat, Seat, Sitting
from app.queries.attendance import present_at
from app.queries.sittings import item_of, sitting_for
from app.services.act import act_within
from app.services.freeze_roster import admit
from app.services.note_act import note_act
from app.services.plan_sitting import filled_seats, refuse_ended, refuse_open_item
from workflows.committee_rules import rule_of
from workflows.engine import Refused
from workflows.text import Text, because


def call_roll(who: Viewer, number: int, present: Collection[int], proxies: Mapping[int, str] | None = None) -> None:
    """Establish that the members `present` (accounts) are there. Called once; then `arrive` and `leave`.

    `proxies`: member -> who came in his place; one of those present where the rule lets proxies vote, and else an
    observer who is not counted.

    Raises NotFound; Refused when the roll was called, the sitting is over or in writing; Invalid for who has no seat.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True, only="clerk")
        refuse_ended(sitting)
        _refuse_written(sitting)
        if sitting.roll_called_at is not None:
            words = because("roll_called", "이미 출석을 확인한 회의입니다.", "The roll has been called already.")
            raise Refused(words)
        now = clock.now()
        seated = _seated(sitting)
        if not present or set(present) - seated:
            raise Invalid("present", Text("출석한 위원을 표시해 주십시오.", "Tick the members who are present."))
        sitting.seats = filled_seats(sitting.programme)
        sitting.roll_called_at = now
        named = proxies or {}
        rows = [_attendance(sitting, user_id, named.get(user_id, ""), now) for user_id in sorted(present)]
        db.session.add_all(rows)
        told = [{"person": row.user_id, "proxy": row.proxy, "observer": row.observer} for row in rows]
        note_act(sitting, "call_roll", who, {"present": told, "seats": sitting.seats}, at=now)


def _attendance(sitting: Sitting, user_id: int, proxy: str, now: datetime) -> Attendance:
    watches = bool(proxy.strip()) and rule_of(sitting.rule).proxy == "observer"
    return Attendance(sitting_id=sitting.id, user_id=user_id, arrived_at=now, proxy=proxy.strip(), observer=watches)


def arrive(who: Viewer, number: int, user_id: int, proxy: str = "") -> None:
    """A member has come in, or `proxy` in his place. On the roster of an open item he gets a further entry.

    Raises NotFound, Refused, Invalid as `call_roll`; Stale where an item was opened at this very moment.
    """
    with unit_of_work():
        open_ones = _open_cases(sitting_for(who, number, only="clerk"))
        if not open_ones:
            sitting = _running(who, number)
            if _open_cases(sitting):
                raise Stale
            _come_in(who, sitting, user_id, proxy)
            return

        def change(case: Case, now: datetime) -> list[Sealed]:
            sitting = _running(who, number)
            _come_in(who, sitting, user_id, proxy)
            return [*admit(sitting, case, item_of(case), user_id, now)]

        for case_number in open_ones:
            act_within(who, case_number, "note_arrival", data={"person": user_id}, change=change)


def _open_cases(sitting: Sitting) -> list[str]:
    query = sa.select(Case.number).join(AgendaItem, AgendaItem.case_id == Case.id)
    here = (AgendaItem.sitting_id == sitting.id, AgendaItem.closed_at.is_(None), AgendaItem.opened_at.is_not(None))
    return list(db.session.scalars(query.where(*here, Case.state == "DELIBERATING").order_by(Case.id)))


def _come_in(who: Viewer, sitting: Sitting, user_id: int, proxy: str) -> None:
    if user_id not in _seated(sitting):
        raise Invalid("present", Text("이 위원회의 위원이 아닙니다.", "Not a member of this committee."))
    if user_id in present_at(sitting.id):
        return
    now = clock.now()
    row = _attendance(sitting, user_id, proxy, now)
    db.session.add(row)
    act = "observe" if row.observer else "arrive"
    note_act(sitting, act, who, {"person": user_id, "proxy": row.proxy}, at=now)


def leave(who: Viewer, number: int, user_id: int) -> None:
    """A member has left. A ballot already cast stays cast. Raises as `call_roll`."""
    with unit_of_work():
        sitting = _running(who, number)
        here = (
            Attendance.sitting_id == sitting.id,
            Attendance.user_id == user_id,
            Attendance.left_at.is_(None),
        )
        now = clock.now()
        if db.session.scalar(sa.select(Attendance.id).where(*here)) is None:
            return
        db.session.execute(sa.update(Attendance).where(*here).values(left_at=now))
        note_act(sitting, "leave", who, {"person": user_id}, at=now)


def end_sitting(who: Viewer, number: int) -> None:
    """Close the sitting. Raises NotFound, or Refused while an item is open or before the roll was called."""
    with unit_of_work():
        sitting = _running(who, number, written=True)
        refuse_open_item(sitting)
        sitting.ended_at = clock.now()
        here = (Attendance.sitting_id == sitting.id, Attendance.left_at.is_(None))
        db.session.execute(sa.update(Attendance).where(*here).values(left_at=sitting.ended_at))
        note_act(sitting, "end", who, at=sitting.ended_at)


def _running(who: Viewer, number: int, written: bool = False) -> Sitting:
    sitting = sitting_for(who, number, lock=True, only="clerk")
    refuse_ended(sitting)
    if not written:
        _refuse_written(sitting)
    if sitting.roll_called_at is None and sitting.form != "written":
        raise Refused(because("no_roll_call", "출석 확인을 먼저 해 주십시오.", "Call the roll first."))
    return sitting


def _refuse_written(sitting: Sitting) -> None:
    if sitting.form == "written":
        words = because(
            "written", "서면심의에서는 출석을 확인하지 않습니다.", "A written deliberation has no roll call."
        )
        raise Refused(words)


def _seated(sitting: Sitting) -> set[int]:
    """Members of the committee, and who sits for an item of this sitting."""
    seats = sa.select(Seat.user_id).where(Seat.programme == sitting.programme, Seat.ended_at.is_(None))
    related = (
        sa.select(ItemSeat.user_id)
        .join(AgendaItem, AgendaItem.id == ItemSeat.item_id)
        .where(AgendaItem.sitting_id == sitting.id, ItemSeat.ended_at.is_(None))
    )
    return set(db.session.scalars(seats.union(related)))
