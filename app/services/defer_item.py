"""Defer an item: to a later sitting, or to a new round of the same one (lost quorum, another motion)."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.models import Case
from app.queries.sittings import item_of
from app.services.act import act_within
from app.services.item_seats import keep_item_seats
from app.services.table_case import coming, place_on


def defer_item(who: Viewer, number: str, sitting_number: int | None, reason: str, revision: int | None = None) -> Case:
    """Back to the agenda, with the reason. Ballots of the round stay on record and are never counted.

    Raises as `act`, and Invalid("sitting") for a sitting that is over.
    """
    with unit_of_work():

        def change(case: Case, now: datetime) -> list[Sealed]:
            item = item_of(case)
            sitting = coming(who, case, sitting_number)
            if sitting.id == item.sitting_id:
                item.round += 1
                item.opened_at = None
            else:
                item.closed_at = now
                keep_item_seats(who, item, place_on(who, sitting, case, item.not_recommended), sitting)
            return []

        return act_within(
            who,
            number,
            "defer",
            inputs={"in_reason": reason, "in_sitting": sitting_number},
            revision=revision,
            data={"reason": reason.strip(), "sitting": sitting_number},
            change=change,
        )
