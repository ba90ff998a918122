"""Accounts, organisations and invitations as their pages read them. Every read asks the viewer's right."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.authz import Viewer
from app.errors import NotFound
from app.extensions import db
from app.models import (
    Delivery,
    Invitation,
    LoginSession,
    Membership,
    Organisation,
    Programme,
    RoleGrant,
    User,
)
from app.models.organisation import KINDS
from app.queries.people import hash_of
from workflows.text import Text

ALL_PROGRAMMES = Text("모든 사업", "All programmes")
ROLE_WORDS = {
    "officer": Text("담당관", "Officer"),
    "consultant": Text("컨설턴트", "Consultant"),
    "evaluator": Text("평가위원", "Evaluator"),
    "clerk": Text("위원회 간사", "Committee clerk"),
    "member": Text("위원", "Committee member"),
    "opinion_giver": Text("의견 제출자", "Opinion-giver"),
    "minister": Text("장관", "Minister"),
    "auditor": Text("감사 담당자", "Auditor"),
    "admin": Text("시스템 관리자", "Administrator"),
}
MEMBER_WORDS = {"signatory": Text("서명권자", "Signatory"), "delegate": Text("실무 담당자", "Delegate")}
KIND_WORDS = dict(
    zip(
        KINDS,
        (
            Text("중앙정부", "Central government"),
            Text("지방정부", "Local government"),
            Text("공공기관", "Public institution"),
            Text("국제기구", "International organisation"),
            Text("대학", "University"),
            Text("기업", "Company"),
            Text("중앙행정기관", "Ministry"),
            Text("재외공관", "Diplomatic mission"),
            Text("해외무역관", "Trade centre"),
            Text("사무국", "Secretariat"),
        ),
        strict=True,
    )
)
SIZE_WORDS = {
    "small": Text("소기업", "Small"),
    "medium": Text("중기업", "Medium"),
    "mid_sized": Text("중견기업", "Mid-sized"),
    "large": Text("대기업", "Large"),
    "non_profit": Text("비영리기관", "Non-profit"),
}

Rows = Sequence[Any]
"""Rows whose columns each docstring names."""


def must_be_admin(who: Viewer) -> None:
    """Administration does not exist for anybody else.

    Raises:
        NotFound: no administrator.
    """
    if not who.has("admin"):
        raise NotFound


def own_sessions(who: Viewer) -> Rows:
    """One's running sessions, newest first: id, started_at, browser, address."""
    return _sessions(who.id)


def _sessions(user_id: int) -> Rows:
    oldest = clock.now() - timedelta(hours=current_app.config["SESSION_HOURS"])
    return db.session.execute(
        sa.select(LoginSession.id, LoginSession.started_at, LoginSession.browser, LoginSession.address)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), LoginSession.started_at > oldest)
        .order_by(LoginSession.id.desc())
        .limit(100)
    ).all()


def own_organisations(who: Viewer) -> Rows:
    """The organisations one acts for: id, name_ko, name_en, kind, country, role."""
    return db.session.execute(
        sa.select(
            Organisation.id,
            Organisation.name_ko,
            Organisation.name_en,
            Organisation.kind,
            Organisation.country,
            Membership.role,
        )
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == who.id, Membership.ended_at.is_(None))
        .order_by(Organisation.id)
    ).all()


def organisation_for(who: Viewer, organisation_id: int) -> Organisation:
    """The organisation, for its members and for administrators.

    Raises:
        NotFound: not there, or not this person's.
    """
    found = db.session.get(Organisation, organisation_id)
    if found is None or not (organisation_id in who.organisations or who.has("admin")):
        raise NotFound
    return found


def may_manage(who: Viewer, organisation_id: int) -> bool:
    """Whether this person manages the members: a signatory, or an administrator."""
    return who.has("admin") or dict(who.memberships).get(organisation_id) == "signatory"


def members_of(organisation: Organisation) -> Rows:
    """Everyone who acts or acted for it, running ones first: id, user_id, names, email, role, from, until."""
    return db.session.execute(
        sa.select(
            Membership.id,
            Membership.user_id,
            Membership.role,
            Membership.since,
            Membership.ended_at,
            User.name_ko,
            User.name_en,
            User.email,
        )
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation.id)
        .order_by(Membership.ended_at.is_not(None), Membership.id)
    ).all()


