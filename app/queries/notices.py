"""A person's own notices."""

import sqlalchemy as sa

from app.authz import Viewer
from app.extensions import db
from app.models import Delivery


def unread_count(who: Viewer) -> int:
    """How many notices this person has not read; counted up to 99."""
    query = (
        sa.select(Delivery.id)
        .where(Delivery.user_id == who.id, Delivery.channel == "inbox", Delivery.read_at.is_(None))
        .limit(99)
    )
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
