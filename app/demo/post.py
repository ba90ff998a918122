"""The post of the demo: what was sent long ago has arrived and mostly been read; a few notices lie unread."""

from collections import defaultdict
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.extensions import db
from app.models import Delivery

UNREAD = 3
"""Notices that each person has not yet opened, at most."""
RECENT = timedelta(days=12)


def deliver(now: datetime) -> None:
    """Mark all mails as sent, and all but the newest few notices of each person as read."""
    mails = sa.update(Delivery).where(Delivery.channel == "mail", Delivery.status == "due")
    db.session.execute(mails.values(status="sent", sent_at=Delivery.created_at, tries=1))
    query = sa.select(Delivery.id, Delivery.user_id, Delivery.created_at).where(Delivery.channel == "inbox")
    seen: dict[int | None, int] = defaultdict(int)
    read = []
    for row in db.session.execute(query.order_by(Delivery.created_at.desc(), Delivery.id.desc())):
        seen[row.user_id] += 1
        if seen[row.user_id] > UNREAD or row.created_at < now - RECENT:
            opened = min(row.created_at + timedelta(hours=2 + row.id % 20, minutes=row.id % 60), now)
            read.append({"id": row.id, "read_at": opened})
    if read:
        db.session.execute(sa.update(Delivery), read)
