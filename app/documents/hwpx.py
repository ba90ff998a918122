"""A paper of the house as HWPX (KS X 6101, OWPML), which Hancom Office opens and officials go on editing.

Headings are real outline levels, tables real tables with a header row. The same bytes for the same data.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from app.documents.paper import Lang
from app.documents.paper_model import Facts, Heading, Items, Paper, Paragraph, Table, visible, worded

INK, QUIET, ACCENT, RULE, TINT = "#1E2124", "#464C53", "#052B57", "#B1B8BE", "#F4F5F6"
FONT = "함초롬바탕"
TEXT_WIDTH = 45_354
"""Width between the margins in HWP units (1/7200 inch): 160 mm of A4."""
LABEL = 25
"""Share of the label's column in hundredths."""
EPOCH = (1980, 1, 1, 0, 0, 0)
MARGINS = {"left": 25, "right": 25, "top": 20, "bottom": 20, "header": 10, "footer": 10}
OPF = "{http://www.idpf.org/2007/opf/}"
NUMBERS = {"id", "idRef", "instId", "instid"}
DRAWN_AT_RANDOM = 5
"""Numbers of more digits than this name one making of the file and nothing in it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How a table is read: which cells are headers, which columns are figures."""

    header_row: bool = False
    header_column: bool = False
    right: frozenset[int] = frozenset()


def paper_hwpx(paper: Paper, lang: Lang) -> bytes:
    """The paper as one HWPX file in `lang`."""
    from hwpx import HwpxDocument  # heavy, and needed only here

    document = HwpxDocument.new()
    document.page.setup(paper_size="A4", orientation="PORTRAIT", margins_mm=MARGINS)
    writer = _Writer(document, lang)
    if paper.notice:
        writer.paragraph(paper.notice.pick(lang), "quiet", alignment="CENTER")
    if paper.issuer:
        writer.paragraph(paper.issuer.pick(lang), "strong")
    writer.paragraph(paper.title.pick(lang), "title", spacing_after_pt=10)
    for block in paper.blocks:
        writer.add(block)
    document.page.set_footer(text=visible(paper.number + (f" · {paper.notice.pick(lang)}" if paper.notice else "")))
    return _steady(document.to_bytes(), paper, lang)


