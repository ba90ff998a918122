"""What can come on an agenda, and in which order. Read only."""

from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from app.authz import Viewer, visible
from app.extensions import db
from app.models import AgendaItem, Case, Ranking, Seat, Sitting
from app.queries.standing import out_on
from workflows import schema
from workflows.agenda import Order, best_order
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Ready:
    """A case whose evaluation is closed and that stands on no agenda yet."""

    case: Case
    programme: Text
    total: Fraction
    below_cutoff: bool
    """Below the cut-off it can only be tabled as not recommended."""


def ready_cases(who: Viewer, programme: str) -> list[Ready]:
    """Evaluated cases of `programme` that wait for a sitting, the best of each cycle first."""
    ids = [d.id for d in schema.all_published() if d.programme == programme]
    newest = (
        sa.select(Ranking.case_id, sa.func.max(Ranking.id).label("id")).group_by(Ranking.case_id).subquery("newest")
    )
    query = (
        sa.select(Case, Ranking)
        .outerjoin(newest, newest.c.case_id == Case.id)
        .outerjoin(Ranking, Ranking.id == newest.c.id)
        .where(Case.state == "RANKED", Case.definition_id.in_(ids or [""]), visible(who))
        .order_by(Case.cycle_id, Case.number)
    )
    rows = db.session.execute(query).all()
    found = [
        Ready(
            case=case,
            programme=schema.load(case.definition_id, case.definition_version).label.text,
            total=Fraction(ranking.total if ranking else 0),
            below_cutoff=bool(ranking and ranking.below_cutoff),
        )
        for case, ranking in rows
    ]
    return sorted(found, key=lambda row: (row.case.cycle_id, row.below_cutoff, -row.total))


def recusals_of(sitting: Sitting) -> dict[int, frozenset[int]]:
    """item -> members who are out of it, by whatever of the three ways."""
    items = {
        case_id: item_id
        for item_id, case_id in db.session.execute(
            sa.select(AgendaItem.id, AgendaItem.case_id).where(AgendaItem.sitting_id == sitting.id)
        )
    }
    seated = sa.select(Seat.user_id).where(Seat.programme == sitting.programme, Seat.ended_at.is_(None))
    members = set(db.session.scalars(seated))
    return {items[case_id]: frozenset(people & members) for case_id, people in out_on(list(items)).items()}


def proposed_order(sitting: Sitting) -> Order:
    """The order of the items still to be taken that needs the fewest comings and goings."""
    query = sa.select(AgendaItem.id).where(AgendaItem.sitting_id == sitting.id, AgendaItem.closed_at.is_(None))
    items = list(db.session.scalars(query.order_by(AgendaItem.position, AgendaItem.id)))
    return best_order(items, recusals_of(sitting))
