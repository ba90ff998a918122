"""How long each item of an agenda is expected to take; the times of the agenda follow from it."""

from collections.abc import Mapping

import sqlalchemy as sa

from app.authz import Viewer, visible
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import AgendaItem, Case
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from app.services.plan_sitting import refuse_ended
from workflows.text import Text

LEAST, MOST = 1, 480


def plan_times(who: Viewer, sitting_number: int, minutes: Mapping[int, int | None]) -> None:
    """Set the minutes of items (by id) of the sitting; items this person may not know of are left as they are.

    Raises:
        NotFound: not the clerk of this programme.
        Refused: the sitting is over.
        Invalid("minutes_<item>"): no whole number from 1 to 480.
    """
    with unit_of_work():
        sitting = sitting_for(who, sitting_number, lock=True, only="clerk")
        refuse_ended(sitting)
        line = sa.orm.aliased(AgendaItem)
        query = sa.select(line).join(Case, Case.id == line.case_id)
        items = {row.id: row for row in db.session.scalars(query.where(line.sitting_id == sitting.id, visible(who)))}
        for item_id in items.keys() & minutes.keys():
            wanted = minutes[item_id]
            if wanted is None or not LEAST <= wanted <= MOST:
                words = Text(f"{LEAST}분에서 {MOST}분 사이로 적어 주십시오.", f"From {LEAST} to {MOST} minutes.")
                raise Invalid(f"minutes_{item_id}", words)
            items[item_id].minutes = wanted
        note_act(sitting, "order", who, {"minutes": {str(row.id): row.minutes for row in items.values()}})
