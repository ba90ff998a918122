"""Mark one's own notices as read. A notice of somebody else is not found."""

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Delivery


def read_notice(who: Viewer, notice_id: int) -> str:
    """Mark it as read (the first time counts); returns the page it is about.

    Raises:
        NotFound: no such notice of this person.
    """
    with unit_of_work():
        found = db.session.get(Delivery, notice_id)
        if found is None or found.user_id != who.id or found.channel != "inbox":
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
