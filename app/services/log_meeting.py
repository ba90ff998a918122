"""K12a: a consulting meeting on the record, after it was held."""

from datetime import date, datetime

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Meeting
from app.services.act import act_once
from workflows.text import Text


def log_meeting(
    who: Viewer, number: str, held_on: date, place: str, attendees: str, gist: str, *, once: str | None = None
) -> None:
    """Record who met where on which day (Seoul) and what came of it.

    Raises:
        Invalid: a day that has not come, or no gist.
    """
    if held_on > clock.today():
        raise Invalid("held_on", Text("회의가 열린 뒤에 기록해 주십시오.", "Log a meeting after it was held."))
    if not gist.strip():
        raise Invalid("gist", Text("논의한 내용을 적어 주십시오.", "Write what was discussed."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        db.session.add(
            Meeting(
                case_id=case.id,
                held_on=held_on,
                place=place,
                attendees=attendees,
                gist=gist,
                logged_by=who.id,
                logged_at=now,
            )
        )
        return []

    data = {"held_on": held_on.isoformat(), "place": place, "attendees": attendees, "gist": gist}
    act_once(who, number, "log_meeting", once=once, data=data, change=change)
