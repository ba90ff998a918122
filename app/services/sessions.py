"""Sign-in sessions live on the server. The cookie holds a secret of 256 bits; ending the row ends it."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import LoginSession
from app.queries.people import hash_of


def begin(user_id: int, browser: str, address: str, now: datetime, awaits_code: bool = False) -> str:
    """A new session; the secret for its cookie. `awaits_code`: it opens nothing before the second factor.

    Call inside a unit of work.
    """
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        token_hash=hash_of(token),
        user_id=user_id,
        started_at=now,
        seen_at=now,
        browser=browser[:200],
        address=address[:64],
        awaits_code=awaits_code,
    )
    db.session.add(row)
    return token


def end_all(user_id: int, now: datetime, but: int | None = None) -> int:
    """End every session of a person, or all but one; how many. Call inside a unit of work."""
    running = sa.update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    if but is not None:
        running = running.where(LoginSession.id != but)
    return len(db.session.scalars(running.values(ended_at=now).returning(LoginSession.id)).all())


def end_own(who: Viewer, session_id: int) -> None:
    """End one's own session on another browser, or this one.

    Raises:
        NotFound: it is not one's own, or has ended.
    """
    with unit_of_work():
        mine = (
            sa.update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.user_id == who.id)
            .where(LoginSession.ended_at.is_(None))
            .values(ended_at=clock.now())
            .returning(LoginSession.id)
        )
        if db.session.scalar(mine) is None:
            raise NotFound
    log.note("session_ended", account=who.id, session=session_id)


def sign_out_everywhere(who: Viewer) -> None:
    """End all of one's own sessions, this one too."""
    with unit_of_work():
        count = end_all(who.id, clock.now())
    log.note("sessions_ended", account=who.id, count=count)
