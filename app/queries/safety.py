"""How safe an account is: whether it has a second factor, and when its password was last typed. Never writes."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.authz import Viewer
from app.extensions import db
from app.models import LoginSession, RecoveryCode, SecondFactor


def has_factor(user_id: int) -> bool:
    """Whether a code is asked for at sign-in."""
    query = sa.select(SecondFactor.id).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None))
    return db.session.scalar(query) is not None


def codes_left(user_id: int) -> int:
    """Recovery codes that were not used."""
    mine = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(*mine)) or 0


def must_have_factor(who: Viewer) -> bool:
    """Whether one of this person's roles asks for a second factor in this installation."""
    return any(who.has(role) for role in current_app.config["SECOND_FACTOR_ROLES"])


def proved_at(who: Viewer) -> datetime | None:
    """When the password was last typed in this session; None where there is no session."""
    query = sa.select(
        sa.func.coalesce(LoginSession.proved_at, LoginSession.started_at, type_=LoginSession.started_at.type)
    )
    return db.session.scalar(query.where(LoginSession.id == who.session_id))


def recently_proved(who: Viewer) -> bool:
    """Whether that was within PROOF_MINUTES."""
    typed = proved_at(who)
    return typed is not None and clock.now() - typed <= timedelta(minutes=current_app.config["PROOF_MINUTES"])
