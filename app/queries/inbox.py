"""A person's own notices as a list, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.extensions import db
from app.models import Delivery
from app.queries.notices import own_notices


@dataclass(frozen=True, slots=True)
class Page:
    """One page and the keys of its neighbours (None: there is none)."""

    rows: Sequence[Any]
    newer: int | None
    older: int | None


def inbox(who: Viewer, after: int | None = None, before: int | None = None, size: int = 25) -> Page:
    """Notices after the key `after` (older), or before the key `before` (newer). One statement."""
    up = before is not None
    query = (
        sa.select(Delivery.id, Delivery.subject, Delivery.body, Delivery.path, Delivery.created_at, Delivery.read_at)
        .where(own_notices(who))
        .order_by(Delivery.id if up else Delivery.id.desc())
        .limit(size + 1)
    )
    if before is not None:
        query = query.where(Delivery.id > before)
    elif after is not None:
        query = query.where(Delivery.id < after)
    rows = list(db.session.execute(query))
    more, rows = len(rows) > size, rows[:size]
    if up:
        rows.reverse()
    if not rows:
        return Page([], None, None)
    newer = rows[0].id if (more if up else after is not None) else None
    return Page(rows, newer, rows[-1].id if up or more else None)
