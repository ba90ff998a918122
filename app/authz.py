"""Who may do what. One predicate: the button, the route and the service all ask here.

Every route carries a mark (`public`, `signed_in`, `roles`, `on_case`); one without is refused. What a person
may not know of answers exactly like what does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, g, redirect, request
from flask_login import current_user
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response

from app.errors import NotAllowed, NotFound
from app.extensions import db, login
from app.interests import last_said, out_of
from app.models import (
    AgendaItem,
    Case,
    Consulting,
    Duty,
    ItemSeat,
    Opinion,
    Seat,
    Sitting,
)
from workflows import schema
from workflows.engine import Actor
from workflows.text import because

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person signed in, with the roles that hold today. `grants`: (role, programme or None for all)."""

    id: int
    email: str
    name_ko: str
    name_en: str
    locale: str
    session_id: int
    token: str
    grants: frozenset[tuple[str, str | None]] = frozenset()
    memberships: tuple[tuple[int, str], ...] = ()
    """(organisation, "signatory" or "delegate")"""
    speaks_for: frozenset[int] = frozenset()
    """Organisations whose opinion this person gives."""
    is_authenticated: bool = field(default=True, init=False)
    is_active: bool = field(default=True, init=False)
    is_anonymous: bool = field(default=False, init=False)

    def get_id(self) -> str:
        """What the cookie holds (Flask-Login)."""
        return self.token

    @property
    def name(self) -> str:
        """The person's name in the reader's language."""
        from app.i18n import lang

        first, second = (self.name_en, self.name_ko) if lang() == "en" else (self.name_ko, self.name_en)
        return first or second or self.email

    @property
    def initials(self) -> str:
        """One or two letters for the account menu."""
        return self.name[:1].upper()

    def has(self, role: str, programme: str | None = None) -> bool:
        """Whether this role is held, in `programme` or in any."""
        return any(r == role and (p is None or programme is None or p == programme) for r, p in self.grants)

    @property
    def organisations(self) -> tuple[int, ...]:
        """The organisations this person acts for."""
        return tuple(org for org, _ in self.memberships)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a viewer is on one case, and what he may read of it."""

    roles: frozenset[str]
    inside: bool
    """Reads everything, also before the announcement (secretariat, clerk, Minister, auditor)."""
    papers: bool
    """Reads the proposal and its documents."""
    applicant: bool
    undeclared: str | None = None
    """The capacity in which a declaration must come before the file opens."""

    def actor(self, viewer: Viewer) -> Actor:
        """The engine's view of this person."""
        return Actor(viewer.id, self.roles)


# Marks ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """Who a route is for, and which query fields it knows."""

    kind: str
    roles: tuple[str, ...] = ()
    query: tuple[str, ...] = ()


def _marker(mark: Mark) -> Callable[[View], View]:
    def put(view: View) -> View:
        view.__access__ = mark  # type: ignore[attr-defined]
        return view

    return put


def public(*query: str) -> Callable[[View], View]:
    """Anyone, signed in or not."""
    return _marker(Mark("public", query=query))


def signed_in(*query: str) -> Callable[[View], View]:
    """Anyone with an account."""
    return _marker(Mark("signed_in", query=query))


