"""Send the agenda of a sitting to its members: in time, or with the reason of urgency on the record."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.documents.calendar import calendar_file
from app.errors import Invalid
from app.extensions import db
from app.i18n import moment
from app.models import AgendaItem, Delivery, Seat, Sitting, User
from app.queries.calendar import entry_of
from app.queries.sittings import agenda_days, sitting_for
from app.services.note_act import note_act
from app.services.plan_sitting import refuse_ended
from workflows.engine import Refused
from workflows.text import Text, because


def send_agenda(who: Viewer, number: int, urgency_reason: str = "") -> None:
    """Notify every member of time, place and the page of the agenda, with a file for the calendar.

    The letter and its file name no case: a member with a conflict is told of none. Whole days between, both days out.
    Raises NotFound, Refused for an empty agenda, Invalid("urgency_reason") when it is too late without one.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True, only="clerk")
        refuse_ended(sitting)
        now = clock.now()
        query = sa.select(sa.func.count()).select_from(AgendaItem)
        if not db.session.scalar(query.where(AgendaItem.sitting_id == sitting.id)):
            words = because("no_items", "상정된 안건이 없습니다.", "There is nothing on the agenda.")
            raise Refused(words)
        needed = agenda_days(sitting.programme)
        ahead = (clock.day_of(sitting.starts_at) - clock.day_of(now)).days - 1
        if ahead < needed and not urgency_reason.strip():
            raise Invalid(
                "urgency_reason",
                Text(
                    f"회의 {needed}일 전까지 보낼 수 없으므로 긴급 사유를 적어 주십시오.",
                    f"It is too late for {needed} days' notice: write down the reason of urgency.",
                ),
            )
        sitting.agenda_sent_at = now
        sitting.urgency_reason = urgency_reason.strip() if ahead < needed else ""
        note_act(sitting, "send_agenda", who, {"days_ahead": ahead})
        _tell_members(sitting, now)


def _tell_members(sitting: Sitting, now: datetime) -> None:
    people = db.session.execute(
        sa.select(User.id, User.email, User.locale)
        .join(Seat, Seat.user_id == User.id)
        .where(Seat.programme == sitting.programme, Seat.ended_at.is_(None), User.disabled_at.is_(None))
    ).all()
    entry = entry_of(sitting)
    files = {lang: calendar_file([entry], entry.title, lang).decode("utf-8") for lang in ("ko", "en")}
    rows = [row for person in people for row in _rows(sitting, person, now, files)]
    if rows:
        db.session.execute(sa.insert(Delivery), rows)


def _rows(sitting: Sitting, person: Any, now: datetime, files: dict[str, str]) -> list[dict[str, Any]]:
    when = moment(sitting.starts_at, person.locale)
    if person.locale == "en":
        subject = f"Agenda of committee sitting no. {sitting.number}"
        body = (
            f"Time: {when}\nPlace: {sitting.place}\n\n"
            "Please read the agenda and declare your interests in each item before the sitting."
        )
    else:
        subject = f"제{sitting.number}차 위원회 안건 송부"
        body = (
            f"일시: {when}\n장소: {sitting.place}\n\n"
            "회의 전에 안건을 확인하고 안건마다 이해관계를 신고해 주시기 바랍니다."
        )
    common = {
        "case_id": None,
        "event_seq": None,
        "user_id": person.id,
        "lang": person.locale,
        "subject": subject,
        "body": body,
        "path": f"/sittings/{sitting.number}",
        "tries": 0,
        "try_at": now,
        "created_at": now,
    }
    return [
        {**common, "channel": "inbox", "address": "", "status": "sent", "sent_at": now, "calendar": None},
        {
            **common,
            "channel": "mail",
            "address": person.email,
            "status": "due",
            "sent_at": None,
            "calendar": files["en" if person.locale == "en" else "ko"],
        },
    ]
