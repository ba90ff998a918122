"""A paper of the house as a spreadsheet: the whole paper on the first sheet, then each table on its own.

What people wrote is always text, never a formula or a link; figures are figures. The same bytes for the same data.
"""

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.documents.paper import Lang
from app.documents.paper_model import Facts, Heading, Items, Paper, Paragraph, Table, Value, visible, worded

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTH = 100
"""Width of the paper's sheet in characters, over all columns."""
CELL_MOST = 32_000
"""A cell holds 32,767 characters; the rest would be lost without a word, so the cut is said."""
NAME_MOST = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def paper_xlsx(paper: Paper, lang: Lang) -> bytes:
    """The paper as an Office Open XML workbook (ISO/IEC 29500)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    made = datetime.combine(paper.dated, time(), UTC).replace(tzinfo=None)
    book.set_properties({"title": paper.title.pick(lang), "subject": visible(paper.number), "created": made})
    styles = _styles(book)
    names: set[str] = set()
    _front(book.add_worksheet(_sheet_name(paper.title.pick(lang), names)), paper, lang, styles)
    for table in paper.tables:
        _own_sheet(book.add_worksheet(_sheet_name(table.caption.pick(lang), names)), table, lang, styles)
    book.close()
    return out.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    text: dict[str, Any] = {"text_wrap": True, "valign": "top"}
    line = {**text, "border": 1, "border_color": "#B1B8BE"}
    looks: dict[str, dict[str, Any]] = {
        "title": {**text, "bold": True, "font_size": 18, "font_color": "#052B57"},
        "heading2": {**text, "bold": True, "font_size": 13, "font_color": "#052B57"},
        "heading3": {**text, "bold": True},
        "plain": text,
        "quiet": {**text, "font_color": "#464C53"},
        "strong": {**text, "bold": True},
        "decision": {**text, "bold": True, "bg_color": "#F4F5F6"},
        "head": {**line, "bold": True, "bg_color": "#F4F5F6"},
        "cell": line,
        "int": {**line, "num_format": "#,##0"},
        "decimal": {**line, "num_format": "#,##0.####"},
        "date": {**line, "num_format": "yyyy-mm-dd", "align": "left"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes: at most 31 characters, none of []:*?/\\, no two alike."""
    base = visible(wanted).translate(FORBIDDEN).strip(" '")[:NAME_MOST] or "1"
    name, count = base, 1
    while name.casefold() in taken:
        count += 1
        name = f"{base[: NAME_MOST - 4]} ({count})"
    taken.add(name.casefold())
    return name


def _write(sheet: Any, row: int, column: int, value: Value | None, lang: Lang, styles: dict[str, Any]) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), styles["decimal"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, styles["int"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), styles["date"])
    else:
        _text(sheet, row, column, worded(value, lang), styles["cell"])


def _text(sheet: Any, row: int, column: int, said: str, style: Any) -> None:
    shown = visible(said)
    sheet.write_string(row, column, shown if len(shown) <= CELL_MOST else shown[:CELL_MOST] + " […]", style)


def _own_sheet(sheet: Any, table: Table, lang: Lang, styles: dict[str, Any]) -> None:
    shares = sum(column.share for column in table.columns)
    for i, column in enumerate(table.columns):
        sheet.set_column(i, i, max(10, WIDTH * column.share // shares))
        _text(sheet, 0, i, column.name.pick(lang), styles["head"])
    for y, row in enumerate(table.rows, 1):
        for x, value in enumerate(row):
            _write(sheet, y, x, value, lang, styles)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _front(sheet: Any, paper: Paper, lang: Lang, styles: dict[str, Any]) -> None:
    """The paper from top to bottom, as wide as its widest table; printed on A4."""
    wide = max([2, *(len(table.columns) for table in paper.tables)])
    sheet.set_column(0, wide - 1, WIDTH // wide)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L" + visible(paper.number).replace("&", "&&") + "&R&P / &N")
    front = _Front(sheet, wide, lang, styles)
    if paper.notice:
        front.line(paper.notice.pick(lang), "quiet")
    if paper.issuer:
        front.line(paper.issuer.pick(lang), "strong")
    front.line(paper.title.pick(lang), "title")
    for block in paper.blocks:
        front.add(block)


class _Front:
    """The first sheet while it is written, one row after the other."""

    def __init__(self, sheet: Any, wide: int, lang: Lang, styles: dict[str, Any]) -> None:
        self.sheet, self.wide, self.lang, self.styles, self.row = sheet, wide, lang, styles, 0

    def line(self, said: str, style: str) -> None:
        """Words across all columns, as high as they need."""
        self._across(0, said, style)
        size = 1.7 if style == "title" else 1.2 if style == "heading2" else 1.0
        self.sheet.set_row(self.row, 15 * size * _lines(said, int(WIDTH / size)))
        self.row += 1

    def _across(self, first: int, said: str, style: str) -> None:
        look = self.styles[style]
        if self.wide - first > 1:
            self.sheet.merge_range(self.row, first, self.row, self.wide - 1, "", look)
        _text(self.sheet, self.row, first, said, look)

    def add(self, block: Heading | Paragraph | Items | Facts | Table) -> None:
        match block:
            case Heading(said, level):
                self.row += 1
                self.line(worded(said, self.lang), f"heading{level}")
            case Paragraph(said, tone):
                self.line(worded(said, self.lang), tone)
            case Items(entries, numbered):
                for number, entry in enumerate(entries, 1):
                    self.line(
                        f"{number}. {worded(entry, self.lang)}" if numbered else f"• {worded(entry, self.lang)}",
                        "plain",
                    )
            case Facts():
                self._facts(block)
            case Table():
                self._table(block)

    def _facts(self, facts: Facts) -> None:
        for label, value in facts.given():
            _text(self.sheet, self.row, 0, label.pick(self.lang), self.styles["head"])
            said = worded(value, self.lang)
            self._across(1, said, "cell")
            self.sheet.set_row(self.row, 15 * _lines(said, WIDTH * (self.wide - 1) // self.wide))
            self.row += 1
        self.row += 1

    def _table(self, table: Table) -> None:
        self.line(table.caption.pick(self.lang), "strong")
        for i, column in enumerate(table.columns):
            _text(self.sheet, self.row, i, column.name.pick(self.lang), self.styles["head"])
        self.row += 1
        for row in table.rows:
            for x, value in enumerate(row):
                _write(self.sheet, self.row, x, value, self.lang, self.styles)
            self.sheet.set_row(self.row, 15 * max(_lines(worded(v, self.lang), WIDTH // self.wide) for v in row))
            self.row += 1
        self.row += 1


def _lines(said: str, width: int) -> int:
    """How many lines the words take; Hangul is two characters wide. At most the 27 that a row can be high."""
    wide = [sum(2 if ord(c) > 0x1100 else 1 for c in line) for line in said.split("\n")]
    return min(27, sum(max(1, -(-one // max(1, width))) for one in wide))
