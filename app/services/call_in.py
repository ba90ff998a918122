"""A member calls an item from a written deliberation into a meeting."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.models import Case
from app.queries.sittings import item_of
from app.services.act import act_once


def call_in(who: Viewer, number: str, reason: str, once: str = "") -> Case:
    """Back to the agenda: papers of the round stay on record and sealed, and the clerk moves it to a meeting.

    Raises as `act`: Refused where the rule allows it not, or without a reason.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = item_of(case)
        item.round, item.opened_at, item.called_in_at = item.round + 1, None, now
        return []

    data = {"reason": reason.strip(), "person": {"ko": who.name_ko, "en": who.name_en}}
    return act_once(who, number, "call_in", once, inputs={"in_reason": reason}, data=data, change=change)
