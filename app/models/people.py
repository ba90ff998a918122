"""Accounts, their sessions on the server, their roles in programmes, and the tokens they are sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered

ROLES = (
    "officer",
    "consultant",
    "evaluator",
    "clerk",
    "member",
    "opinion_giver",
    "minister",
    "auditor",
    "admin",
)


class User(Numbered, Base):
    """A person with an account."""

    __tablename__ = "account"

    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name_ko: Mapped[str] = mapped_column(sa.String(120), default="")
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    locale: Mapped[str] = mapped_column(sa.String(2), default="ko")
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LoginSession(Numbered, Base):
    """One signed-in browser. The cookie holds the token; only its hash is stored."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    """When the password was last typed again in this session; None: at its start."""
    awaits_code: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """The password was right and the second factor is still to come: the session opens nothing yet."""
    browser: Mapped[str] = mapped_column(sa.String(200), default="")
    address: Mapped[str] = mapped_column(sa.String(64), default="")


class SecondFactor(Numbered, Base):
    """The key that an account's authenticator shares (RFC 6238), sealed; it counts once a code has confirmed it."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), unique=True)
    sealed: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last code taken: no code is taken twice."""


class RecoveryCode(Numbered, Base):
    """A code for the day the authenticator is lost; taken once. Only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.UniqueConstraint("user_id", "code_hash"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None]


class RoleGrant(Numbered, Base):
    """A role in a programme (or in all of them), from a day to a day."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.CheckConstraint("role IN ({})".format(", ".join(f"'{r}'" for r in ROLES)), name="role"),
        sa.Index(None, "user_id", "role"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(sa.String(20))
    programme: Mapped[str | None] = mapped_column(sa.String(40))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]


class Token(Numbered, Base):
    """A link sent by mail: confirm an address, or reset a password. Used once, and not for long."""

    __tablename__ = "token"

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    purpose: Mapped[str] = mapped_column(sa.String(20))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Numbered, Base):
    """Somebody is asked to join an organisation or to take up a role."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    member_role: Mapped[str | None] = mapped_column(sa.String(20))
    role: Mapped[str | None] = mapped_column(sa.String(20))
    programme: Mapped[str | None] = mapped_column(sa.String(40))
    invited_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Attempt(Numbered, Base):
    """One try at something that is throttled (sign-in, reset, upload), by a hashed key."""

    __tablename__ = "attempt"
    __table_args__ = (sa.Index(None, "what", "key", "at"),)

    what: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
