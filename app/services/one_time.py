"""Secrets sent by mail, each good for one use by one person for one purpose. Only their hash is stored."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app.errors import NotFound
from app.extensions import db
from app.models import Token
from app.queries.people import hash_of

CONFIRM, RESET = "confirm", "reset"


def issue(user_id: int, purpose: str, now: datetime) -> str:
    """A new secret; earlier ones of the same purpose stop working. Call inside a unit of work."""
    drop(user_id, purpose, now)
    secret = secrets.token_urlsafe(32)
    expires = now + timedelta(minutes=current_app.config["TOKEN_MINUTES"])
    db.session.add(Token(token_hash=hash_of(secret), user_id=user_id, purpose=purpose, expires_at=expires))
    return secret


def owner(secret: str, purpose: str, now: datetime) -> int:
    """Whose secret it is.

    Raises:
        NotFound: unknown, used, too old, or meant for something else: all answer alike.
    """
    found = db.session.scalar(
        sa.select(Token.user_id).where(
            Token.token_hash == hash_of(secret),
            Token.purpose == purpose,
            Token.used_at.is_(None),
            Token.expires_at > now,
        )
    )
    if found is None:
        raise NotFound
    return found


def use(secret: str, purpose: str, now: datetime) -> None:
    """Spend it; of two that come together one is refused. Call inside a unit of work.

    Raises:
        NotFound: it was spent in the meantime.
    """
    spent = (
        sa.update(Token)
        .where(Token.token_hash == hash_of(secret), Token.purpose == purpose)
        .where(Token.used_at.is_(None), Token.expires_at > now)
        .values(used_at=now)
        .returning(Token.id)
    )
    if db.session.scalar(spent) is None:
        raise NotFound


def drop(user_id: int, purpose: str, now: datetime) -> None:
    """Make every open secret of this purpose useless. Call inside a unit of work."""
    db.session.execute(
        sa.update(Token)
        .where(Token.user_id == user_id, Token.purpose == purpose, Token.used_at.is_(None))
        .values(used_at=now)
    )
