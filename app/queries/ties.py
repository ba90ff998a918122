"""A person's ties as they stand, and when he said that the list is complete."""

from datetime import datetime

import sqlalchemy as sa

from app.extensions import db
from app.models import Affiliation, TiesStated


def ties_of(person: int) -> list[Affiliation]:
    """The ties that were not withdrawn, those that last first."""
    query = sa.select(Affiliation).where(Affiliation.user_id == person, Affiliation.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Affiliation.until.is_not(None), Affiliation.id)))


def stated_on(person: int) -> datetime | None:
    """When the person last said that this is all, or None."""
    return db.session.scalar(sa.select(TiesStated.stated_at).where(TiesStated.user_id == person))
