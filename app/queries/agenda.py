"""What can come on an agenda, and in which order. Read only."""

from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from app.authz import Viewer, visible
from app.extensions import db
from app.models import AgendaItem, Case, Declaration, Ranking, Sitting
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
    """item -> members who have declared a conflict (the last declaration counts); one statement."""
    query = (
        sa.select(AgendaItem.id, Declaration.user_id, Declaration.answer)
        .join(Declaration, Declaration.case_id == AgendaItem.case_id)
        .where(AgendaItem.sitting_id == sitting.id, Declaration.capacity == "member")
        .order_by(Declaration.number)
    )
    said: dict[tuple[int, int], str] = {}
    for item_id, user_id, answer in db.session.execute(query):
        said[item_id, user_id] = answer
    out: dict[int, set[int]] = {}
    for (item_id, user_id), answer in said.items():
        if answer == "conflict":
            out.setdefault(item_id, set()).add(user_id)
    return {item_id: frozenset(people) for item_id, people in out.items()}


def proposed_order(sitting: Sitting) -> Order:
    """The order of the items still to be taken that needs the fewest comings and goings."""
    query = sa.select(AgendaItem.id).where(AgendaItem.sitting_id == sitting.id, AgendaItem.closed_at.is_(None))
    items = list(db.session.scalars(query.order_by(AgendaItem.position, AgendaItem.id)))
    return best_order(items, recusals_of(sitting))
