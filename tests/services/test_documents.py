"""The receipt and the letter say what their data says, as accessible PDFs, the same bytes whenever made."""

import dataclasses
import io
import struct
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdf
import pytest

from app.documents import paper
from app.documents.coverage import printable
from app.documents.letter import (
    LETTER_WORDS,
    OUTCOME_WORDS,
    AppealRoute,
    Condition,
    CriterionReason,
    LetterData,
    Officer,
    Outcome,
    Signatory,
    letter_pdf,
)
from app.documents.paper import SAMPLE_NOTICE, Lang, NotPrintable
from app.documents.receipt import RECEIPT_WORDS, Attachment, ReceiptData, receipt_pdf
from workflows.text import Text

LANGUAGES: tuple[Lang, ...] = ("ko", "en")
HASH = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"

RECEIPT = ReceiptData(
    number="KC-2027-0042",
    title="도심 교차로 신호 통합 관제 기본계획",
    applicant="Akimat of the City of Astana",
    submitted_by="Aigerim Nurmagambetova",
    received_on=date(2026, 11, 22),
    received_at_kst_text="2026. 11. 22. 14:03:07 KST",
    cycle=Text("2027년 정기 회차", "2027 regular cycle"),
    fingerprint_sha256=HASH[::-1],
    sections_count=12,
    attachments=(Attachment("협력의향서.pdf", 1_234_567, HASH),),
    next_steps=Text("담당자가 요건을 확인합니다.", "An officer checks eligibility."),
)

LETTER = LetterData(
    outcome="approved_with_conditions",
    issuer=Text("도시협력청", "Office of City Cooperation"),
    number="도시-2027-118",
    dated=date(2027, 3, 2),
    addressee=Text("아스타나시장", "Akim of Astana"),
    case_number="KC-2027-0042",
    case_title=RECEIPT.title,
    cycle=RECEIPT.cycle,
    subject=Text("선정 결과 통지", "Result of the selection"),
    decision=Text("조건을 붙여 지원 대상으로 선정합니다.", "The project is selected, subject to conditions."),
    signatory=Signatory(Text("장관", "Minister"), Text("홍길동", "Hong Gildong")),
    officer=Officer(Text("도시과", "City Division"), Text("김담당", "Kim Damdang"), "044-000-0000", "o@example.kr"),
    verification="7F3K-9QXW-21MP",
    amount=Text("4억 8,000만 원", "KRW 480 million"),
    verdict=Text("찬성 15명으로 가결", "Carried with 15 in favour"),
    reasons=(CriterionReason(Text("필요성", "Need"), Text("수요가 분명합니다.", "Demand is plain.")),),
    conditions=(
        Condition(Text("제1조", "Article 1"), Text("증빙을 내십시오.", "File proof."), date(2027, 4, 9)),
        Condition(Text("제2조", "Article 2"), Text("기록을 남기십시오.", "Keep records."), None),
    ),
    appeals=(
        AppealRoute(Text("이의신청", "Objection"), date(2027, 4, 1), Text("도시과", "City Division")),
        AppealRoute(Text("행정심판", "Administrative appeal"), date(2027, 5, 31), Text("위원회", "Tribunal")),
    ),
)


def read(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document))


def words_of(document: bytes) -> str:
    """All text, with the line ends of the layout as spaces."""
    return " ".join(" ".join(page.extract_text().split()) for page in read(document).pages)


def strings_of(value: object, lang: Lang) -> list[str]:
    """Every string a reader of `lang` must find on the paper."""
    if isinstance(value, Text):
        return [value.pick(lang)]
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [s for item in value for s in strings_of(item, lang)]
    if dataclasses.is_dataclass(value):
        return [s for f in dataclasses.fields(value) for s in strings_of(getattr(value, f.name), lang)]
    return []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_receipt_carries_every_word_of_its_data(lang: Lang) -> None:
    found = words_of(receipt_pdf(RECEIPT, lang))
    for expected in strings_of(RECEIPT, lang):
        assert expected in found
    assert RECEIPT_WORDS["fingerprint"].pick(lang) in found
    assert "1,234,567" in found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_letter_carries_every_word_of_its_data(lang: Lang) -> None:
    found = words_of(letter_pdf(LETTER, lang))
    for expected in set(strings_of(LETTER, lang)) - {LETTER.outcome}:
        assert expected in found
    for key, label in LETTER_WORDS.items():
        assert label.pick(lang) in found, key
    days = {"ko": ("2027. 3. 2.", "2027. 4. 9.", "2027. 5. 31."), "en": ("2 Mar", "9 Apr", "31 May")}
    for day in days[lang]:
        assert day in found.replace("\xa0", " ")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("outcome", OUTCOME_WORDS)
