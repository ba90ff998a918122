"""Put an evaluated case on the agenda of a coming sitting, and order the agenda."""

from datetime import datetime
from itertools import pairwise

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import AgendaItem, Case, Sitting
from app.queries.sittings import sitting_for
from app.services.act import act_within
from app.services.note_act import note_act
from app.services.plan_sitting import refuse_ended, refuse_open_item
from workflows import schema
from workflows.text import Text


def table_case(
    who: Viewer,
    number: str,
    sitting_number: int | None,
    not_recommended: bool = False,
    revision: int | None = None,
) -> Case:
    """Put the case on the agenda of the sitting `sitting_number`, last in order.

    An agenda that has been sent must be sent again. Raises as `act`, and Invalid("sitting") for a sitting
    that is over or of another programme.
    """
    with unit_of_work():
        return table_within(who, number, sitting_number, not_recommended, revision)


def table_within(
    who: Viewer, number: str, sitting_number: int | None, not_recommended: bool, revision: int | None = None
) -> Case:
    """`table_case` inside a unit of work that is already open (several cases at once)."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        place_on(who, coming(who, case, sitting_number), case, not_recommended)
        return []

    return act_within(
        who,
        number,
        "table",
        inputs={"in_sitting": sitting_number, "in_not_recommended": not_recommended},
        revision=revision,
        data={"sitting": sitting_number, "not_recommended": not_recommended},
        change=change,
    )


def coming(who: Viewer, case: Case, sitting_number: int | None) -> Sitting:
    """The sitting `sitting_number`, locked, if the case can still come on its agenda."""
    programme = schema.load(case.definition_id, case.definition_version).programme
    query = sa.select(Sitting).where(Sitting.number == sitting_number, Sitting.programme == programme)
    sitting = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if sitting is None or sitting.ended_at is not None:
        raise Invalid("sitting", Text("열릴 회의를 선택해 주십시오.", "Choose a coming sitting."))
    return sitting


def place_on(who: Viewer, sitting: Sitting, case: Case, not_recommended: bool) -> AgendaItem:
    """A new item at the end of the agenda; what was sent before does not count as the agenda any more."""
    query = sa.select(sa.func.max(AgendaItem.position)).where(AgendaItem.sitting_id == sitting.id)
    last = db.session.scalar(query) or 0
    item = AgendaItem(sitting_id=sitting.id, case_id=case.id, position=last + 1, not_recommended=not_recommended)
    db.session.add(item)
    if sitting.roll_called_at is None:
        sitting.agenda_sent_at = None
    note_act(sitting, "table", who, {"case": case.number, "position": item.position})
    return item


def move_up(who: Viewer, sitting_number: int, case_number: str) -> None:
    """Let an item change places with the one before it. Raises NotFound, or Refused while an item is open."""
    with unit_of_work():
        sitting = sitting_for(who, sitting_number, lock=True, only="clerk")
        refuse_ended(sitting)
        refuse_open_item(sitting)
        items = list(
            db.session.execute(
                sa.select(AgendaItem, Case.number)
                .join(Case, Case.id == AgendaItem.case_id)
                .where(AgendaItem.sitting_id == sitting.id)
                .order_by(AgendaItem.position)
            )
        )
        for (before, _), (item, number) in pairwise(items):
            if number == case_number:
                before.position, item.position = item.position, before.position
                note_act(sitting, "order", who, {"up": number})
