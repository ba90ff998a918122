"""K09c: note that an opinion did not come. It counts as no opinion: neither for nor against."""

from datetime import datetime

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import NotFound
from app.extensions import db
from app.models import Case, Opinion, Organisation
from app.services.act import act_once
from workflows.engine import Refused
from workflows.text import because


def note_no_opinion(who: Viewer, number: str, opinion_id: int, *, once: str | None = None) -> None:
    """Mark one overdue request as not answered. The body may still answer afterwards.

    Raises:
        Refused: answered, or its date has not passed.
    """
    opinion = db.session.get(Opinion, opinion_id)
    body = db.session.get(Organisation, opinion.organisation_id) if opinion else None
    if opinion is None or body is None:
        raise NotFound
    name = {"ko": body.name_ko or body.name_en, "en": body.name_en or body.name_ko}

    def change(case: Case, now: datetime) -> list[Sealed]:
        found = db.session.get(Opinion, opinion_id, with_for_update=True)
        if found is None or found.case_id != case.id:
            raise NotFound
        if found.replied_at is not None or found.noted_missing_at is not None:
            raise Refused(because("settled", "이미 정리된 의견 조회입니다.", "That request is settled already."))
        if found.due_on >= clock.today():
            raise Refused(because("opinion_running", "회신 기한이 지나지 않았습니다.", "Its date has not passed yet."))
        found.noted_missing_at = now
        return []

    act_once(who, number, "note_no_opinion", once=once, data={"bodies": [name]}, change=change)
