"""Roles in programmes: given and ended by administrators, never deleted: who held what when stays known."""

from datetime import datetime

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotAllowed, NotFound
from app.extensions import db
from app.models import Organisation, Programme, RoleGrant, User
from app.models.people import ROLES
from workflows.text import Text, because

HELD = Text("이미 맡고 있는 역할입니다.", "This role is already held.")
FOR_WHOM = Text("어느 기관의 의견을 내는지 고르십시오.", "Choose the organisation whose opinion is given.")
NOT_FOR_THIS_ROLE = Text("기관은 의견 제출자에게만 정합니다.", "Only an opinion-giver speaks for an organisation.")
OUTSIDE = because(
    "other_programme",
    "맡은 사업의 역할만 정할 수 있습니다.",
    "You may only give roles of a programme you administer.",
)
SELF = because(
    "own_admin_role",
    "자신의 관리자 역할은 스스로 끝낼 수 없습니다. 다른 관리자가 끝낼 수 있습니다.",
    "You cannot end your own administrator role; another administrator can.",
)


def administers(who: Viewer, programme: str | None) -> bool:
    """Whether this administrator's own role covers `programme` (None: all programmes)."""
    return any(role == "admin" and (p is None or p == programme) for role, p in who.grants)


def must_administer(who: Viewer, programme: str | None) -> None:
    """Refuse who is no administrator at all as unknown, and one of another programme with the reason.

    Raises:
        NotFound, NotAllowed: as said.
    """
    if not who.has("admin"):
        raise NotFound
    if not administers(who, programme):
        raise NotAllowed(OUTSIDE)


def check_role(role: str, programme: str | None, organisation_id: int | None) -> None:
    """Refuse a role that does not exist or does not fit. Call before giving it or inviting to it.

    Raises:
        NotFound: no such role, programme or organisation.
        Invalid: an opinion-giver without an organisation, or another role with one.
    """
    if role not in ROLES:
        raise NotFound
    if programme is not None and not db.session.scalar(sa.select(Programme.id).where(Programme.key == programme)):
        raise NotFound
    if role == "opinion_giver" and organisation_id is None:
        raise Invalid("organisation", FOR_WHOM)
    if role != "opinion_giver" and organisation_id is not None:
        raise Invalid("organisation", NOT_FOR_THIS_ROLE)
    if organisation_id is not None and db.session.get(Organisation, organisation_id) is None:
        raise NotFound


def grant_role(who: Viewer, user_id: int, role: str, programme: str | None, organisation_id: int | None = None) -> None:
    """Give a role from now on. `programme` None: in all of them.

    Raises:
        NotFound, NotAllowed: not an administrator of that programme, or no such account.
        Invalid: held already, or the organisation does not fit the role.
    """
    must_administer(who, programme)
    check_role(role, programme, organisation_id)
    with unit_of_work():
        if db.session.get(User, user_id, with_for_update=True) is None:
            raise NotFound
        put(user_id, role, programme, organisation_id, who.id, clock.now())
    log.note("role_granted", account=user_id, role=role, programme=programme, organisation=organisation_id)


def put(user_id: int, role: str, programme: str | None, organisation_id: int | None, by: int, now: datetime) -> None:
    """Write the grant unless it is held. Call inside a unit of work.

    Raises:
        Invalid: held already.
    """
    held = sa.select(RoleGrant.id).where(
        RoleGrant.user_id == user_id,
        RoleGrant.role == role,
        RoleGrant.programme.is_not_distinct_from(programme),
        RoleGrant.organisation_id.is_not_distinct_from(organisation_id),
        RoleGrant.ended_at.is_(None),
    )
    if db.session.scalar(held):
        raise Invalid("role", HELD)
    row = RoleGrant(
        user_id=user_id,
        role=role,
        programme=programme,
        organisation_id=organisation_id,
        granted_at=now,
        granted_by=by,
    )
    db.session.add(row)


def end_grant(who: Viewer, grant_id: int) -> None:
    """End a role; it no longer holds at the person's next request.

    Raises:
        NotFound, NotAllowed: unknown or ended, another programme's, or one's own administrator role.
    """
    with unit_of_work():
        found = db.session.get(RoleGrant, grant_id, with_for_update=True)
        if found is None or found.ended_at is not None:
            raise NotFound
        must_administer(who, found.programme)
        if found.role == "admin" and found.user_id == who.id:
            raise NotAllowed(SELF)
        found.ended_at = clock.now()
        facts = {"account": found.user_id, "role": found.role, "programme": found.programme}
    log.note("role_ended", **facts)