def open_invitations(organisation_id: int | None) -> Rows:
    """Invitations not yet taken up: to an organisation's membership, or (None) to roles."""
    which: sa.ColumnElement[bool] = Invitation.role.is_not(None)
    if organisation_id is not None:
        which = sa.and_(Invitation.organisation_id == organisation_id, Invitation.member_role.is_not(None))
    return db.session.execute(
        sa.select(
            Invitation.id,
            Invitation.email,
            Invitation.member_role,
            Invitation.role,
            Invitation.programme,
            Invitation.invited_at,
            Invitation.expires_at,
        )
        .where(which, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .where(Invitation.expires_at > clock.now())
        .order_by(Invitation.id.desc())
        .limit(200)
    ).all()


def invitation_by_secret(secret: str) -> Any:
    """What the holder of the link may read: to what, by whom, and whether the address has an account.

    Raises:
        NotFound: unknown, used, revoked or too old.
    """
    inviter = sa.orm.aliased(User)
    has_account = sa.exists().where(User.email == Invitation.email, User.confirmed_at.is_not(None))
    found = db.session.execute(
        sa.select(
            Invitation.email,
            Invitation.member_role,
            Invitation.role,
            Invitation.expires_at,
            Invitation.organisation_id,
            Organisation.name_ko.label("organisation_ko"),
            Organisation.name_en.label("organisation_en"),
            Programme.name_ko.label("programme_ko"),
            Programme.name_en.label("programme_en"),
            inviter.name_ko.label("inviter_ko"),
            inviter.name_en.label("inviter_en"),
            has_account.label("has_account"),
        )
        .join(inviter, inviter.id == Invitation.invited_by)
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Programme, Programme.key == Invitation.programme)
        .where(Invitation.token_hash == hash_of(secret), Invitation.expires_at > clock.now())
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    ).first()
    if found is None:
        raise NotFound
    return found


# Administration ---------------------------------------------------------------------------------------------


def _containing(words: str, *columns: Any) -> sa.ColumnElement[bool]:
    """Any of the columns contains what was typed; % and _ are only characters."""
    return sa.or_(*(column.icontains(words, autoescape=True) for column in columns))


def people(who: Viewer, words: str = "", role: str = "", before: int | None = None) -> tuple[Rows, int | None]:
    """A page of accounts, newest first, and where the next page starts. `before`: ids below it."""
    must_be_admin(who)
    query = sa.select(User.id, User.email, User.name_ko, User.name_en, User.confirmed_at, User.disabled_at)
    if words:
        query = query.where(_containing(words, User.email, User.name_ko, User.name_en))
    if role in ROLE_WORDS:
        held = sa.exists().where(RoleGrant.user_id == User.id, RoleGrant.role == role, RoleGrant.ended_at.is_(None))
        query = query.where(held)
    return _page(query, User.id, before)


def _page(query: Any, key: Any, before: int | None) -> tuple[Rows, int | None]:
    size = int(current_app.config["PAGE_SIZE"])
    if before is not None:
        query = query.where(key < before)
    rows = db.session.execute(query.order_by(key.desc()).limit(size + 1)).all()
    return rows[:size], rows[size - 1].id if len(rows) > size else None


def roles_of(user_ids: Sequence[int]) -> dict[int, list[str]]:
    """The roles that several people hold now."""
    found: dict[int, list[str]] = {user_id: [] for user_id in user_ids}
    rows = db.session.execute(
        sa.select(RoleGrant.user_id, RoleGrant.role)
        .where(RoleGrant.user_id.in_(list(user_ids)), RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.id)
    )
    for row in rows:
        if row.role not in found[row.user_id]:
            found[row.user_id].append(row.role)
    return found


def person(who: Viewer, user_id: int) -> User:
    """An account.

    Raises:
        NotFound: no administrator asks, or there is none.
    """
    must_be_admin(who)
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound
    return found


