"""Take up an invitation: by the person it was sent to, signed in, or by a new one whose address it proves."""

from datetime import datetime

import sqlalchemy as sa

from app import clock, log, passwords
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotAllowed, NotFound
from app.extensions import db
from app.models import Invitation, Membership, User
from app.queries.people import hash_of
from app.services import grant_role, sessions
from app.services.account_settings import NAMELESS
from app.services.sign_in import SignedIn
from workflows.text import because

OTHER_PERSON = because(
    "other_address",
    "다른 주소로 보낸 초대입니다. 초대받은 주소의 계정으로 로그인하십시오.",
    "This invitation went to another address. Sign in with the account of that address.",
)


def accept(who: Viewer, secret: str) -> Invitation:
    """Take it up as the signed-in person.

    Raises:
        NotFound: unknown, used, revoked or too old.
        NotAllowed: it was sent to another address.
    """
    with unit_of_work():
        now = clock.now()
        found = _open(secret, now)
        if found.email != who.email:
            raise NotAllowed(OTHER_PERSON)
        _carry_out(found, who.id, now)
    _note(found, who.id)
    return found


def accept_as_new(
    secret: str, name_ko: str, name_en: str, password: str, locale: str, browser: str, address: str
) -> SignedIn:
    """Take it up as somebody without a confirmed account: the account is made, confirmed and signed in.

    Raises:
        NotFound: unknown, used, revoked or too old; or there is an account, which has to sign in.
        Invalid: no name, or the password is not accepted; the invitation stays good.
    """
    if not (name_ko.strip() or name_en.strip()):
        raise Invalid("name_ko", NAMELESS)
    if (fault := passwords.why_not(password)) is not None:
        raise Invalid("password", fault)
    kept = passwords.hashed(password)
    with unit_of_work():
        now = clock.now()
        found = _open(secret, now)
        user = db.session.scalar(sa.select(User).where(User.email == found.email).with_for_update())
        if user is not None and (user.confirmed_at is not None or user.disabled_at is not None):
            raise NotFound
        if user is None:
            user = User(email=found.email, created_at=now)
            db.session.add(user)
        user.name_ko, user.name_en, user.locale = name_ko.strip(), name_en.strip(), locale
        user.password_hash, user.confirmed_at = kept, now
        db.session.flush()
        _carry_out(found, user.id, now)
        token = sessions.begin(user.id, browser, address, now)
        signed_in = SignedIn(token, user.id, locale)
    _note(found, signed_in.user_id)
    return signed_in


def _open(secret: str, now: datetime) -> Invitation:
    found = db.session.scalar(
        sa.select(Invitation)
        .where(
            Invitation.token_hash == hash_of(secret),
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def _carry_out(found: Invitation, user_id: int, now: datetime) -> None:
    found.accepted_at = now
    if found.member_role is not None and found.organisation_id is not None:
        _join(user_id, found.organisation_id, found.member_role, now)
    elif found.role is not None:
        by = found.invited_by
        grant_role.put(user_id, found.role, found.programme, found.organisation_id, by, now)


def _join(user_id: int, organisation_id: int, role: str, now: datetime) -> None:
    """A person who has left before comes back into the same row (one row a person and organisation)."""
    pair = sa.select(Membership).where(Membership.user_id == user_id, Membership.organisation_id == organisation_id)
    member = db.session.scalar(pair)
    if member is None:
        member = Membership(user_id=user_id, organisation_id=organisation_id, role=role, since=now)
        db.session.add(member)
    elif member.ended_at is not None:
        member.role, member.since, member.ended_at = role, now, None


def _note(found: Invitation, user_id: int) -> None:
    log.note(
        "invitation_accepted",
        account=user_id,
        organisation=found.organisation_id,
        role=found.role or found.member_role,
        programme=found.programme,
    )