class _Writer:
    """The document while it is written, block after block."""

    def __init__(self, document: Any, lang: Lang) -> None:
        self.document, self.lang = document, lang
        looks: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "size": 20, "color": ACCENT},
            "heading2": {"bold": True, "size": 13, "color": ACCENT},
            "heading3": {"bold": True, "size": 11, "color": INK},
            "plain": {"size": 10.5, "color": INK},
            "quiet": {"size": 9.5, "color": QUIET},
            "strong": {"bold": True, "size": 10.5, "color": INK},
            "decision": {"bold": True, "size": 11.5, "color": ACCENT},
            "head": {"bold": True, "size": 9.5, "color": INK},
            "cell": {"size": 9.5, "color": INK},
        }
        self.looks = {name: document.styles.ensure_run(font=FONT, **look) for name, look in looks.items()}
        self.head_fill = document.styles.ensure_border_fill(border_color=RULE, fill_color=TINT)
        self.cell_fill = document.styles.ensure_border_fill(border_color=RULE)
        self.shapes: dict[tuple[Any, ...], str] = {}
        self.first: Any = document.paragraphs[0]

    def add(self, block: Heading | Paragraph | Items | Facts | Table) -> None:
        match block:
            case Heading(said, level):
                self.heading(worded(said, self.lang), level)
            case Paragraph(said, tone):
                self.paragraph(worded(said, self.lang), tone, spacing_after_pt=6)
            case Items(entries, numbered):
                for number, entry in enumerate(entries, 1):
                    mark = f"{number}. " if numbered else "• "
                    self.paragraph(mark + worded(entry, self.lang), "plain", indent_left_mm=4, spacing_after_pt=2)
            case Facts():
                rows = [(label.pick(self.lang), worded(value, self.lang)) for label, value in block.given()]
                self.grid([LABEL, 100 - LABEL], rows, Grid(header_column=True))
            case Table(caption, columns, rows):
                self.paragraph(
                    caption.pick(self.lang), "strong", spacing_before_pt=6, spacing_after_pt=2, keep_with_next=True
                )
                head = tuple(column.name.pick(self.lang) for column in columns)
                body = [tuple(worded(value, self.lang) for value in row) for row in rows]
                right = frozenset(i for i, column in enumerate(columns) if column.numeric)
                self.grid([column.share for column in columns], [head, *body], Grid(header_row=True, right=right))

    def heading(self, said: str, level: int) -> None:
        """A heading as an outline level, so that the document's outline shows it."""
        look = self.looks[f"heading{level}"]
        paragraph = self.document.add_heading(visible(said), level=level - 1, char_pr_id_ref=look)
        before = 14 if level == 2 else 8
        self._shape(
            paragraph, spacing_before_pt=before, spacing_after_pt=4, keep_with_next=True, outline_level=level - 1
        )

    def paragraph(self, said: str, look: str, **shape: Any) -> None:
        """One paragraph a line of what is said. The first stands where the section's own paragraph is."""
        for line in visible(said).split("\n"):
            if self.first is not None:
                paragraph, self.first = self.first, None
                paragraph.add_run(line, char_pr_id_ref=self.looks[look])
            else:
                paragraph = self.document.add_paragraph(
                    line, char_pr_id_ref=self.looks[look], para_pr_id_ref="0", style_id_ref="0", inherit_style=False
                )
            self._shape(paragraph, **{"alignment": "LEFT", "line_spacing_percent": 150, "spacing_after_pt": 4, **shape})

    def _shape(self, paragraph: Any, **how: Any) -> None:
        """Give a paragraph its form; the same form is made once and used again."""
        key = tuple(sorted(how.items()))
        if key in self.shapes:
            paragraph.para_pr_id_ref = self.shapes[key]
            return
        self.document.styles.apply_paragraph_format(paragraphs=[paragraph], **how)
        self.shapes[key] = paragraph.para_pr_id_ref

    def grid(self, shares: list[int], rows: list[tuple[str, ...]], form: Grid) -> None:
        """A table as wide as the text."""
        if not rows:
            return
        table = self.document.add_table(len(rows), len(shares), width=TEXT_WIDTH, border_fill_id_ref=self.cell_fill)
        table.set_column_widths(shares)
        table.element.set("pageBreak", "CELL")
        table.element.set("repeatHeader", "1" if form.header_row else "0")
        for y, row in enumerate(rows):
            for x, said in enumerate(row):
                self._cell(table, y, x, said, form)
        self.paragraph("", "cell", spacing_after_pt=2)

    def _cell(self, table: Any, y: int, x: int, said: str, form: Grid) -> None:
        cell = table.cell(y, x)
        first, *more = visible(said).split("\n")
        cell.set_text(first)
        for line in more:
            cell.add_paragraph(line)
        over = form.header_row and y == 0
        head = over or (form.header_column and x == 0)
        for paragraph in cell.paragraphs:
            paragraph.char_pr_id_ref = self.looks["head" if head else "cell"]
            self._shape(paragraph, alignment="RIGHT" if x in form.right else "LEFT", line_spacing_percent=140)
        if head:
            table.set_cell_border_fill(y, x, self.head_fill)
        cell.element.set("header", "1" if over else "0")
        cell.element.set("hasMargin", "1")


def _steady(archive: bytes, paper: Paper, lang: Lang) -> bytes:
    """The same archive with its own title and day instead of the moment and the numbers of this making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry.filename)
            if entry.filename == "Contents/content.hpf":
                data = _named(data, paper, lang)
            elif entry.filename.startswith("Contents/section"):
                data = _numbered(data)
            elif entry.filename == "Preview/PrvText.txt":
                data = visible(paper.title.pick(lang)).encode("utf-8")
            if entry.filename != "Preview/PrvImage.png":
                plain = zipfile.ZipInfo(entry.filename, EPOCH)
                plain.compress_type = entry.compress_type
                new.writestr(plain, data)
    return out.getvalue()


def _named(content: bytes, paper: Paper, lang: Lang) -> bytes:
    """The package's description: title, language, day; nobody's name."""
    root = etree.fromstring(content)
    said = {
        "CreatedDate": f"{paper.dated}T00:00:00Z",
        "ModifiedDate": f"{paper.dated}T00:00:00Z",
        "subject": visible(paper.number),
    }
    for element in root.iter(f"{OPF}title"):
        element.text = visible(paper.title.pick(lang))
    for element in root.iter(f"{OPF}language"):
        element.text = lang
    for element in root.iter(f"{OPF}meta"):
        element.text = said.get(element.get("name"), "")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _numbered(section: bytes) -> bytes:
    """The numbers that the library draws at random, in the order in which they stand."""
    root = etree.fromstring(section)
    numbers: dict[str, str] = {}
    for element in root.iter():
        for name in NUMBERS.intersection(element.keys()):
            drawn = element.get(name)
            if len(drawn) > DRAWN_AT_RANDOM:
                element.set(name, numbers.setdefault(drawn, str(len(numbers) + 1)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
