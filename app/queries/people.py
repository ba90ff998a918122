"""Who is signed in, and who holds which role."""

from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa
from flask import current_app, session

from app import clock
from app.authz import Viewer
from app.extensions import db
from app.models import LoginSession, Membership, RoleGrant, User


def hash_of(token: str) -> str:
    """How a secret sent to a person is kept."""
    return sha256(token.encode("utf-8")).hexdigest()


def viewer_by_token(token: str) -> Viewer | None:
    """The person whose cookie holds `token`, unless the session has ended, idled or grown too old."""
    now = clock.now()
    oldest = now - timedelta(hours=current_app.config["SESSION_HOURS"])
    row = db.session.execute(
        sa.select(
            LoginSession.id.label("session_id"),
            User.id,
            User.email,
            User.name_ko,
            User.name_en,
            User.locale,
        )
        .join(User, User.id == LoginSession.user_id)
        .where(LoginSession.token_hash == hash_of(token), LoginSession.ended_at.is_(None))
        .where(LoginSession.started_at > oldest, User.disabled_at.is_(None), User.confirmed_at.is_not(None))
    ).first()
    if row is None or _idle(now.timestamp()):
        return None
    grants, speaks_for = _grants(row.id)
    return Viewer(
        id=row.id,
        email=row.email,
        name_ko=row.name_ko,
        name_en=row.name_en,
        locale=row.locale,
        session_id=row.session_id,
        token=token,
        grants=grants,
        memberships=_memberships(row.id),
        speaks_for=speaks_for,
    )


def _idle(now: float) -> bool:
    """Whether the browser was silent too long; the time last seen rides in the signed cookie (no write on GET)."""
    seen = float(session.get("seen", now))
    session["seen"] = int(now)
    return now - seen > float(current_app.config["SESSION_IDLE_MINUTES"]) * 60


def _grants(user_id: int) -> tuple[frozenset[tuple[str, str | None]], frozenset[int]]:
    rows = db.session.execute(
        sa.select(RoleGrant.role, RoleGrant.programme, RoleGrant.organisation_id).where(
            RoleGrant.user_id == user_id, RoleGrant.ended_at.is_(None)
        )
    ).all()
    speaks = frozenset(row.organisation_id for row in rows if row.role == "opinion_giver" and row.organisation_id)
    return frozenset((row.role, row.programme) for row in rows), speaks


def _memberships(user_id: int) -> tuple[tuple[int, str], ...]:
    rows = db.session.execute(
        sa.select(Membership.organisation_id, Membership.role)
        .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    ).all()
    return tuple((row.organisation_id, row.role) for row in rows)


def viewer_of(user: User) -> Viewer:
    """A viewer for `user` without a browser session (command line, worker, tests of services)."""
    grants, speaks_for = _grants(user.id)
    return Viewer(
        id=user.id,
        email=user.email,
        name_ko=user.name_ko,
        name_en=user.name_en,
        locale=user.locale,
        session_id=0,
        token="",
        grants=grants,
        memberships=_memberships(user.id),
        speaks_for=speaks_for,
    )


def holders(role: str, programme: str) -> list[int]:
    """The accounts that hold `role` in `programme`."""
    now_held = sa.and_(RoleGrant.role == role, RoleGrant.ended_at.is_(None))
    here = sa.or_(RoleGrant.programme.is_(None), RoleGrant.programme == programme)
    rows = db.session.scalars(
        sa.select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(now_held, here, User.disabled_at.is_(None))
        .distinct()
        .order_by(RoleGrant.user_id)
    )
    return list(rows)
