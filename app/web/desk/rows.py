"""Rows of the queue as values in the reader's language, made once, so that the template only writes them out."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from app import clock, countries
from app.i18n import day, lang, moment, t
from app.models.case import NO_DEADLINE
from workflows import schema

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
    """The rows as values."""
    english, today = lang() == "en", clock.today()
    return [_shown(row, english, today) for row in rows]


def _shown(row: Any, english: bool, today: Any) -> Shown:
    definition = schema.load(row.definition_id, row.definition_version)
    state = definition.states[row.state]
    role = definition.roles[row.turn].text if row.turn else None
    country = countries.name_of(row.country)
    late = (today - row.due_on).days
    return Shown(
        number=row.number,
        title=_pick(row.title_ko, row.title_en, english),
        applicant=_pick(row.organisation_ko, row.organisation_en, english),
        place=" · ".join(part for part in (row.city, country.en if english else country.ko) if part),
        state=state.label.en if english else state.label.ko,
        tone=state.tone,
        turn=(role.en if english else role.ko) if role else "",
        since=day(clock.day_of(row.turn_since)) if role else "",
        due="" if row.due_on == NO_DEADLINE else day(row.due_on),
        late=t(f"{late}일 지남", f"{late} day{'s' if late > 1 else ''} late") if late > 0 else "",
        officer=_pick(row.officer_ko, row.officer_en, english),
    )


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
