"""Who is signed in, and who holds which role."""

from collections.abc import Sequence
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


def _rights(whose: Any) -> tuple[Any, ...]:
    """What the account `whose` holds today, a row each: kind, id, role, programme, -, -, organisation."""
    none = sa.null()
    return (
        sa.select(
            sa.literal("grant").label("kind"), RoleGrant.id.label("id"), RoleGrant.role.label("a"),
            RoleGrant.programme.label("b"), none.label("c"), none.label("d"), RoleGrant.organisation_id.label("n"),
        ).where(RoleGrant.user_id == whose, RoleGrant.ended_at.is_(None)),
        sa.select(
            sa.literal("member"), Membership.id, Membership.role, none, none, none, Membership.organisation_id
        ).where(Membership.user_id == whose, Membership.ended_at.is_(None)),
    )  # fmt: skip


RIGHTS: sa.CompoundSelect[Any] = sa.union_all(*_rights(sa.bindparam("user")))
"""What an account holds."""
_SESSION = (
    sa.select(LoginSession.id.label("session_id"), LoginSession.user_id)
    .where(LoginSession.token_hash == sa.bindparam("token_hash"), LoginSession.ended_at.is_(None))
    .where(LoginSession.awaits_code.is_(False))
    .where(LoginSession.started_at > sa.bindparam("oldest"))
    .cte("signed_in")
)
SIGNED_IN: sa.CompoundSelect[Any] = sa.union_all(
    sa.select(
        sa.literal("account").label("kind"), User.id.label("id"), User.email.label("a"), User.name_ko.label("b"),
        User.name_en.label("c"), User.locale.label("d"), _SESSION.c.session_id.label("n"),
    ).join(_SESSION, _SESSION.c.user_id == User.id).where(User.disabled_at.is_(None), User.confirmed_at.is_not(None)),
    *_rights(sa.select(_SESSION.c.user_id).scalar_subquery()),
)  # fmt: skip
"""The account of a cookie and what it holds, in one statement. Asked by every page, so built once."""
MINUTE = 60


def viewer_by_token(token: str) -> Viewer | None:
    """The person whose cookie holds `token`, unless the session has ended, idled or grown too old."""
    now = clock.now()
    oldest = now - timedelta(hours=current_app.config["SESSION_HOURS"])
    rows = read(SIGNED_IN, token_hash=hash_of(token), oldest=oldest).all()
    row = next((row for row in rows if row.kind == "account"), None)
    if row is None or _idle(now.timestamp()):
        return None
    rights = _rights_in(rows)
    return Viewer(
        id=row.id,
        email=row.a,
        name_ko=row.b,
        name_en=row.c,
        locale=row.d,
        session_id=row.n,
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
    return _rights_in(read(RIGHTS, user=user_id).all())


def _rights_in(rows: Sequence[sa.Row[Any]]) -> Rights:
    grants = [row for row in rows if row.kind == "grant"]
    members = sorted((row.id, row.n, row.a) for row in rows if row.kind == "member")
    return Rights(
        frozenset((row.a, row.b) for row in grants),
        tuple((organisation, role) for _, organisation, role in members),
        frozenset(row.n for row in grants if row.a == "opinion_giver" and row.n),
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
    return list(db.session.scalars(holding(role, programme)))


def holding(role: str, programme: str) -> sa.Select[int]:
    """The same as a query, to be asked within another."""
    now_held = sa.and_(RoleGrant.role == role, RoleGrant.ended_at.is_(None))
    here = sa.or_(RoleGrant.programme.is_(None), RoleGrant.programme == programme)
    return (
        sa.select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(now_held, here, User.disabled_at.is_(None))
        .distinct()
        .order_by(RoleGrant.user_id)
    )