def test_each_outcome_is_named_and_what_is_not_given_has_no_heading(outcome: Outcome, lang: Lang) -> None:
    bare = dataclasses.replace(
        LETTER, outcome=outcome, amount=None, verdict=None, reasons=(), conditions=(), appeals=(), notice=None
    )
    found = words_of(letter_pdf(bare, lang))
    assert OUTCOME_WORDS[outcome].pick(lang) in found
    for absent in ("amount", "verdict", "criterion", "article", "appeals"):
        assert LETTER_WORDS[absent].pick(lang) not in found
    assert SAMPLE_NOTICE.pick(lang) not in found


def test_the_notice_that_it_is_a_sample_stands_on_every_page() -> None:
    many = dataclasses.replace(LETTER, conditions=LETTER.conditions * 30)
    pages = read(letter_pdf(many, "ko")).pages
    assert len(pages) > 2
    for page in pages:
        assert SAMPLE_NOTICE.ko in page.extract_text()
        assert f"{page.page_number + 1} / {len(pages)}" in page.extract_text()


def test_a_table_over_several_pages_repeats_its_header() -> None:
    many = dataclasses.replace(LETTER, conditions=LETTER.conditions * 40)
    text = "".join(page.extract_text() for page in read(letter_pdf(many, "en")).pages)
    assert text.count(LETTER_WORDS["condition"].en) >= 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_papers_are_tagged_titled_and_in_their_language(lang: Lang) -> None:
    for document in (receipt_pdf(RECEIPT, lang), letter_pdf(LETTER, lang)):
        root = read(document).trailer["/Root"]
        assert root["/Lang"].startswith(lang)
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert "/StructTreeRoot" in root
        metadata = root["/Metadata"].get_data().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    title = read(letter_pdf(LETTER, lang)).metadata
    assert title is not None
    assert title.title == f"{LETTER.subject.pick(lang)} ({LETTER.number})"


def test_the_same_data_gives_the_same_bytes_even_in_another_process() -> None:
    here = letter_pdf(LETTER, "ko")
    assert here == letter_pdf(LETTER, "ko")
    script = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:];"
        "from tests.services.test_documents import LETTER; from app.documents.letter import letter_pdf;"
        "sys.stdout.buffer.write(letter_pdf(LETTER, 'ko'))"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", script, str(root)],
        capture_output=True,
        check=True,
        env={"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"},
    )
    assert run.stdout == here


def test_the_metadata_carries_the_day_of_the_paper_and_not_of_its_making() -> None:
    metadata = read(letter_pdf(LETTER, "ko")).metadata
    assert metadata is not None
    assert (metadata["/CreationDate"], metadata["/ModDate"]) == ("D:20270302000000Z",) * 2


