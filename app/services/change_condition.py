"""A change of a condition: the applicant asks for another date, an officer grants or refuses it with the reason."""

from datetime import date

from app.authz import Viewer
from app.errors import Invalid
from app.models import Case
from app.queries.cases import case_for
from app.queries.conditions import followed_one
from app.services.condition_steps import NewStep, take
from app.services.judge_condition import not_past
from workflows.text import Text


def ask_condition_change(
    who: Viewer, number: str, condition_id: int, reason: str, due: date | None, once: str = ""
) -> Case:
    """Ask that a condition be due on `due` instead. Raises as `take`, and Invalid("due") for no date or a past one."""
    if due is None:
        raise Invalid("due", Text("바꾸려는 기한을 적어 주십시오.", "Give the date you ask for."))
    not_past(due)
    step = NewStep("ask_change", reason, due)
    return take(who, number, condition_id, "ask_condition_change", step, once)


def answer_condition_change(
    who: Viewer,
    number: str,
    condition_id: int,
    granted: bool | None,
    reason: str,
    due: date | None = None,
    revision: int | None = None,
    once: str = "",
) -> Case:
    """Grant the change (on `due`, or else on the date that was asked for) or refuse it.

    Raises as `take`, Invalid("granted") for neither and Invalid("due") for a date that has passed.
    """
    if granted is None:
        raise Invalid("granted", Text("승인 여부를 선택해 주십시오.", "Say whether it is granted."))
    if granted:
        not_past(due)
        due = due or _asked(who, number, condition_id)
        step = NewStep("grant_change", reason, due)
    else:
        step = NewStep("refuse_change", reason)
    return take(who, number, condition_id, "answer_condition_change", step, once, revision)


def _asked(who: Viewer, number: str, condition_id: int) -> date | None:
    """The date that was asked for last."""
    found = followed_one(case_for(who, number), condition_id)
    return next((one.step.due for one in reversed(found.steps) if one.step.act == "ask_change"), None)
