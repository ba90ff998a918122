"""Move an item that was not resolved to another sitting: called in, short of members, or left over at the end."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid
from app.models import Case
from app.queries.sittings import item_of
from app.services.act import act_within
from app.services.item_seats import keep_item_seats
from app.services.table_case import coming, place_on
from workflows.text import Text


def retable(who: Viewer, number: str, sitting_number: int | None, reason: str, revision: int | None = None) -> Case:
    """The clerk puts the item on the agenda of the sitting `sitting_number`; its motion is put anew there.

    Raises as `act`, and Invalid("sitting") for a sitting that is over or that has the item already.
    """
    with unit_of_work():

        def change(case: Case, now: datetime) -> list[Sealed]:
            item, sitting = item_of(case), coming(who, case, sitting_number)
            if sitting.id == item.sitting_id:
                raise Invalid("sitting", Text("지금과 다른 회의를 선택해 주십시오.", "Choose another sitting."))
            item.closed_at = now
            keep_item_seats(who, item, place_on(who, sitting, case, item.not_recommended), sitting)
            return []

        return act_within(
            who,
            number,
            "retable",
            {"in_sitting": sitting_number, "in_reason": reason},
            revision,
            {"sitting": sitting_number, "reason": reason.strip()},
            change,
        )