def grants_of(who: Viewer, user_id: int) -> Rows:
    """Every role ever given to a person, running ones first, with dates and who gave it."""
    must_be_admin(who)
    giver = sa.orm.aliased(User)
    return db.session.execute(
        sa.select(
            RoleGrant.id,
            RoleGrant.role,
            RoleGrant.programme,
            RoleGrant.granted_at,
            RoleGrant.ended_at,
            Organisation.name_ko.label("organisation_ko"),
            Organisation.name_en.label("organisation_en"),
            giver.name_ko.label("giver_ko"),
            giver.name_en.label("giver_en"),
        )
        .outerjoin(giver, giver.id == RoleGrant.granted_by)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(RoleGrant.user_id == user_id)
        .order_by(RoleGrant.ended_at.is_not(None), RoleGrant.id.desc())
    ).all()


def sessions_of(who: Viewer, user_id: int) -> Rows:
    """A person's running sessions."""
    must_be_admin(who)
    return _sessions(user_id)


def memberships_of(who: Viewer, user_id: int) -> Rows:
    """The organisations a person acts or acted for."""
    must_be_admin(who)
    return db.session.execute(
        sa.select(
            Organisation.id,
            Organisation.name_ko,
            Organisation.name_en,
            Membership.role,
            Membership.since,
            Membership.ended_at,
        )
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.ended_at.is_not(None), Membership.id)
    ).all()


def organisations(who: Viewer, words: str = "", kind: str = "", before: int | None = None) -> tuple[Rows, int | None]:
    """A page of organisations, newest first, with their running members counted."""
    must_be_admin(who)
    members = (
        sa.select(sa.func.count())
        .where(Membership.organisation_id == Organisation.id, Membership.ended_at.is_(None))
        .scalar_subquery()
    )
    query = sa.select(
        Organisation.id,
        Organisation.name_ko,
        Organisation.name_en,
        Organisation.kind,
        Organisation.country,
        members.label("members"),
    )
    if words:
        query = query.where(_containing(words, Organisation.name_ko, Organisation.name_en))
    if kind in KIND_WORDS:
        query = query.where(Organisation.kind == kind)
    return _page(query, Organisation.id, before)


def opinion_bodies(who: Viewer) -> Rows:
    """Organisations whose opinion may be asked: id, name_ko, name_en."""
    must_be_admin(who)
    kinds = ("ministry", "embassy", "trade_centre", "secretariat", "central_government", "local_government")
    return db.session.execute(
        sa.select(Organisation.id, Organisation.name_ko, Organisation.name_en)
        .where(Organisation.kind.in_((*kinds, "public_institution")))
        .order_by(Organisation.name_ko, Organisation.id)
        .limit(500)
    ).all()


def overview(who: Viewer) -> dict[str, int]:
    """What the first page of administration counts. One statement."""
    must_be_admin(who)
    now = clock.now()
    row = db.session.execute(
        sa.select(
            _count(User, User.disabled_at.is_(None), User.confirmed_at.is_not(None)).label("people"),
            _count(User, User.disabled_at.is_not(None)).label("disabled"),
            _count(Organisation).label("organisations"),
            _count(
                Invitation,
                Invitation.accepted_at.is_(None),
                Invitation.revoked_at.is_(None),
                Invitation.expires_at > now,
            ).label("invitations"),
            _count(Delivery, Delivery.channel == "mail", Delivery.status.in_(("due", "failed"))).label("unsent"),
        )
    ).one()
    return {key: int(value) for key, value in row._mapping.items()}


def _count(model: Any, *conditions: Any) -> Any:
    return sa.select(sa.func.count()).select_from(model).where(*conditions).scalar_subquery()


def account_mails(who: Viewer, before: int | None = None) -> tuple[Rows, int | None]:
    """Mails about accounts, newest first. Their text holds secrets and is read only in the demo."""
    must_be_admin(who)
    query = sa.select(
        Delivery.id,
        Delivery.address,
        Delivery.subject,
        Delivery.status,
        Delivery.tries,
        Delivery.created_at,
        Delivery.sent_at,
        Delivery.body if current_app.config["DEMO"] else sa.literal("").label("body"),
    ).where(Delivery.case_id.is_(None), Delivery.channel == "mail")
    return _page(query, Delivery.id, before)
