"""Plan a sitting of the committee, or move it: time, place, chair. Seats and rule are frozen with it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import AgendaItem, Attendance, Case, Cycle, NumberSeries, Programme, Seat, Sitting
from app.queries.sittings import sitting_for
from workflows.engine import Refused
from workflows.text import Text, because


def plan_sitting(who: Viewer, programme: str, starts_at: datetime, place: str, chair_id: int) -> int:
    """Plan a sitting of `programme` chaired by the co-chair `chair_id`; gives back its number.

    Raises:
        NotFound: not the clerk of this programme.
        Invalid: the time lies in the past, no place, or not a co-chair.
        Refused: the committee of this programme has no seats or no rule.
    """
    if not who.has("clerk", programme):
        raise NotFound
    with unit_of_work():
        _check(programme, starts_at, place, chair_id)
        number = next_in("sitting")
        db.session.add(
            Sitting(
                programme=programme,
                number=number,
                starts_at=starts_at,
                place=place.strip(),
                chair_id=chair_id,
                rule=_rule(programme),
                seats=filled_seats(programme),
            )
        )
        return number


def change_sitting(who: Viewer, number: int, starts_at: datetime, place: str, chair_id: int) -> None:
    """Move a sitting or hand the chair over. A new time asks for a new agenda and a new roll call.

    Raises as `plan_sitting`, and Refused while an item is open or once the sitting has ended.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True, only="clerk")
        refuse_ended(sitting)
        refuse_open_item(sitting)
        moved = starts_at != sitting.starts_at
        _check(sitting.programme, starts_at if moved else None, place, chair_id)
        sitting.place, sitting.chair_id = place.strip(), chair_id
        if moved:
            sitting.starts_at = starts_at
            sitting.agenda_sent_at = None
            sitting.urgency_reason = ""
            _empty_the_room(sitting)


def _empty_the_room(sitting: Sitting) -> None:
    sitting.roll_called_at = None
    here = (Attendance.sitting_id == sitting.id, Attendance.left_at.is_(None))
    db.session.execute(sa.update(Attendance).where(*here).values(left_at=clock.now()))


def _check(programme: str, starts_at: datetime | None, place: str, chair_id: int) -> None:
    if starts_at is not None and starts_at <= clock.now():
        raise Invalid("starts_at", Text("지난 시각으로는 정할 수 없습니다.", "The time must not lie in the past."))
    if not place.strip():
        raise Invalid("place", Text("장소를 적어 주십시오.", "Say where it is held."))
    query = sa.select(Seat.id).where(Seat.programme == programme, Seat.user_id == chair_id)
    if db.session.scalar(query.where(Seat.chair.is_(True), Seat.ended_at.is_(None))) is None:
        raise Invalid("chair", Text("공동위원장 중에서 선택해 주십시오.", "Choose one of the co-chairs."))


def filled_seats(programme: str) -> int:
    """How many seats of the committee are filled (재적위원)."""
    query = sa.select(sa.func.count()).select_from(Seat)
    seats = db.session.scalar(query.where(Seat.programme == programme, Seat.ended_at.is_(None))) or 0
    if not seats:
        raise Refused(because("no_seats", "위촉된 위원이 없습니다.", "The committee has no members."))
    return seats


def _rule(programme: str) -> dict[str, Any]:
    """The voting rule of the newest cycle that has one."""
    query = (
        sa.select(Cycle)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Programme.key == programme)
        .order_by(Cycle.fiscal_year.desc(), Cycle.id)
    )
    for cycle in db.session.scalars(query):
        committee = cycle.settings.get("committee")
        if committee:
            return dict(committee["rule"])
    raise Refused(because("no_rule", "의결 규칙이 정해져 있지 않습니다.", "No voting rule is set."))


def next_in(series: str) -> int:
    """The next number of a series; never given twice."""
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(NumberSeries)
    statement = insert.values(series=series, last=1).on_conflict_do_update(
        index_elements=["series"], set_={"last": NumberSeries.last + 1}
    )
    return int(db.session.execute(statement.returning(NumberSeries.last)).scalar_one())


def refuse_ended(sitting: Sitting) -> None:
    """Nothing is done at a sitting that is over."""
    if sitting.ended_at is not None:
        raise Refused(because("sitting_over", "끝난 회의입니다.", "The sitting is over."))


def refuse_open_item(sitting: Sitting) -> None:
    """Not while a vote is open."""
    query = sa.select(Case.number).join(AgendaItem, AgendaItem.case_id == Case.id)
    here = (AgendaItem.sitting_id == sitting.id, AgendaItem.closed_at.is_(None))
    if db.session.scalar(query.where(*here, Case.state == "DELIBERATING").limit(1)):
        raise Refused(
            because(
                "item_open",
                "심의 중인 안건이 있습니다. 표결을 종료하거나 보류하십시오.",
                "An item is open; close its ballot or defer it first.",
            )
        )
