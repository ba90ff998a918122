"""Mark one's own notices as read. A notice of somebody else is not found."""

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Delivery
from app.queries.notices import own_notices


def read_notice(who: Viewer, notice_id: int) -> str:
    """Mark it as read (the first time counts); returns the page it is about.

    Raises:
        NotFound: no such notice of this person.
    """
    with unit_of_work():
        found = db.session.scalar(sa.select(Delivery).where(Delivery.id == notice_id, own_notices(who)))
        if found is None:
            raise NotFound
        found.read_at = found.read_at or clock.now()
        return found.path


def read_all_notices(who: Viewer) -> None:
    """Mark all of one's notices as read."""
    with unit_of_work():
        db.session.execute(
            sa.update(Delivery)
            .where(Delivery.user_id == who.id, Delivery.channel == "inbox", Delivery.read_at.is_(None))
            .values(read_at=clock.now())
        )
