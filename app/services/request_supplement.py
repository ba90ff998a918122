"""K03: ask the applicant for a supplement (민원처리법 제22조). Every running clock stands still until the answer,
both the day sent and the day received out (행정절차법 시행령 제11조)."""

from collections.abc import Sequence
from datetime import date, datetime

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Supplement, SupplementItem
from app.services.act import act_once
from workflows.form_schema import load_form
from workflows.text import Text

Items = Sequence[tuple[str, str]]
"""(section key, what is missing and why)"""


def request_supplement(
    who: Viewer,
    number: str,
    items: Items,
    due_on: date,
    *,
    revision: int | None = None,
    once: str | None = None,
) -> None:
    """Send the request with its items and its date.

    Raises:
        Invalid: an item names no section of the form, or gives no reason.
        Refused: no items, or a date less than three days ahead.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        _check(case, items)
        store(case, items, due_on, 1, now)
        return []

    act_once(
        who,
        number,
        "request_supplement",
        once=once,
        revision=revision,
        inputs={"in_items": len(items), "in_days_ahead": (due_on - clock.today()).days},
        data={"due_on": due_on.isoformat(), "items": [{"section": s, "reason": r} for s, r in items]},
        change=change,
        due_on=due_on,
    )


def store(case: Case, items: Items, due_on: date, round_: int, now: datetime) -> Supplement:
    """The rows of one request."""
    asked = Supplement(case_id=case.id, round=round_, sent_at=now, due_on=due_on)
    db.session.add(asked)
    db.session.flush()
    db.session.add_all(
        SupplementItem(supplement_id=asked.id, section=section, reason=reason) for section, reason in items
    )
    return asked


def _check(case: Case, items: Items) -> None:
    sections = {section.key for section in load_form(case.definition_id, case.form_version).sections}
    for section, reason in items:
        if section not in sections:
            raise Invalid("items", Text("신청서에 없는 항목입니다.", "The form has no such section."))
        if not reason.strip():
            raise Invalid("items", Text("보완할 내용과 사유를 적어 주십시오.", "Write what is missing and why."))
