"""One definition of a paper, four ways to read it: every one says all of it, steadily and without surprises."""

import dataclasses
import io
import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from flask import Flask, render_template_string
from hwpx import HwpxDocument, validate_editor_open_safety

from app.documents.hwpx import paper_hwpx
from app.documents.paper import SAMPLE_NOTICE, Lang
from app.documents.paper_model import Column, Facts, Heading, Items, Paper, Paragraph, Table, visible, worded
from app.documents.paper_pdf import paper_pdf
from app.documents.xlsx import paper_xlsx
from workflows.text import Text

LANGUAGES: tuple[Lang, ...] = ("ko", "en")
CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TYPED = "=cmd|' /C calc'!A1 <b>교차로</b> & http://e.kr #panic() {{7*7}}"
PAPER = Paper(
    Text("의결서", "Decision paper"),
    "KC-2027-0042",
    date(2027, 3, 2),
    (
        Facts(
            (
                (Text("사업명", "Project"), TYPED),
                (Text("신청액", "Requested"), 1_234_567),
                (Text("비고", "Remark"), None),
            )
        ),
        Heading(Text("평가 결과", "Result")),
        Paragraph(Text("84.25점으로 1위입니다.", "First with 84.25 points."), "decision"),
        Paragraph("첫 줄\n둘째 줄"),
        Paragraph(Text("굵게", "Strong"), "strong"),
        Heading(Text("세부", "Details"), 3),
        Table(
            Text("항목별: 점수 [평균]", "Scores: per criterion"),
            (Column(Text("항목", "Criterion"), 3), Column(Text("평균", "Mean"), 1, True), Column(Text("날", "Day"))),
            ((Text("필요성", "Need"), Decimal("17.25"), date(2027, 1, 2)), (TYPED, 1234, None)),
        ),
        Items((Text("하나", "One"), "둘"), True),
        Items((Text("셋", "Three"),)),
        Paragraph(Text("참고", "Note"), "quiet"),
    ),
    issuer=Text("도시협력청", "Office of City Cooperation"),
)
WRITERS: dict[str, Callable[[Paper, Lang], bytes]] = {"pdf": paper_pdf, "hwpx": paper_hwpx, "xlsx": paper_xlsx}


def said(paper: Paper, lang: Lang) -> set[str]:
    """Everything a reader must find."""
    found = {paper.title.pick(lang)}
    for block in paper.blocks:
        match block:
            case Heading(words) | Paragraph(words):
                found.update(worded(words, lang).split("\n"))
            case Items(entries):
                found.update(worded(entry, lang) for entry in entries)
            case Facts():
                found.update(worded(v, lang) for row in block.given() for v in row)
            case Table(caption, columns, rows):
                found |= {caption.pick(lang), *(c.name.pick(lang) for c in columns)}
                found.update(worded(v, lang) for row in rows for v in row)
    return found - {""}


def pdf_words(data: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(data))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages).replace("\xa0", " ")


def hwpx_words(data: bytes) -> str:
    """All text of the body, read from the XML and not by the library that wrote it."""
    section = ET.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("Contents/section0.xml"))
    runs = section.iter("{http://www.hancom.co.kr/hwpml/2011/paragraph}t")
    return "\n".join("".join(run.itertext()) for run in runs)


def hwpx_document(data: bytes) -> HwpxDocument:
    return HwpxDocument.open(io.BytesIO(data))


