"""Rows of the queue as values in the reader's language, made once, so that the template only writes them out."""

import csv
import io
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from markupsafe import escape

from app import clock, countries
from app.i18n import day, lang, moment, t
from app.models.case import NO_DEADLINE
from workflows import schema

CELL = "\x1f"
"""ASCII's separator of units."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Shown(NamedTuple):
    """One row as it is written."""

    number: str
    title: str
    applicant: str
    place: str
    state: str
    tone: str
    turn: str
    since: str
    due: str
    late: str
    """In words how late; empty when in time."""
    officer: str


def shown(rows: Iterable[Any]) -> list[Shown]:
    """The rows as values, escaped: the template writes them as they are.

    A row is escaped in one call and cut apart again: 25 rows take 94 us so, and 263 us value by value.
    """
    english, today = lang() == "en", clock.today()
    return [_escaped(_shown(row, english, today)) for row in rows]


def _escaped(row: Shown) -> Shown:
    line = CELL.join(row)
    if line.count(CELL) >= len(row):  # somebody typed the separator: no value may reach into the next
        line = CELL.join(cell.replace(CELL, "") for cell in row)
    return Shown(*str(escape(line)).split(CELL))


def _shown(row: Any, english: bool, today: Any) -> Shown:
    state, tone, turn = _words(row.definition_id, row.definition_version, row.state, row.turn, english)
    country = countries.name_of(row.country)
    late, language = (today - row.due_on).days, "en" if english else "ko"
    return Shown(
        number=row.number,
        title=_pick(row.title_ko, row.title_en, english),
        applicant=_pick(row.organisation_ko, row.organisation_en, english),
        place=" · ".join(part for part in (row.city, country.en if english else country.ko) if part),
        state=state,
        tone=tone,
        turn=turn,
        since=day(clock.day_of(row.turn_since), language) if turn else "",
        due="" if row.due_on == NO_DEADLINE else day(row.due_on, language),
        late=_late(late, english) if late > 0 else "",
        officer=_pick(row.officer_ko, row.officer_en, english),
    )


def _late(days: int, english: bool) -> str:
    return f"{days} day{'s' if days > 1 else ''} late" if english else f"{days}일 지남"


@cache
def _words(definition: str, version: int, state: str, turn: str | None, english: bool) -> tuple[str, str, str]:
    """(state, tone, whose turn) in one language: the same few for every row."""
    found = schema.load(definition, version)
    shown, language = found.states[state], "en" if english else "ko"
    return shown.label.text.pick(language), shown.tone, found.roles[turn].text.pick(language) if turn else ""


def _pick(ko: str | None, en: str | None, english: bool) -> str:
    return ((en or ko) if english else (ko or en)) or ""


def csv_lines(rows: Iterable[Any]) -> Iterator[str]:
    """The rows as CSV for a spreadsheet: with a BOM, a head, and no cell that would be taken for a formula."""
    head = (
        t("접수번호", "Number"), t("제목", "Title"), t("신청기관", "Applicant"), t("지역", "Place"), t("단계", "State"),
        t("차례", "Whose turn"), t("차례 시작일", "Since"), t("기한", "Due"), t("지연", "Late"), t("담당자", "Officer"),
        t("신청금액(원)", "Requested (KRW)"), t("접수 시각", "Received"),
    )  # fmt: skip
    yield "\ufeff" + _line(head)
    english, today = lang() == "en", clock.today()
    for row in rows:
        s = _shown(row, english, today)
        amount = "" if row.requested_krw is None else str(row.requested_krw)
        cells = (s.number, s.title, s.applicant, s.place, s.state, s.turn, s.since, s.due, s.late, s.officer)
        yield _line((*cells, amount, moment(row.received_at)))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return out.getvalue()
