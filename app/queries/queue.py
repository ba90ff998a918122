"""The secretariat's queue: which cases, in the order in which they fall due. Columns, never entities; never writes.

Measured at 1,000,000 cases: a page by keyset over one composite index takes 0.1-0.35 ms, by OFFSET 16-47 ms, and a
live count 6-529 ms against 0.03-0.18 ms from the counters. So every filter of one value has its own index ending in
(due_on, id), pages go by (due_on, id), and states are counted from `counter`.

Statements are built once for each view and kept: building the page's took 0.27 ms of the 0.7
that it and its answer took.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import read
from app.extensions import db
from app.models import Case, Counter, Cycle, Membership, Organisation, User
from app.queries.search import indexed, search_condition, words_of
from workflows import schema
from workflows.text import Reason, because

STAFF = ("officer", "clerk", "auditor")
Key = tuple[date, int]
"""(due_on, id) of a row: where a page begins or ends."""
MANY = 100
"""Cases out of time are counted up to here; the page then says "99+"."""
BATCH = 2000
FEW = 500
"""Up to so many hits of a search are taken by their ids; of more, a page is found sooner in the order of the queue."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the page says: the address is the view."""

    state: str = ""
    turn: str = ""
    late: bool = False
    mine: bool = False
    unassigned: bool = False
    type: str = ""
    cycle: int = 0
    words: str = ""


class Tally(NamedTuple):
    """How many cases are in a state."""

    state: str
    n: int


class CycleLine(NamedTuple):
    """A cycle that holds cases."""

    id: int
    year: int
    definition_id: str


class Summary(NamedTuple):
    """The numbers beside the list."""

    states: tuple[Tally, ...]
    cycles: tuple[CycleLine, ...]
    late: int
    """Cases past their date, counted up to MANY."""


