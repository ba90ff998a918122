"""Who is signed in, and who holds which role."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import current_app, session

from app import clock
from app.authz import Viewer
from app.db import read
from app.extensions import db
from app.models import LoginSession, Membership, RoleGrant, User


def hash_of(token: str) -> str:
    """How a secret sent to a person is kept."""
    return sha256(token.encode("utf-8")).hexdigest()


SIGNED_IN = (
    sa.select(LoginSession.id.label("session_id"), User.id, User.email, User.name_ko, User.name_en, User.locale)
    .join(User, User.id == LoginSession.user_id)
    .where(LoginSession.token_hash == sa.bindparam("token_hash"), LoginSession.ended_at.is_(None))
    .where(LoginSession.started_at > sa.bindparam("oldest"))
    .where(User.disabled_at.is_(None), User.confirmed_at.is_not(None))
)
"""The account and session of a cookie. Asked by every page, so built once."""
RIGHTS: sa.CompoundSelect[Any] = sa.union_all(
    sa.select(
        sa.literal("grant").label("kind"), RoleGrant.id, RoleGrant.role, RoleGrant.programme, RoleGrant.organisation_id
    ).where(RoleGrant.user_id == sa.bindparam("user"), RoleGrant.ended_at.is_(None)),
    sa.select(sa.literal("member"), Membership.id, Membership.role, sa.null(), Membership.organisation_id).where(
        Membership.user_id == sa.bindparam("user"), Membership.ended_at.is_(None)
    ),
)
"""What an account holds today. Asked by every page, so built once."""
MINUTE = 60


def viewer_by_token(token: str) -> Viewer | None:
    """The person whose cookie holds `token`, unless the session has ended, idled or grown too old."""
    now = clock.now()
    oldest = now - timedelta(hours=current_app.config["SESSION_HOURS"])
    row = read(SIGNED_IN, token_hash=hash_of(token), oldest=oldest).first()
    if row is None or _idle(now.timestamp()):
        return None
    rights = rights_of(row.id)
    return Viewer(
        id=row.id,
        email=row.email,
        name_ko=row.name_ko,
        name_en=row.name_en,
        locale=row.locale,
        session_id=row.session_id,
        token=token,
        grants=rights.grants,
        memberships=rights.memberships,
        speaks_for=rights.speaks_for,
    )


def _idle(now: float) -> bool:
    """Whether the browser was silent too long; the time last seen rides in the signed cookie (no write on GET).

    The cookie is written anew once a minute at most: signing it for every answer took 56 us.
    """
    seen = float(session.get("seen", now))
    if now - seen > float(current_app.config["SESSION_IDLE_MINUTES"]) * 60:
        for name in ("_user_id", "_fresh", "_id", "seen"):
            session.pop(name, None)
        return True
    if "seen" not in session or now - seen >= MINUTE:
        session["seen"] = int(now)
    return False


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person holds today."""

    grants: frozenset[tuple[str, str | None]]
    memberships: tuple[tuple[int, str], ...]
    speaks_for: frozenset[int]


def rights_of(user_id: int) -> Rights:
    """Roles and memberships of an account, in one statement."""
    rows: list[sa.Row[Any]] = sorted(read(RIGHTS, user=user_id), key=lambda row: (row.kind, row.id))
    grants = [row for row in rows if row.kind == "grant"]
    return Rights(
        frozenset((row.role, row.programme) for row in grants),
        tuple((row.organisation_id, row.role) for row in rows if row.kind == "member"),
        frozenset(r.organisation_id for r in grants if r.role == "opinion_giver" and r.organisation_id),
    )


def viewer_of(user: User) -> Viewer:
    """A viewer for `user` without a browser session (command line, worker, tests of services)."""
    rights = rights_of(user.id)
    return Viewer(
        id=user.id,
        email=user.email,
        name_ko=user.name_ko,
        name_en=user.name_en,
        locale=user.locale,
        session_id=0,
        token="",
        grants=rights.grants,
        memberships=rights.memberships,
        speaks_for=rights.speaks_for,
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
