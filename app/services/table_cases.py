"""Put several evaluated cases on one agenda together, and bring its items into the order that is easiest to sit."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import AgendaItem
from app.queries.agenda import proposed_order, ready_cases
from app.queries.cases import case_for
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from app.services.plan_sitting import refuse_ended, refuse_open_item
from app.services.table_case import table_within
from workflows.agenda import Order
from workflows.text import Text


def table_cases(who: Viewer, sitting_number: int, numbers: Sequence[str]) -> int:
    """Table the ready cases `numbers`, in the order of the list that offers them; all or none; how many.

    Those below the cut-off are tabled as not recommended. Raises as `table_case`, and Invalid("numbers") for
    none or for a case that is not ready.
    """
    with unit_of_work():
        sitting = sitting_for(who, sitting_number, only="clerk")
        for number in sorted(set(numbers)):  # locked in one order, and before the sitting, as one alone is
            case_for(who, number, lock=True)
        ready = [row for row in ready_cases(who, sitting.programme) if row.case.number in numbers]
        if not ready or len(ready) != len(set(numbers)):
            raise Invalid("numbers", Text("상정할 안건을 선택해 주십시오.", "Choose what is to be tabled."))
        for row in ready:
            table_within(who, row.case.number, sitting_number, row.below_cutoff)
        return len(ready)


def order_by_recusals(who: Viewer, sitting_number: int) -> Order:
    """Bring the items not yet taken into the order with the fewest comings and goings; the places of others stay.

    Raises NotFound; Refused when the sitting is over or an item is open.
    """
    with unit_of_work():
        sitting = sitting_for(who, sitting_number, lock=True, only="clerk")
        refuse_ended(sitting)
        refuse_open_item(sitting)
        order = proposed_order(sitting)
        rows = {row.id: row for row in db.session.scalars(sa.select(AgendaItem).where(AgendaItem.id.in_(order.items)))}
        places = sorted(row.position for row in rows.values())
        for item_id, position in zip(order.items, places, strict=True):
            rows[item_id].position = position
        note_act(sitting, "order", who, {"items": list(order.items)})
        return order
