"""What everybody may read: open calls, supported projects, totals as published. Never writes.

Supported is what was approved and announced, and what was taken from publications. Of anything else this
module knows nothing, so that no page made from it can tell.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import Case, Cycle, PublishedProject, PublishedTotal
from workflows import programme_schema, schema
from workflows.schema import Definition
from workflows.text import Text

MOST_DOTS = 400
"""Places drawn on the map at most; the table has all of them."""
BATCH = 1000
SUPPORTED = (Case.outcome == "approve", Case.state.in_(("ANNOUNCED", "CLOSED")))


# Calls ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """A cycle that takes proposals now, or the next one that will."""

    cycle: Cycle
    definition: Definition
    open: bool
    applicants: Text
    last_day: Any
    """The cut-off or the last day of the window; received on it still counts."""

    def sample(self, name: str) -> bool:
        """Whether a value of this cycle is ours and was never published."""
        return name in self.cycle.settings.get("samples", ())


def calls(now: datetime) -> list[Call]:
    """For each type the cycle that is open, else the next to open. One statement."""
    query = sa.select(Cycle).where(sa.or_(Cycle.cut_off_on >= clock.day_of(now), Cycle.closes_at >= now))
    found: dict[str, Call] = {}
    for cycle in db.session.scalars(query.order_by(Cycle.definition_id.desc(), Cycle.fiscal_year)):
        found.setdefault(cycle.definition_id, _call(cycle, now))
    return list(found.values())


def _call(cycle: Cycle, now: datetime) -> Call:
    definition = schema.newest(cycle.definition_id)
    programme = programme_schema.load_programme(definition.programme)
    window_end = clock.day_of(cycle.closes_at) if cycle.closes_at else None
    return Call(
        cycle=cycle,
        definition=definition,
        open=cycle.opens_at is None or cycle.opens_at <= now,
        applicants=programme.type_(definition.id).applicant,
        last_day=cycle.cut_off_on if cycle.always_open else window_end,
    )


# Supported projects ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address."""

    year: int = 0
    country: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the numbers from which the pages beside it begin (None: there is none)."""

    rows: Sequence[sa.Row[Any]]
    newer: str | None
    older: str | None


@dataclass(frozen=True)
class Tally:
    """Counts of supported projects by year, country, type and origin."""

    rows: Sequence[sa.Row[Any]]

    def total(self, asked: Asked | None = None, imported: bool | None = None) -> int:
        """How many there are, all or those asked for."""
        return sum(r.n for r in self.rows if _fits(r, asked) and imported in (None, bool(r.imported)))

    @cached_property
    def countries(self) -> list[str]:
        """The countries, each once."""
        return sorted({r.country for r in self.rows if r.country})

    @cached_property
    def years(self) -> list[int]:
        """The years, newest first."""
        return sorted({r.year for r in self.rows}, reverse=True)

    @cached_property
    def per_year(self) -> Counter[int]:
        """year -> projects of either origin."""
        return self.by_year + self.decided_here

    @cached_property
    def by_year(self) -> Counter[int]:
        """year -> projects taken from publications; the ministry's totals are of these."""
        found: Counter[int] = Counter()
        for row in self.rows:
            found[row.year] += row.n if row.imported else 0
        return found

    @cached_property
    def decided_here(self) -> Counter[int]:
        """year -> projects decided in this system."""
        found: Counter[int] = Counter()
        for row in self.rows:
            found[row.year] += 0 if row.imported else row.n
        return found


def _fits(row: sa.Row[Any], asked: Asked | None) -> bool:
    if asked is None:
        return True
    same_year, same_country = asked.year in (0, row.year), asked.country in ("", row.country)
    return same_year and same_country and asked.type in ("", row.definition_id)


def tally() -> Tally:
    """All counts at once. One statement."""
    grouped = (Cycle.fiscal_year, Case.country, Case.definition_id, Case.imported)
    query: sa.Select[Any] = (
        sa.select(Cycle.fiscal_year.label("year"), *grouped[1:], sa.func.count().label("n"))
        .join(Cycle, Cycle.id == Case.cycle_id)
        .where(*SUPPORTED)
        .group_by(*grouped)
    )
    return Tally(db.session.execute(query).all())


