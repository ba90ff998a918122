"""Open an item for voting: agenda, roll, declarations, quorum and motion are the guards' matter."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.models import Case
from app.queries.sittings import item_of
from app.services.act import act
from app.services.freeze_roster import freeze_roster, lock_sitting


def open_item(who: Viewer, number: str, revision: int | None = None) -> Case:
    """The chair opens the item: its roster is frozen, and from here members may vote. Raises as `act`."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = item_of(case)
        sitting = lock_sitting(item.sitting_id)
        rows = freeze_roster(sitting, case, item, now)
        item.opened_at = now
        return [*rows]

    return act(who, number, "open_item", revision=revision, change=change)
