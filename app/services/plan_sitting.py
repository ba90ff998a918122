"""Plan a sitting of the committee, or move it: form, time, place, chair. Seats and rule are frozen with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import AgendaItem, Attendance, Case, NumberSeries, Seat, Sitting
from app.queries.committee_rules import rule_in_force
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from workflows.committee_rules import REASONS, rule_of
from workflows.engine import Refused
from workflows.text import Text, because


@dataclass(frozen=True, slots=True)
class Form:
    """How the committee sits: in_person, video or written. In writing: why (a code of REASONS, and the words)
    and until when papers are taken."""

    kind: str = "in_person"
    reason_code: str | None = None
    reason: str = ""
    closes_at: datetime | None = None

    @property
    def written(self) -> bool:
        """Whether it deliberates in writing."""
        return self.kind == "written"


IN_PERSON = Form()
IN_WRITING = "서면심의 / In writing"


def plan_sitting(
    who: Viewer, programme: str, starts_at: datetime, place: str, chair_id: int, form: Form = IN_PERSON
) -> int:
    """Plan a sitting of `programme` chaired by the co-chair `chair_id`; gives back its number.

    Of a written deliberation `starts_at` is the instant from which papers are taken.

    Raises:
        NotFound: not the clerk of this programme.
        Invalid: the time lies in the past, no place, not a co-chair, or a written form the rule does not allow.
        Refused: the committee of this programme has no seats or no rule.
    """
    if not who.has("clerk", programme):
        raise NotFound
    with unit_of_work():
        _check(programme, starts_at, place or form.written, chair_id)
        rule = _rule(programme, starts_at)
        _check_form(rule, starts_at, form)
        number = next_in("sitting")
        sitting = Sitting(
            programme=programme,
            number=number,
            place=place.strip() or IN_WRITING,
            chair_id=chair_id,
            seats=filled_seats(programme),
        )
        _set(sitting, rule, starts_at, form)
        db.session.add(sitting)
        note_act(sitting, "plan", who, _told(sitting))
        return number


def _set(sitting: Sitting, rule: dict[str, Any], starts_at: datetime, form: Form) -> None:
    sitting.rule, sitting.starts_at, sitting.form = rule, starts_at, form.kind
    sitting.reason_code, sitting.reason = (form.reason_code, form.reason.strip()) if form.written else (None, "")
    sitting.opens_at, sitting.closes_at = (starts_at, form.closes_at) if form.written else (None, None)


def _told(sitting: Sitting) -> dict[str, Any]:
    return {
        "form": sitting.form,
        "starts_at": sitting.starts_at.isoformat(),
        "closes_at": sitting.closes_at.isoformat() if sitting.closes_at else None,
        "place": sitting.place,
        "chair": sitting.chair_id,
        "reason_code": sitting.reason_code,
    }


def _check_form(rule: dict[str, Any], starts_at: datetime, form: Form) -> None:
    if form.kind not in ("in_person", "video", "written"):
        raise Invalid("form", Text("회의 방식을 선택해 주십시오.", "Choose how the committee sits."))
    if not form.written:
        return
    written = rule_of(rule).written
    if not written.allowed:
        raise Invalid(
            "form", Text("의결 규칙상 서면으로 심의할 수 없습니다.", "The rule allows no written deliberation.")
        )
    if form.reason_code not in written.reasons:
        raise Invalid("reason_code", Text("서면으로 심의하는 사유를 선택해 주십시오.", "Choose why it is in writing."))
    if not form.reason.strip():
        told = REASONS[form.reason_code]
        raise Invalid(
            "reason",
            Text(f"‘{told.ko}’에 해당하는 까닭을 적어 주십시오.", f"Say how this applies: {told.en.lower()}."),
        )
    days = written.window_days_min
    if form.closes_at is None or form.closes_at < starts_at + timedelta(days=days):
        words = Text(
            f"서면 의견을 받는 기간은 {days}일 이상이어야 합니다.", f"Replies must be accepted for {days} days or more."
        )
        raise Invalid("closes_at", words)


def change_sitting(
    who: Viewer, number: int, starts_at: datetime, place: str, chair_id: int, form: Form | None = None
) -> None:
    """Move a sitting or hand the chair over. A new time asks for a new agenda and a new roll call.

    `form` None: as it was. A new time or form freezes the rule of its day anew.
    Raises as `plan_sitting`, and Refused while an item is open or once the sitting has ended.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True, only="clerk")
        refuse_ended(sitting)
        refuse_open_item(sitting)
        now, was = clock.now(), Form(sitting.form, sitting.reason_code, sitting.reason, sitting.closes_at)
        form = form or was
        moved = starts_at != sitting.starts_at or form != was
        _check(
            sitting.programme, starts_at if starts_at != sitting.starts_at else None, place or form.written, chair_id
        )
        sitting.place, sitting.chair_id = place.strip() or IN_WRITING, chair_id
        if moved:
            rule = _rule(sitting.programme, starts_at)
            _check_form(rule, starts_at, form)
            _set(sitting, rule, starts_at, form)
            sitting.agenda_sent_at = None
            sitting.urgency_reason = ""
            _empty_the_room(sitting, now)
        note_act(sitting, "change", who, _told(sitting) | {"moved": moved}, at=now)


def _empty_the_room(sitting: Sitting, now: datetime) -> None:
    sitting.roll_called_at = None
    here = (Attendance.sitting_id == sitting.id, Attendance.left_at.is_(None))
    db.session.execute(sa.update(Attendance).where(*here).values(left_at=now))


def _check(programme: str, starts_at: datetime | None, place: str | bool, chair_id: int) -> None:
    if starts_at is not None and starts_at <= clock.now():
        raise Invalid("starts_at", Text("지난 시각으로는 정할 수 없습니다.", "The time must not lie in the past."))
    if not (place if isinstance(place, bool) else place.strip()):
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


def _rule(programme: str, starts_at: datetime) -> dict[str, Any]:
    """The committee's rule in force on the day of the sitting."""
    version = rule_in_force(programme, clock.day_of(starts_at))
    if version is None:
        raise Refused(because("no_rule", "의결 규칙이 정해져 있지 않습니다.", "No voting rule is set."))
    return dict(version.rule)


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
