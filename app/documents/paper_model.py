"""One definition of an official paper, drawn as a page, a PDF/UA, an HWPX and an XLSX file.

A paper is a title, a number, a day and a row of blocks: headings, paragraphs, lists, facts and tables. It says
what stands there, never how it looks. Use:

    paper = Paper(Text("회의록", "Minutes"), "제3차 회의", day, (Heading(...), Facts(...), Table(...)))
    paper_pdf(paper, "ko")      app/documents/paper_pdf.py   PDF/UA-1
    paper_hwpx(paper, "ko")     app/documents/hwpx.py        Hancom Office (KS X 6101)
    paper_xlsx(paper, "ko")     app/documents/xlsx.py        the paper, and each table on a sheet of its own
    {{ paper_page(paper) }}     templates/macros/paper.html  the page

Pure: frozen data in; no clock, no database. Whole numbers and decimals stay numbers up to the spreadsheet.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from app.documents.coverage import INVISIBLE, composed
from app.documents.paper import SAMPLE_NOTICE, Lang
from workflows import words
from workflows.text import Text

Words = Text | str
"""Words in both languages; a plain string is what somebody wrote and reads the same in both."""
Value = Text | str | int | Decimal | date
Tone = Literal["plain", "quiet", "strong", "decision"]
"""How weighty a paragraph is: a note, plain text, emphasised, or the sentence the paper is about."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title: level 2 or, within one of those, 3."""

    words: Words
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line break is a line break."""

    words: Words
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of short texts, with numbers where their order matters."""

    entries: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values; a value of None is left out."""

    rows: tuple[tuple[Text, Value | None], ...]

    def given(self) -> tuple[tuple[Text, Value], ...]:
        """The rows that have a value."""
        return tuple((label, value) for label, value in self.rows if value is not None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and whether its cells are figures."""

    name: Text
    share: int = 1
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption. Each row has as many values as there are columns; None is an empty cell.

    Raises ValueError for a row of another length.
    """

    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value | None, ...], ...]

    def __post_init__(self) -> None:
        """A crooked table is a fault of the program and is found where it is made."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.caption.en}: every row needs {len(self.columns)} cells")


Block = Heading | Paragraph | Items | Facts | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. `number` identifies it in the footer; `dated` is a day in Asia/Seoul and the date of the file."""

    title: Text
    number: str
    dated: date
    blocks: tuple[Block, ...]
    issuer: Text | None = None
    notice: Text | None = SAMPLE_NOTICE

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


def worded(value: Value | None, lang: Lang) -> str:
    """A value as it is read: 1,234 or 84.25 or 2026. 11. 22.; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.pick(lang)
    if isinstance(value, date):
        return words.day(value).pick(lang)
    return f"{value:,}" if isinstance(value, int | Decimal) else value


def visible(text: str) -> str:
    """`text` in NFC for a file whose typeface is the reader's: what would draw nothing is shown as [U+XXXX].

    Line breaks stay, tabs become a space. So no hidden character makes a paper read otherwise than its data,
    and none that XML forbids reaches a file.
    """
    return "".join(c if c == "\n" or _drawn(c) else f"[U+{ord(c):04X}]" for c in composed(text))


def _drawn(character: str) -> bool:
    return unicodedata.category(character) not in INVISIBLE and ord(character) & 0xFFFE != 0xFFFE


def plain(paper: Paper, lang: Lang) -> dict[str, Any]:
    """The paper in one language as strings, lists and mappings, each block with its `kind`."""
    return {
        "number": paper.number,
        "notice": paper.notice,
        "issuer": paper.issuer,
        "blocks": tuple(_plain(block, lang) for block in paper.blocks),
    }


def _plain(block: Block, lang: Lang) -> dict[str, Any]:
    match block:
        case Heading(said, level):
            return {"kind": "heading", "level": level, "words": said}
        case Paragraph(said, tone):
            return {"kind": "paragraph", "tone": tone, "words": said}
        case Items(entries, numbered):
            return {"kind": "items", "numbered": numbered, "entries": entries}
        case Facts():
            return {"kind": "facts", "rows": tuple((label.pick(lang), worded(v, lang)) for label, v in block.given())}
        case Table(caption, columns, rows):
            return {
                "kind": "table",
                "caption": caption,
                "columns": tuple({"name": c.name, "share": c.share, "numeric": c.numeric} for c in columns),
                "rows": tuple(tuple(worded(value, lang) for value in row) for row in rows),
            }