def roles(*names: str, query: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Those who hold one of these roles in some programme; all others get 404."""
    return _marker(Mark("roles", names, query))


def on_case(*query: str) -> Callable[[View], View]:
    """Signed in; the view itself loads its case through `case_for`, which answers 404."""
    return _marker(Mark("on_case", query=query))


def mark_of(endpoint: str) -> Mark | None:
    """The mark of a route, if it carries one."""
    from flask import current_app

    view = current_app.view_functions.get(endpoint)
    return getattr(view, "__access__", None)


def _gate() -> Response | None:
    """Before every request: the route's mark decides."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    mark = mark_of(request.endpoint)
    if mark is None:
        raise NotAllowed(because("unmarked", "접근할 수 없는 페이지입니다.", "This page is not open."))
    # The person himself: the proxy would look him up at every use (31 uses took 147 us, of the person himself 2).
    person = current_user._get_current_object()
    g.viewer = person if person.is_authenticated else None
    if mark.kind == "public":
        return None
    if g.viewer is None:
        if request.path.startswith("/api/"):
            raise NotFound
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(f"/sign-in?{urlencode({'next': back})}" if back else "/sign-in")
    if mark.kind == "roles" and not any(g.viewer.has(role) for role in mark.roles):
        raise NotFound
    return None


def viewer() -> Viewer:
    """The person signed in, on a route that requires one."""
    if g.get("viewer") is None:
        raise NotFound
    found: Viewer = g.viewer
    return found


# What one is on a case -------------------------------------------------------------------------------------


def standing_on(who: Viewer, case: Case) -> Standing:
    """The roles `who` has on `case`. One statement, whatever the roles."""
    programme = schema.load(case.definition_id, case.definition_version).programme
    member = dict(who.memberships).get(case.organisation_id or 0)
    found = _involvement(who, case, programme)
    held: set[str] = {member} if member else set()
    inside = False
    # A draft is nobody's but the applicant's, also once it is given up.
    if case.received_at is not None or case.imported:
        for role in ("officer", "clerk", "minister", "auditor"):
            if who.has(role, programme):
                held.add(role)
                inside = True
    if found.consultant:
        held.add("consultant")
    if found.duty:
        held.add("evaluator")
    if found.seat and found.item:
        held.add("member")
        if found.chair:
            held.add("chair")
    if found.opinion:
        held.add("opinion_giver")
    if found.out and (not inside or may_declare(who)):
        return _shut_out(member)
    return _sight(frozenset(held), inside, bool(member), found)


def _shut_out(member: str | None) -> Standing:
    """Who is out of a case has nothing of it left but his own application."""
    return Standing(frozenset({member} if member else ()), False, bool(member), bool(member))


def _sight(held: frozenset[str], inside: bool, applicant: bool, found: Any) -> Standing:
    """What may be read: what was not declared yet, or is asked anew, keeps the file shut."""
    papers, undeclared = inside or applicant, None
    for role, answer in (
        ("consultant", found.said_consultant),
        ("evaluator", found.said_evaluator),
        ("member", found.said_member),
    ):
        if role not in held:
            continue
        if answer == "none":
            papers = True
        else:
            undeclared = undeclared or role
    return Standing(held, inside, papers, applicant, undeclared)


CASE: sa.BindParameter[int] = sa.bindparam("case")
USER: sa.BindParameter[int] = sa.bindparam("user")
PROGRAMME: sa.BindParameter[str] = sa.bindparam("programme")
BODIES: sa.BindParameter[list[int]] = sa.bindparam("bodies", expanding=True)


DECLARING = ("consultant", "evaluator", "member")


def may_declare(who: Viewer) -> bool:
    """Whether this person holds a role in which interests are declared."""
    return any(who.has(role) for role in DECLARING)


def _sits_for_item(case_id: Any, user_id: Any) -> sa.ColumnElement[bool]:
    """Whether somebody is a member for an item of this case only. Of an item that was moved only the newest counts."""
    item, later = aliased(AgendaItem), aliased(AgendaItem)
    moved = sa.exists().where(later.case_id == item.case_id, later.id > item.id)
    return sa.exists().where(
        ItemSeat.item_id == item.id,
        item.case_id == case_id,
        ItemSeat.user_id == user_id,
        ItemSeat.ended_at.is_(None),
        ~moved,
    )


@cache
def _involvement_query() -> sa.Select[Any]:
    """Built once: every act asks it, and building it took longer than its answer."""
    duty = sa.exists().where(Duty.case_id == CASE, Duty.user_id == USER, Duty.excused_at.is_(None))
    consultant = sa.exists().where(Consulting.case_id == CASE, Consulting.consultant_id == USER)
    seat = sa.or_(
        sa.exists().where(Seat.programme == PROGRAMME, Seat.user_id == USER, Seat.ended_at.is_(None)),
        _sits_for_item(CASE, USER),
    )
    item = sa.exists().where(AgendaItem.case_id == CASE)
    # Of an item that was moved only the sitting it stands before now has a chair; the one it left may still run.
    now = sa.select(sa.func.max(AgendaItem.id)).where(AgendaItem.case_id == CASE).scalar_subquery()
    chair = (
        sa.exists()
        .where(AgendaItem.id == now, AgendaItem.sitting_id == Sitting.id)
        .where(Sitting.chair_id == USER, Sitting.ended_at.is_(None))
    )
    opinion = sa.exists().where(Opinion.case_id == CASE, Opinion.organisation_id.in_(BODIES))
    ways = {"duty": duty, "consultant": consultant, "seat": seat, "item": item, "chair": chair, "opinion": opinion}
    said = {f"said_{capacity}": last_said(CASE, USER, capacity) for capacity in DECLARING}
    return sa.select(*(part.label(name) for name, part in (ways | said | {"out": out_of(CASE, USER)}).items()))


def _involvement(who: Viewer, case: Case, programme: str) -> Any:
    facts = {"case": case.id, "user": who.id, "programme": programme, "bodies": sorted(who.speaks_for) or [0]}
    return db.session.execute(_involvement_query(), facts).one()


@lru_cache(maxsize=256)
def visible(who: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which `who` may know of a case: the same for pages, lists, counts, search, exports."""
    own = Case.organisation_id.in_(who.organisations or (0,))
    ways: list[sa.ColumnElement[bool]] = []
    on_record = sa.or_(Case.received_at.is_not(None), Case.imported)
    for role in ("officer", "clerk", "minister", "auditor"):
        programmes = {p for r, p in who.grants if r == role}
        if None in programmes:
            ways.append(on_record)
        elif programmes:
            ids = [d.id for d in schema.all_published() if d.programme in programmes]
            ways.append(sa.and_(on_record, Case.definition_id.in_(ids)))
    # Whoever declares interests may be out of a case, and then no other role brings him back.
    if may_declare(who):
        return sa.or_(own, sa.and_(~out_of(Case.id, who.id), sa.or_(*ways, _involved(who))))
    return sa.or_(own, *ways, sa.and_(~out_of(Case.id, who.id), _involved(who)))


def _involved(who: Viewer) -> sa.ColumnElement[bool]:
    """Evaluators, consultants, members and opinion-givers; `visible` leaves out whoever is out of the case."""
    duty = sa.exists().where(Duty.case_id == Case.id, Duty.user_id == who.id, Duty.excused_at.is_(None))
    consultant = sa.exists().where(Consulting.case_id == Case.id, Consulting.consultant_id == who.id)
    seated = sa.and_(
        sa.literal(who.has("member")),
        sa.exists().where(AgendaItem.case_id == Case.id),
        sa.or_(sa.exists().where(Seat.user_id == who.id, Seat.ended_at.is_(None)), _sits_for_item(Case.id, who.id)),
    )
    asked = sa.exists().where(Opinion.case_id == Case.id, Opinion.organisation_id.in_(who.speaks_for or (0,)))
    return sa.or_(duty, consultant, seated, asked)


def register(app: Flask) -> None:
    """Bind the gate and the loader of the signed-in person."""
    from app.queries.people import viewer_by_token

    login.session_protection = None  # the session lives on the server; an address may change on the way
    login.user_loader(viewer_by_token)
    app.before_request(_gate)
