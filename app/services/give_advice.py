"""K12b: the consultant gives one advice item on one section (or on the whole proposal)."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case
from app.models.consulting import Advice
from app.services.act import act_once
from workflows.form_schema import load_form
from workflows.text import Text


def give_advice(who: Viewer, number: str, section: str, text: str, *, once: str | None = None) -> None:
    """Add the item. `section`: a key of the form, or "" for the proposal as a whole.

    Raises:
        Invalid: no such section, or no text.
    """
    if not text.strip():
        raise Invalid("text", Text("자문 내용을 적어 주십시오.", "Write the advice."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        known = {s.key for s in load_form(case.definition_id, case.form_version).sections}
        if section and section not in known:
            raise Invalid("section", Text("신청서에 없는 항목입니다.", "The form has no such section."))
        db.session.add(Advice(case_id=case.id, section=section, text=text, given_at=now, given_by=who.id))
        return []

    act_once(who, number, "give_advice", once=once, data={"section": section, "advice": text}, change=change)
