"""What tests of intake share: a draft that could be submitted, a small PDF, counters and their recount."""

import sqlalchemy as sa

from app.extensions import db
from app.models import Case, Counter
from tests.world import World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
PDF += b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
NOW = "2026-11-22T03:00:00+00:00"


def ready_draft(world: World, **columns: object) -> Case:
    """A draft that could be submitted, under the number that drafts have."""
    return world.case_in("DRAFT", **{"number": f"DRAFT-{world._next():010x}", **columns})


def counters() -> dict[tuple[int, str], int]:
    """(cycle, state) -> how many, by the counters; those at nought left out."""
    rows = db.session.execute(sa.select(Counter.cycle_id, Counter.state, Counter.n).where(Counter.n != 0))
    return {(row.cycle_id, row.state): row.n for row in rows}


def recount() -> dict[tuple[int, str], int]:
    """The same, counted."""
    rows = db.session.execute(sa.select(Case.cycle_id, Case.state, sa.func.count()).group_by(Case.cycle_id, Case.state))
    return {(row[0], row[1]): row[2] for row in rows}
