"""The roll call: who is present, who comes later and who leaves, each with its time; the end of a sitting."""

from collections.abc import Collection

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import Attendance, Seat, Sitting
from app.queries.attendance import present_at
from app.queries.sittings import sitting_for
from app.services.plan_sitting import filled_seats, refuse_ended, refuse_open_item
from workflows.engine import Refused
from workflows.text import Text, because


def call_roll(who: Viewer, number: int, present: Collection[int]) -> None:
    """Establish that the members `present` (accounts) are there. Called once; then `arrive` and `leave`.

    Raises NotFound; Refused when the roll was called or the sitting is over; Invalid for who has no seat.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True, only="clerk")
        refuse_ended(sitting)
        if sitting.roll_called_at is not None:
            words = because("roll_called", "이미 출석을 확인한 회의입니다.", "The roll has been called already.")
            raise Refused(words)
        now = clock.now()
        seated = _seated(sitting)
        if not present or set(present) - seated:
            raise Invalid("present", Text("출석한 위원을 표시해 주십시오.", "Tick the members who are present."))
        sitting.seats = filled_seats(sitting.programme)
        sitting.roll_called_at = now
        for user_id in sorted(present):
            db.session.add(Attendance(sitting_id=sitting.id, user_id=user_id, arrived_at=now))


def arrive(who: Viewer, number: int, user_id: int) -> None:
    """A member has come in. Raises NotFound, Refused, Invalid as `call_roll`."""
    with unit_of_work():
        sitting = _running(who, number)
        if user_id not in _seated(sitting):
            raise Invalid("present", Text("이 위원회의 위원이 아닙니다.", "Not a member of this committee."))
        if user_id not in present_at(sitting.id):
            db.session.add(Attendance(sitting_id=sitting.id, user_id=user_id, arrived_at=clock.now()))


def leave(who: Viewer, number: int, user_id: int) -> None:
    """A member has left. A ballot already cast stays cast. Raises as `call_roll`."""
    with unit_of_work():
        sitting = _running(who, number)
        here = (
            Attendance.sitting_id == sitting.id,
            Attendance.user_id == user_id,
            Attendance.left_at.is_(None),
        )
        db.session.execute(sa.update(Attendance).where(*here).values(left_at=clock.now()))


def end_sitting(who: Viewer, number: int) -> None:
    """Close the sitting. Raises NotFound, or Refused while an item is open or before the roll was called."""
    with unit_of_work():
        sitting = _running(who, number)
        refuse_open_item(sitting)
        sitting.ended_at = clock.now()
        here = (Attendance.sitting_id == sitting.id, Attendance.left_at.is_(None))
        db.session.execute(sa.update(Attendance).where(*here).values(left_at=sitting.ended_at))


def _running(who: Viewer, number: int) -> Sitting:
    sitting = sitting_for(who, number, lock=True, only="clerk")
    refuse_ended(sitting)
    if sitting.roll_called_at is None:
        raise Refused(because("no_roll_call", "출석 확인을 먼저 해 주십시오.", "Call the roll first."))
    return sitting


def _seated(sitting: Sitting) -> set[int]:
    query = sa.select(Seat.user_id).where(Seat.programme == sitting.programme, Seat.ended_at.is_(None))
    return set(db.session.scalars(query))