CODE = (
    '#panic("x") *bold* _it_ $x^2$ @ref <label> `raw` = // \\ "quoted" \'single\' #let a = 1 {{7*7}} -- ~ https://e.kr'
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_people_type_is_set_as_typed_and_never_as_markup(lang: Lang) -> None:
    files = (Attachment(CODE, 1, HASH),)
    receipt = dataclasses.replace(RECEIPT, title=CODE, applicant=CODE, attachments=files)
    assert words_of(receipt_pdf(receipt, lang)).count(CODE) == 3
    evil = Text(CODE, CODE)
    conditions = (Condition(evil, evil, None),)
    letter = dataclasses.replace(LETTER, case_title=CODE, subject=evil, decision=evil, conditions=conditions)
    found = words_of(letter_pdf(letter, lang))
    assert '#panic("x") *bold* _it_' in found
    assert "".join(found.split()).count("".join(CODE.split())) >= 4


def test_a_typed_path_cannot_read_a_file() -> None:
    text = '#read("/etc/passwd") #include "letter.typ"'
    assert text in words_of(receipt_pdf(dataclasses.replace(RECEIPT, title=text), "ko"))


def test_scripts_without_a_typeface_are_written_as_code_points_and_stop_no_receipt() -> None:
    found = words_of(receipt_pdf(dataclasses.replace(RECEIPT, title="Кыргыз 北京 😀 \u202eevil\u200b"), "ko"))
    assert "Кыргыз 北京 [U+1F600] [U+202E]evil[U+200B]" in found


def test_of_two_names_the_one_that_can_be_printed_is_taken_and_what_cannot_is_named() -> None:
    assert paper.legible("กรุงเทพมหานคร", "Bangkok") == "Bangkok"
    assert paper.legible("하노이", "Hanoi") == "하노이"
    assert paper.legible("", None, "العاصمة") == "العاصمة"
    assert paper.legible("") == ""
    assert paper.undrawn_in(LETTER) == ""
    strange = (Condition(Text("제1조", "Article 1"), Text("กก ข", "fine"), None),)
    assert paper.undrawn_in(dataclasses.replace(LETTER, case_title="ข\u200b 가", conditions=strange)) == "ข\u200bก"


def test_hangul_typed_in_parts_is_printed_composed() -> None:
    assert printable("\u1112\u1161\u11ab", paper.FONTS) == "한"


def test_copied_text_holds_no_invisible_characters_even_where_long_names_break() -> None:
    name = "A_" * 60 + ".pdf"
    document = receipt_pdf(dataclasses.replace(RECEIPT, attachments=(Attachment(name, 1, HASH),)), "en")
    text = "".join(page.extract_text() for page in read(document).pages)
    assert name in text.replace("\n", "")
    assert HASH in text
    assert not set(text) & {"\u200b", "\u2060", "\xad"}


def test_nothing_runs_off_the_page() -> None:
    """Long unbroken words wrap: no text begins or ends outside the margins of an A4 page."""
    long = "W" * 300
    letter = dataclasses.replace(
        LETTER,
        case_title=long,
        decision=Text(long, long),
        conditions=(Condition(Text("제1조", "Article 1"), Text(long, long), None),),
    )
    for page in read(letter_pdf(letter, "ko")).pages:
        assert page.mediabox.width == pytest.approx(595.276, abs=0.01)
        assert "W" * 70 not in page.extract_text(), "a line of seventy wide letters is wider than the page"


def test_an_empty_box_in_place_of_a_character_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second net: were a character without a glyph to get past `printable`, no paper comes out."""
    monkeypatch.setattr(paper, "printable", lambda text, fonts: text)
    with pytest.raises(NotPrintable, match="could not be displayed"):
        receipt_pdf(dataclasses.replace(RECEIPT, title="😀"), "ko")


def test_only_the_fonts_of_the_house_are_in_the_file() -> None:
    for page in read(letter_pdf(LETTER, "en")).pages:
        for font in page["/Resources"]["/Font"].values():
            assert "PretendardGOV" in font.get_object()["/BaseFont"]


def test_a_missing_typeface_is_an_error_and_never_a_silent_substitute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "FONTS", tmp_path)
    with pytest.raises(NotPrintable):
        receipt_pdf(RECEIPT, "ko")


def test_a_warning_of_the_typesetter_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = '#set document(title: "x")\n#set text(font: ("Gone", "Pretendard GOV"), lang: "ko")\n= x'
    (tmp_path / "x.typ").write_text(template)
    monkeypatch.setattr(paper, "TEMPLATES", tmp_path)
    with pytest.raises(NotPrintable, match="unknown font family"):
        paper.render("x.typ", RECEIPT, {}, title=Text("가", "a"), dated=date(2026, 1, 1), lang="ko")


def test_a_font_without_a_character_map_is_refused(tmp_path: Path) -> None:
    (tmp_path / "X-Regular.otf").write_bytes(struct.pack(">4sHHHH", b"OTTO", 0, 0, 0, 0))
    with pytest.raises(ValueError, match="no cmap table"):
        printable("가", tmp_path)


def test_both_languages_of_every_fixed_word_are_given() -> None:
    for word in (*LETTER_WORDS.values(), *RECEIPT_WORDS.values(), *OUTCOME_WORDS.values(), SAMPLE_NOTICE):
        assert any("가" <= c <= "힣" for c in word.ko)
        assert word.en.isprintable()
        assert not any("가" <= c <= "힣" for c in word.en)
