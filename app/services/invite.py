"""Invite by mail: to act for an organisation, or to take up a role in a programme."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Invitation, Membership, Programme, User
from app.models.organisation import MEMBER_ROLES
from app.queries.accounts import ALL_PROGRAMMES, MEMBER_WORDS, ROLE_WORDS
from app.queries.people import hash_of
from app.security import throttle
from app.services import account_mail
from app.services.grant_role import check_role, must_administer
from app.services.members import managed
from app.services.sign_in import plain_address
from workflows.text import Text

DAYS = 7
PER_PERSON, MINUTES = 50, 60
MEMBER = Text("이미 이 기관의 구성원입니다.", "Already a member of this organisation.")


def invite_member(who: Viewer, organisation_id: int, email: str, role: str, lang: str) -> None:
    """Ask somebody to act for an organisation as signatory or delegate. `lang`: the language of the mail.

    Raises:
        NotFound, NotAllowed: see `members.managed`.
        Invalid: already a member.
        TooMany: too many invitations within the hour.
    """
    email = plain_address(email)
    if role not in MEMBER_ROLES:
        raise NotFound
    with unit_of_work():
        organisation = managed(who, organisation_id)
        throttle("invite", str(who.id), PER_PERSON, MINUTES)
        _not_yet_member(organisation_id, email)
        now = clock.now()
        _revoke_open(now, Invitation.organisation_id == organisation_id, Invitation.email == email)
        secret = _write(who, email, now, organisation_id=organisation_id, member_role=role)
        names = Text(organisation.name_ko or organisation.name_en, organisation.name_en or organisation.name_ko)
        account_mail.write(
            "invite_member", email, lang, now,
            link=f"/invitations/{secret}", inviter=who.name, organisation=names,
            role=MEMBER_WORDS[role], days=DAYS,
        )  # fmt: skip
    log.note("member_invited", organisation=organisation_id, role=role)


def invite_to_role(
    who: Viewer, email: str, role: str, programme: str | None, organisation_id: int | None, lang: str
) -> None:
    """Ask somebody to take up a role. `programme` None: in all of them.

    Raises:
        NotFound, NotAllowed: not an administrator of that programme.
        Invalid: the organisation does not fit the role.
        TooMany: too many invitations within the hour.
    """
    must_administer(who, programme)
    check_role(role, programme, organisation_id)
    email = plain_address(email)
    with unit_of_work():
        throttle("invite", str(who.id), PER_PERSON, MINUTES)
        now = clock.now()
        same = (Invitation.role == role, Invitation.programme.is_not_distinct_from(programme))
        _revoke_open(now, Invitation.email == email, *same)
        secret = _write(who, email, now, role=role, programme=programme, organisation_id=organisation_id)
        account_mail.write(
            "invite_role", email, lang, now,
            link=f"/invitations/{secret}", inviter=who.name, programme=_programme_name(programme),
            role=ROLE_WORDS[role], days=DAYS,
        )  # fmt: skip
    log.note("role_invited", role=role, programme=programme)


def revoke_invitation(who: Viewer, invitation_id: int) -> int | None:
    """Take an invitation back; its link no longer works. The organisation of a membership, None for a role.

    Raises:
        NotFound, NotAllowed: unknown, used, or not this person's to manage.
    """
    with unit_of_work():
        found = db.session.get(Invitation, invitation_id, with_for_update=True)
        if found is None or found.accepted_at or found.revoked_at:
            raise NotFound
        if found.member_role is not None and found.organisation_id is not None:
            managed(who, found.organisation_id)
        else:
            must_administer(who, found.programme)
        found.revoked_at = clock.now()
        organisation_id = found.organisation_id if found.member_role else None
    log.note("invitation_revoked", invitation=invitation_id)
    return organisation_id


def _write(
    who: Viewer,
    email: str,
    now: datetime,
    *,
    organisation_id: int | None = None,
    member_role: str | None = None,
    role: str | None = None,
    programme: str | None = None,
) -> str:
    secret = secrets.token_urlsafe(32)
    row = Invitation(
        token_hash=hash_of(secret),
        email=email,
        organisation_id=organisation_id,
        member_role=member_role,
        role=role,
        programme=programme,
        invited_by=who.id,
        invited_at=now,
        expires_at=now + timedelta(days=DAYS),
    )
    db.session.add(row)
    return secret


def _not_yet_member(organisation_id: int, email: str) -> None:
    held = (
        sa.select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(User.email == email, Membership.organisation_id == organisation_id, Membership.ended_at.is_(None))
    )
    if db.session.scalar(held):
        raise Invalid("email", MEMBER)


def _revoke_open(now: datetime, *which: sa.ColumnElement[bool]) -> None:
    """Only the newest invitation of the same kind to the same person holds."""
    db.session.execute(
        sa.update(Invitation)
        .where(*which, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _programme_name(key: str | None) -> Text:
    row = db.session.execute(sa.select(Programme.name_ko, Programme.name_en).where(Programme.key == key)).first()
    return Text(row.name_ko, row.name_en) if row else ALL_PROGRAMMES
