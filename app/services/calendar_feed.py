"""A member's calendar feed: a new secret address, or none any more."""

import secrets

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import CalendarFeed
from app.queries.people import hash_of
from app.queries.sittings import READERS


def new_feed(who: Viewer, lang: str) -> str:
    """Make a feed in `lang`; the earlier address stops working. Gives the secret, which is stored nowhere.

    Raises NotFound for who reads no sittings.
    """
    if not any(who.has(role) for role in READERS):
        raise NotFound
    secret = secrets.token_urlsafe(32)
    with unit_of_work():
        _revoke(who)
        now = clock.now()
        db.session.add(
            CalendarFeed(token_hash=hash_of(secret), user_id=who.id, lang="en" if lang == "en" else "ko", made_at=now)
        )
    log.note("calendar_feed", account=who.id, act="made")
    return secret


def revoke_feed(who: Viewer) -> None:
    """Take the address back; nothing happens where there is none."""
    with unit_of_work():
        _revoke(who)
    log.note("calendar_feed", account=who.id, act="revoked")


def _revoke(who: Viewer) -> None:
    mine = (CalendarFeed.user_id == who.id, CalendarFeed.revoked_at.is_(None))
    db.session.execute(sa.update(CalendarFeed).where(*mine).values(revoked_at=clock.now()))