COLUMNS: tuple[Any, ...] = (
    Case.number,
    Case.title_ko,
    Case.title_en,
    Case.country,
    Case.city,
    Case.lat,
    Case.lon,
    Case.definition_id,
    Case.imported,
    Case.awarded_krw,
    Case.decided_on,
    Case.announced_at,
    Cycle.fiscal_year.label("year"),
    PublishedProject.kind,
    PublishedProject.place_ko,
    PublishedProject.place_en,
    PublishedProject.source,
)


def _rows(asked: Asked) -> sa.Select[Any]:
    query = (
        sa.select(*COLUMNS)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .outerjoin(PublishedProject, PublishedProject.case_id == Case.id)
        .where(*SUPPORTED)
    )
    if asked.year:
        query = query.where(Cycle.fiscal_year == asked.year)
    if asked.country:
        query = query.where(Case.country == asked.country)
    if asked.type:
        query = query.where(Case.definition_id == asked.type)
    return query


def projects(asked: Asked, after: str = "", before: str = "", size: int = 25) -> Page:
    """One page by number, newest first. `after`, `before`: the number it begins behind or ends before."""
    query = _rows(asked).limit(size + 1)
    if before:
        query = query.where(Case.number > before).order_by(Case.number)
    else:
        query = query.order_by(Case.number.desc())
        query = query.where(Case.number < after) if after else query
    rows = list(db.session.execute(query))
    more, rows = len(rows) > size, rows[:size]
    if before:
        rows.reverse()
    if not rows:
        return Page([], None, None)
    newer = more if before else bool(after)
    older = True if before else more
    return Page(rows, rows[0].number if newer else None, rows[-1].number if older else None)


def every_project(asked: Asked) -> Iterator[sa.Row[Any]]:
    """All of them, newest first, read in batches so that a file never holds more than one."""
    last = ""
    while True:
        query = _rows(asked).order_by(Case.number.desc()).limit(BATCH)
        rows = list(db.session.execute(query.where(Case.number < last) if last else query))
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].number


def project(number: str) -> sa.Row[Any] | None:
    """The public record of one supported project. One statement."""
    return db.session.execute(_rows(Asked()).where(Case.number == number)).one_or_none()


def latest(size: int) -> list[sa.Row[Any]]:
    """The projects announced last; those of which no date is known come after them. One statement."""
    order = (Case.announced_at.is_(None), Case.announced_at.desc(), Case.number.desc())
    return list(db.session.execute(_rows(Asked()).order_by(*order).limit(size)))


def places(asked: Asked) -> list[sa.Row[Any]]:
    """Each place once, with how many projects it had. One statement."""
    where: tuple[Any, ...] = (Case.lat, Case.lon, Case.country, Case.city)
    newest = sa.func.max(Case.number)
    found: tuple[Any, ...] = (
        sa.func.max(PublishedProject.place_ko).label("place_ko"),
        sa.func.max(PublishedProject.place_en).label("place_en"),
        sa.func.count().label("n"),
        newest.label("number"),
    )
    query = (
        sa.select(*where, *found)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .outerjoin(PublishedProject, PublishedProject.case_id == Case.id)
        .where(*SUPPORTED, Case.lat.is_not(None), Case.lon.is_not(None))
    )
    for wanted, column in ((asked.year, Cycle.fiscal_year), (asked.country, Case.country)):
        query = query.where(column == wanted) if wanted else query
    query = query.where(Case.definition_id == asked.type) if asked.type else query
    query = query.group_by(*where).order_by(newest.desc()).limit(MOST_DOTS)
    return list(db.session.execute(query))


def published_totals() -> dict[str, Any] | None:
    """The ministry's own totals, as printed. One statement."""
    return db.session.scalar(sa.select(PublishedTotal.content).where(PublishedTotal.key == "kcity"))