class Line(NamedTuple):
    """One row of the list, in the order of COLUMNS. Plain values: a page is found again by comparing them."""

    id: int
    number: str
    title_ko: str
    title_en: str
    country: str
    city: str
    definition_id: str
    definition_version: int
    state: str
    turn: str | None
    turn_since: datetime
    due_on: date
    organisation_ko: str | None
    organisation_en: str | None
    officer_ko: str | None
    officer_en: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows and the keys of its neighbours (None: there is none)."""

    rows: Sequence[Line]
    newer: Key | None
    older: Key | None


COLUMNS = (
    Case.id,
    Case.number,
    Case.title_ko,
    Case.title_en,
    Case.country,
    Case.city,
    Case.definition_id,
    Case.definition_version,
    Case.state,
    Case.turn,
    Case.turn_since,
    Case.due_on,
    Organisation.name_ko.label("organisation_ko"),
    Organisation.name_en.label("organisation_en"),
    User.name_ko.label("officer_ko"),
    User.name_en.label("officer_en"),
)


@lru_cache(maxsize=1024)
def definitions_of(who: Viewer, roles: tuple[str, ...] = STAFF) -> tuple[str, ...]:
    """The types whose cases this person works with: those of the programmes he serves in one of `roles`."""
    mine = [d.id for d in schema.all_published() if any(who.has(role, d.programme) for role in roles)]
    return tuple(dict.fromkeys(mine))


def _scope(who: Viewer) -> list[sa.ColumnElement[bool]]:
    """Every case but drafts, of one's own programmes: what `authz.visible` gives staff, without its other ways.

    Left out where one serves every type. Where it stands, coalesce keeps the planner from taking an index on the
    type for it and sorting: the order comes from the index of the other filter.
    """
    mine = definitions_of(who)
    out: list[sa.ColumnElement[bool]] = [Case.state != "DRAFT"]
    if len(mine) < len({d.id for d in schema.all_published()}):
        out.append(sa.func.coalesce(Case.definition_id, "").in_(mine))
    return out


def _where(who: Viewer, asked: Filters) -> list[sa.ColumnElement[bool]]:
    out = _scope(who)
    if asked.state:
        out.append(Case.state == asked.state)
    if asked.turn:
        out.append(Case.turn == asked.turn)
    if asked.late:
        out.append(Case.due_on < clock.today())
    if asked.mine:
        out.append(Case.assignee_id == who.id)
    elif asked.unassigned:
        out.append(Case.assignee_id.is_(None))
    if asked.type:
        out.append(Case.definition_id == asked.type)
    if asked.cycle:
        out.append(Case.cycle_id == asked.cycle)
    if asked.words:
        out.append(search_condition(asked.words))
    return out


def _query(who: Viewer, asked: Filters, down: bool = True, also: tuple[Any, ...] = ()) -> "sa.Select[*tuple[Any, ...]]":
    """The rows in order. Unassigned ones are ordered by the (empty) officer first, as their index is."""
    order: list[Any] = [Case.due_on, Case.id] if down else [Case.due_on.desc(), Case.id.desc()]
    if asked.unassigned and not asked.mine:
        order.insert(0, Case.assignee_id if down else Case.assignee_id.desc())
    return (
        sa.select(*COLUMNS, *also)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(User, User.id == Case.assignee_id)
        .where(*_where(who, asked))
        .order_by(*order)
    )


@lru_cache(maxsize=1024)
def _page_query(
    who: Viewer, asked: Filters, today: date, way: str, rows: int, few: bool = False
) -> "sa.Select[*tuple[Any, ...]]":
    """Rows from the first, or those after or before the key (:due, :id). `today` keeps yesterday's from being used.

    `few`: only those of :found.
    """
    query = _query(who, asked, down=way != "before").limit(rows).where(*_place(way))
    return query.where(Case.id.in_(sa.bindparam("found", expanding=True))) if few else query


def _place(way: str) -> list[sa.ColumnElement[bool]]:
    here, key = sa.tuple_(Case.due_on, Case.id), sa.tuple_(sa.bindparam("due", type_=sa.Date), sa.bindparam("id"))
    return [] if way == "first" else [here > key if way == "after" else here < key]


@lru_cache(maxsize=1024)
def _found_query(who: Viewer, asked: Filters, today: date, way: str, dialect: str) -> sa.Select[int]:
    """The cases of the view, from the place on, that hold the words: by the index, in no order, FEW + 1 at most."""
    found = indexed(asked.words, dialect)
    return sa.select(Case.id).where(found, *_where(who, asked), *_place(way)).limit(FEW + 1)


def page(who: Viewer, asked: Filters, after: Key | None = None, before: Key | None = None, size: int = 25) -> Page:
    """One page: the first, the one after the key `after`, or the one before the key `before`.

    One statement; two when words are looked for. Few cases that hold them are taken by their ids and put in order;
    of many, a page is soon found by reading in order, and no more than FEW are ever sorted.
    """
    key = after or before
    way = "first" if key is None else "after" if after else "before"
    place: dict[str, Any] = {"due": key[0], "id": key[1]} if key else {}
    found = _found(who, asked, way, place)
    if found is not None:
        place["found"] = found
    lines = read(_page_query(who, asked, clock.today(), way, size + 1, found is not None), **place).all()
    more, rows = len(lines) > size, [Line._make(line) for line in lines[:size]]
    if before is not None:
        rows = rows[::-1]
    if not rows:
        return Page([], None, None)
    first, last = (rows[0].due_on, rows[0].id), (rows[-1].due_on, rows[-1].id)
    has_newer = more if before is not None else after is not None
    has_older = True if before is not None else more
    return Page(rows, first if has_newer else None, last if has_older else None)


def _found(who: Viewer, asked: Filters, way: str, place: dict[str, Any]) -> list[int] | None:
    """The cases that hold the words, by the index; None where no words are asked for or more than FEW hold them."""
    if not words_of(asked.words):
        return None
    query = _found_query(who, asked, clock.today(), way, db.engine.dialect.name)
    found = list(read(query, **place).scalars())
    return found if len(found) <= FEW else None


def every_row(who: Viewer, asked: Filters) -> Iterator[Any]:
    """All rows of the view, read in batches by key, so that an export never holds more than one batch."""
    here, key = sa.tuple_(Case.due_on, Case.id), None
    while True:
        query = _query(who, asked, also=(Case.requested_krw, Case.received_at)).limit(BATCH)
        rows = list(db.session.execute(query if key is None else query.where(here > sa.tuple_(*key))))
        yield from rows
        if len(rows) < BATCH:
            return
        key = (rows[-1].due_on, rows[-1].id)


def summary(who: Viewer, asked: Filters) -> Summary:
    """Cases in each state under the type and cycle asked for, the cycles that hold any, and those out of time.

    One statement: states and cycles from the counters, the late ones counted up to MANY.
    """
    query = _summary_query(who, asked.type, asked.cycle, clock.today(), MANY)
    rows = [tuple(row) for row in read(query).all()]
    states = tuple(Tally(text, n) for kind, n, text, _ in rows if kind == 1)
    cycles = sorted((CycleLine(n, year, text) for kind, n, text, year in rows if kind == 2), key=_newest_first)
    return Summary(states, tuple(cycles), next(n for kind, n, _, _ in rows if kind == 3))


def _newest_first(line: CycleLine) -> tuple[str, int]:
    return line.definition_id, -line.year


@lru_cache(maxsize=1024)
def _summary_query(
    who: Viewer, type_: str, cycle: int, today: date, most: int
) -> "sa.CompoundSelect[int, int, str, int]":
    # Not IN: SQLAlchemy writes its list anew at each execution.
    mine = sa.or_(sa.false(), *(Counter.definition_id == name for name in definitions_of(who)))
    held = (mine, Counter.state != "DRAFT", Counter.n > 0)
    chosen = ([Counter.definition_id == type_] if type_ else []) + ([Counter.cycle_id == cycle] if cycle else [])
    late = sa.select(Case.id).where(*_where(who, Filters(late=True))).order_by(Case.due_on).limit(most)
    parts = (
        sa.select(
            sa.literal(1).label("kind"), sa.cast(sa.func.sum(Counter.n), sa.Integer).label("n"),
            Counter.state.label("text"), sa.literal(0).label("year"),
        ).where(*held, *chosen).group_by(Counter.state),
        sa.select(sa.literal(2), Cycle.id, Cycle.definition_id, Cycle.fiscal_year)
        .where(sa.exists().where(Counter.definition_id == Cycle.definition_id, Counter.cycle_id == Cycle.id, *held)),
        sa.select(sa.literal(3), sa.func.count(), sa.literal(""), sa.literal(0)).select_from(late.subquery()),
    )  # fmt: skip
    return sa.union_all(*parts)


# Several at once ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pick:
    """One case chosen in the list, and why it may not be assigned (None: it may)."""

    number: str
    title_ko: str
    title_en: str
    reason: Reason | None


NOT_YOURS = because("not_your_role", "담당자 지정 권한이 없습니다.", "You may not assign it.")
ENDED = because("ended", "이미 끝난 사건입니다.", "The case has ended.")
OWN = because("own_organisation", "담당자가 신청기관에 소속되어 있습니다.", "The officer belongs to the applicant.")


def picks(who: Viewer, numbers: Sequence[str], officer_id: int | None = None) -> list[Pick]:
    """The cases chosen, in the order of the list, each with what stands against assigning it. Two statements."""
    query = sa.select(
        Case.number, Case.title_ko, Case.title_en, Case.definition_id, Case.definition_version, Case.state,
        Case.organisation_id,
    ).where(Case.number.in_(list(numbers)[:200]), *_scope(who)).order_by(Case.due_on, Case.id)  # fmt: skip
    rows = db.session.execute(query).all()
    theirs = sa.select(Membership.organisation_id).where(
        Membership.user_id == officer_id, Membership.ended_at.is_(None)
    )
    own = set(db.session.scalars(theirs)) if officer_id else set()
    may = set(definitions_of(who, ("officer",)))
    return [Pick(r.number, r.title_ko, r.title_en, _against(r, may, own)) for r in rows]


def _against(row: Any, may: set[str], own: set[int]) -> Reason | None:
    if row.definition_id not in may:
        return NOT_YOURS
    if schema.load(row.definition_id, row.definition_version).find(row.state, "assign_officer") is None:
        return ENDED
    return OWN if row.organisation_id in own else None


def without(asked: Filters, **changes: Any) -> Filters:
    """The same view with something changed."""
    return replace(asked, **changes)