def sheets(data: bytes) -> list[list[list[tuple[str, str]]]]:
    """Per sheet, rows of (cell type, what it says)."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    strings = [
        "".join(t.text or "" for t in si.iter(f"{CELLS}t"))
        for si in ET.fromstring(archive.read("xl/sharedStrings.xml"))
    ]
    out = []
    for name in sorted(n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")):
        rows = []
        for row in ET.fromstring(archive.read(name)).iter(f"{CELLS}row"):
            cells = []
            for cell in row:
                kind, value = cell.get("t", "n"), cell.findtext(f"{CELLS}v") or ""
                cells.append((kind, strings[int(value)] if kind == "s" else value))
            rows.append(cells)
        out.append(rows)
    return out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_says_all_of_the_paper(lang: Lang) -> None:
    pdf = pdf_words(paper_pdf(PAPER, lang))
    hwpx = hwpx_words(paper_hwpx(PAPER, lang))
    front = " ".join(text for row in sheets(paper_xlsx(PAPER, lang))[0] for _, text in row)
    for expected in said(PAPER, lang) | {SAMPLE_NOTICE.pick(lang), worded(PAPER.issuer, lang)}:
        assert "".join(expected.split()) in "".join(pdf.split())
        assert expected in hwpx
        if not expected.replace(",", "").replace(".", "").replace(" ", "").isdigit() and expected != "2 Jan 2027":
            assert expected in front, "figures and days are checked as figures below"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_all_of_the_paper_with_headings_in_order(app: Flask, lang: Lang) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        template = "{% from 'macros/paper.html' import paper_page with context %}{{ paper_page(paper) }}"
        page = render_template_string(template, paper=PAPER, lang=lang)
    text = "".join(ET.fromstring(page).itertext())
    for expected in said(PAPER, lang):
        assert expected in text
    assert [e.tag for e in ET.fromstring(page).iter() if e.tag in {"h1", "h2", "h3", "h4"}] == ["h2", "h3", "h4"]
    assert "비고" not in text
    assert "Remark" not in text


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_paper_gives_the_same_bytes_at_another_time(kind: str) -> None:
    first = WRITERS[kind](PAPER, "ko")
    time.sleep(2.1)
    assert WRITERS[kind](PAPER, "ko") == first
    assert WRITERS[kind](dataclasses.replace(PAPER, number="KC-2027-0043"), "ko") != first


def test_the_spreadsheet_keeps_figures_as_figures_and_typed_text_as_text() -> None:
    front, table = sheets(paper_xlsx(PAPER, "ko"))
    assert table[1][1] == ("n", "17.25")
    assert table[1][2][0] == "n", "a day is a day"
    assert table[2][0] == ("s", TYPED)
    assert table[2][1] == ("n", "1234")
    archive = zipfile.ZipFile(io.BytesIO(paper_xlsx(PAPER, "ko")))
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "<f>" not in everything
    assert "hyperlink" not in everything
    names = ET.fromstring(archive.read("xl/workbook.xml")).iter(f"{CELLS}sheet")
    assert [s.get("name") for s in names] == ["의결서", "항목별  점수  평균"]
    assert any(TYPED in text for row in front for _, text in row)


def test_two_tables_of_one_name_stand_on_two_sheets() -> None:
    table = next(b for b in PAPER.blocks if isinstance(b, Table))
    long = dataclasses.replace(table, caption=Text("가" * 60, "a" * 60))
    paper = dataclasses.replace(PAPER, blocks=(long, long, long))
    assert len(sheets(paper_xlsx(paper, "ko"))) == 4


def test_hancom_opens_the_file_and_finds_outline_and_header_rows() -> None:
    data = paper_hwpx(PAPER, "ko")
    report = validate_editor_open_safety(data)
    assert report.reopen_ok
    assert not report.blocking_package_errors
    section = zipfile.ZipFile(io.BytesIO(data)).read("Contents/section0.xml").decode()
    assert section.count('repeatHeader="1"') == 1
    assert section.count('header="1"') == 3, "the three cells of the table's first row"
    document = hwpx_document(data)
    styles = {p.text: p.style_id_ref for p in document.paragraphs if p.text in ("평가 결과", "세부", "굵게")}
    assert len(set(styles.values())) == 3, "two levels of the outline and the body"


def test_no_file_tells_who_or_when_made_it() -> None:
    content = zipfile.ZipFile(io.BytesIO(paper_hwpx(PAPER, "en"))).read("Contents/content.hpf").decode()
    assert "author" not in content
    assert "Decision paper" in content
    assert "2027-03-02" in content
    assert ">en<" in content


@pytest.mark.parametrize("kind", WRITERS)
def test_hidden_characters_are_shown_and_stop_no_paper(kind: str) -> None:
    odd = "앞\x00\x0b\u202e뒤\ufffe\u200b"
    paper = dataclasses.replace(PAPER, blocks=(Paragraph(odd), Facts(((Text("가", "a"), odd),))))
    data = WRITERS[kind](paper, "ko")
    text = {
        "pdf": lambda: pdf_words(data),
        "hwpx": lambda: hwpx_words(data),
        "xlsx": lambda: str(sheets(data)),
    }[kind]()
    assert "앞[U+0000][U+000B][U+202E]뒤" in text
    assert visible(odd) == "앞[U+0000][U+000B][U+202E]뒤[U+FFFE][U+200B]"


def test_a_crooked_table_is_refused() -> None:
    with pytest.raises(ValueError, match="every row needs 1"):
        Table(Text("가", "a"), (Column(Text("나", "b")),), (("x", "y"),))


def test_the_pdf_is_tagged_and_repeats_the_header_of_a_long_table() -> None:
    table = next(b for b in PAPER.blocks if isinstance(b, Table))
    many = dataclasses.replace(PAPER, blocks=(dataclasses.replace(table, rows=table.rows * 60),))
    reader = pypdf.PdfReader(io.BytesIO(paper_pdf(many, "en")))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len(reader.pages) > 2
    assert all("Criterion" in page.extract_text() for page in reader.pages)
