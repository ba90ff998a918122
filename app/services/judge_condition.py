"""An officer judges a condition: the proof is accepted or sent back, or the condition was not met in time."""

from datetime import date

from app import clock
from app.authz import Viewer
from app.errors import Invalid
from app.models import Case
from app.services.condition_steps import NewStep, take
from workflows.text import Text


def accept_condition(
    who: Viewer, number: str, condition_id: int, reason: str, revision: int | None = None, once: str = ""
) -> Case:
    """The proof shows that the condition is met; why stands on the record. Raises as `take`."""
    return take(who, number, condition_id, "accept_condition", NewStep("accept", reason), once, revision)


def send_back_condition(
    who: Viewer,
    number: str,
    condition_id: int,
    reason: str,
    due: date | None,
    revision: int | None = None,
    once: str = "",
) -> Case:
    """The proof does not suffice: what is missing, and until when it may come (None: the date stays).

    Raises as `take`, and Invalid("due") for a date that has passed.
    """
    not_past(due)
    step = NewStep("send_back", reason, due)
    return take(who, number, condition_id, "send_back_condition", step, once, revision)


def breach_condition(
    who: Viewer, number: str, condition_id: int, reason: str, revision: int | None = None, once: str = ""
) -> Case:
    """The date has passed and the condition is not met: the finding, and what follows from it. Raises as `take`."""
    return take(who, number, condition_id, "breach_condition", NewStep("breach", reason), once, revision)


def carry_condition(
    who: Viewer, number: str, condition_id: int, reason: str, revision: int | None = None, once: str = ""
) -> Case:
    """The condition is followed elsewhere from here (the agreement on carrying the project out), with the reason.

    Raises as `take`.
    """
    return take(who, number, condition_id, "carry_condition", NewStep("carry", reason), once, revision)


def not_past(due: date | None) -> None:
    """Raise Invalid("due") for a date before tomorrow."""
    if due is not None and due <= clock.today():
        raise Invalid("due", Text("기한은 내일부터 정할 수 있습니다.", "The date must be tomorrow or later."))
