"""A file is taken for what it is, never for what it is called; what deceives is refused with a reason."""

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recognise import ENDINGS, Recognised, Unrecognised, clean_name, recognise
from app.recognise.archive import MAIN_PARTS

PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n45\n%%EOF\n"
OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
Parts = Mapping[str, bytes]


def packed(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else method)
    return into.getvalue()


def office_parts(kind: str, **more: bytes) -> dict[str, bytes]:
    content_type = next(t for t, k in MAIN_PARTS.items() if k == kind)
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{OFFICE[kind]}" ContentType="{content_type}"/></Types>'
    )
    return {"[Content_Types].xml": types.encode(), OFFICE[kind]: b"<root/>", **more}


def hwpx_parts() -> dict[str, bytes]:
    return {"mimetype": b"application/hwp+zip", "Contents/content.hpf": b"<opf/>", "version.xml": b"<v/>"}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 1, height: int = 1, depth: int = 8, colour: int = 2) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(4))) + chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 8) -> bytes:
    app = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + app + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34" + b"\xff\xd9"


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBB12s36xIQ", coded, len(coded), kind, 1, b"\xff" * 12, start, size)


def compound(names: Mapping[str, int], small: bytes = b"", loop: bool = False) -> bytes:
    """A compound file: sector 0 allocation table, 1 and 3 directory, 2 mini stream with FileHeader."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    lines = [entry("Root Entry", 5, 2, 512), *(entry(n, k, 0, len(small)) for n, k in names.items())]
    sectors = -(-len(lines) // 4)
    header = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<III4xIIIII109I", 0, 1, 1, 4096, end, 0, end, 0, 0, *[free] * 108)
    chain = [1 if loop else (3 if sectors > 1 else end)]
    table = [0xFFFFFFFD, *chain, end, *[end] * sectors]
    fat = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    directory = b"".join(lines).ljust(1024, b"\0")
    return header + fat + directory[:512] + small.ljust(512, b"\0") + directory[512:]


def hwp(flags: int = 1, signature: bytes = b"HWP Document File") -> bytes:
    small = signature.ljust(32, b"\0") + struct.pack("<II", 0x05010000, flags) + bytes(216)
    return compound({"FileHeader": 2, "DocInfo": 2, "BodyText": 1, "PrvText": 2}, small)


REAL: dict[str, bytes] = {
    "pdf": PDF,
    "hwp": hwp(),
    "hwpx": packed(hwpx_parts()),
    "png": png(),
    "jpeg": jpeg(),
    **{kind: packed(office_parts(kind)) for kind in OFFICE},
}

Look = Callable[[bytes, str], Recognised]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def at(content: bytes, name: str) -> Recognised:
        place = tmp_path / "upload"
        place.write_bytes(content)
        return recognise(place, name)

    return at


@pytest.fixture
def refusal(look: Look) -> Callable[[bytes, str], str]:
    """The code of the refusal; its sentence must be there in both languages."""

    def code(content: bytes, name: str) -> str:
        with pytest.raises(Unrecognised) as refused:
            look(content, name)
        reason = refused.value.reason
        assert any("HANGUL" in unicodedata.name(c, "") for c in reason.text.ko)
        assert reason.text.en.isprintable()
        assert reason.text.en
        return reason.code

    return code


Refusal = Callable[[bytes, str], str]


@pytest.mark.parametrize("kind", REAL)
def test_each_accepted_format_is_recognised_by_its_content(look: Look, kind: str) -> None:
    found = look(REAL[kind], f"사업 제안서.{kind.upper()}")
    assert (found.kind, found.extension, found.name) == (kind, kind, f"사업 제안서.{kind.upper()}")
    assert "/" in found.media_type


def test_jpg_is_jpeg(look: Look) -> None:
    assert look(jpeg(), "현장.jpg").media_type == "image/jpeg"


@pytest.mark.parametrize("kind", REAL)
def test_every_content_under_every_other_ending_is_refused(refusal: Refusal, kind: str) -> None:
    for ending in {e for e, k in ENDINGS.items() if k != kind}:
        assert refusal(REAL[kind], f"a.{ending}") == "ending"
    for ending in ("exe", "html", "svg", "txt", "docm"):
        assert refusal(REAL[kind], f"a.{ending}") == "kind"


@pytest.mark.parametrize("content", [b"", b"P", b"MZ\x90\0", b"<html>", b"#!/bin/sh", b"GIF89a", b" %PDF-1"])
def test_other_content_is_not_a_format_we_accept(refusal: Refusal, content: bytes) -> None:
    assert refusal(content, "a.pdf") == "kind"


@pytest.mark.parametrize("kind", REAL)
def test_no_format_is_taken_when_cut_short_at_any_point(refusal: Refusal, kind: str) -> None:
    whole = REAL[kind]
    essential = len(whole.rstrip(b"\n"))
    for length in range(8, essential, 7):
        assert refusal(whole[:length], f"a.{kind}") in {"damaged", "kind", "archive"}


@pytest.mark.parametrize("kind", ["pdf", "png", "jpeg", "hwp"])
def test_a_file_with_an_archive_behind_it_is_refused(refusal: Refusal, kind: str) -> None:
    """What opens as a picture for one program and as an archive for another passes no check of either."""
    assert refusal(REAL[kind] + packed({"x.html": b"x"}), f"a.{kind}") in {"two_in_one", "damaged"}


def test_an_archive_hidden_between_the_parts_of_a_pdf_is_refused(refusal: Refusal) -> None:
    assert refusal(PDF[:9] + packed({"x.html": b"x"}) + PDF[9:], "a.pdf") == "two_in_one"


def test_a_pdf_that_begins_as_a_web_page_is_refused(refusal: Refusal) -> None:
    assert refusal(b"%PDF-1.7\n%<Script>alert(1)</script>\n" + PDF[9:], "a.pdf") == "two_in_one"
    assert refusal(b"<html>" + PDF, "a.pdf") == "kind"


def test_an_archive_with_something_before_or_behind_it_is_refused(refusal: Refusal) -> None:
    assert refusal(REAL["docx"] + b"tail", "a.docx") == "damaged"
    assert refusal(b"PK\x03\x04" + REAL["docx"], "a.docx") == "damaged"


def test_a_plain_archive_is_refused_with_advice(refusal: Refusal) -> None:
    assert refusal(packed({"a.txt": b"x"}), "a.docx") == "archive"


def test_an_office_file_needs_the_main_part_it_declares(refusal: Refusal) -> None:
    parts = office_parts("docx")
    del parts["word/document.xml"]
    assert refusal(packed(parts), "a.docx") == "damaged"


@pytest.mark.parametrize("name", ["word/vbaProject.bin", "xl/VBAPROJECT.BIN"])
def test_a_document_with_a_macro_project_is_refused(refusal: Refusal, name: str) -> None:
    assert refusal(packed({**office_parts("docx"), name: b"x"}), "a.docx") == "macros"


def test_a_macro_document_renamed_to_docx_is_refused(refusal: Refusal) -> None:
    parts = office_parts("docx")
    parts["[Content_Types].xml"] = (
        b'<Types><Override PartName="/word/document.xml" '
        b'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    )
    assert refusal(packed(parts), "a.docx") == "macros"


def test_a_highly_compressed_part_is_refused_before_it_is_unpacked(refusal: Refusal) -> None:
    assert refusal(packed(office_parts("xlsx", **{"xl/s.bin": bytes(20 * 1024 * 1024)})), "a.xlsx") == "bomb"


def test_an_archive_of_very_many_entries_is_refused(refusal: Refusal) -> None:
    many = {f"x{i}": b"" for i in range(10_001)}
    assert refusal(packed({**office_parts("docx"), **many}, zipfile.ZIP_STORED), "a.docx") == "bomb"


def test_an_archive_whose_entries_share_their_bytes_is_refused(refusal: Refusal) -> None:
    """The overlapping bomb: thousands of directory lines point at one compressed kernel."""
    whole = bytearray(packed({"a": b"k" * 5000, "b": b"k" * 5000}, zipfile.ZIP_STORED))
    second = whole.rfind(b"PK\x01\x02")
    struct.pack_into("<I", whole, second + 42, 0)
    assert refusal(bytes(whole), "a.docx") in {"bomb", "damaged"}


def test_a_directory_that_declares_less_than_it_holds_is_refused(refusal: Refusal) -> None:
    whole = bytearray(REAL["docx"])
    struct.pack_into("<I", whole, len(whole) - 22 + 12, 46)
    assert refusal(bytes(whole), "a.docx") == "damaged"


def test_an_encrypted_archive_is_refused(refusal: Refusal) -> None:
    whole = bytearray(REAL["docx"])
    at = whole.rfind(b"PK\x01\x02")
    whole[at + 8] |= 1
    assert refusal(bytes(whole), "a.docx") == "locked"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "a\\..\\b", "word/../../x"])
def test_an_archive_whose_names_leave_it_is_refused(refusal: Refusal, name: str) -> None:
    assert refusal(packed({**office_parts("docx"), name: b"x"}), "a.docx") == "damaged"


@pytest.mark.parametrize("part", ["[Content_Types].xml", "word/document.xml", "_rels/.rels"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused_in_any_part(refusal: Refusal, part: str, coding: str) -> None:
    """An entity could read a file of the server or grow a billionfold; the package format knows no DTD."""
    evil = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    assert refusal(packed({**office_parts("docx"), part: evil.encode(coding)}), "a.docx") == "dtd"


def test_a_declaration_behind_a_long_comment_is_still_found(refusal: Refusal) -> None:
    evil = b"<!--" + b"x" * 30_000 + b"--><!DOCTYPE x><x/>"
    assert refusal(packed({**office_parts("docx"), "docProps/app.xml": evil}), "a.docx") == "dtd"


def test_a_png_with_one_changed_byte_in_a_chunk_is_refused(refusal: Refusal) -> None:
    whole = bytearray(png())
    whole[20] ^= 1
    assert refusal(bytes(whole), "a.png") == "damaged"


def test_pictures_need_a_size_and_stay_below_a_hundred_million_pixels(refusal: Refusal, look: Look) -> None:
    assert look(png(10_000, 10_000), "a.png").kind == "png"
    assert refusal(png(10_001, 10_000), "a.png") == "too_many_pixels"
    assert refusal(jpeg(65_000, 65_000), "a.jpg") == "too_many_pixels"
    assert refusal(png(0, 1), "a.png") == "damaged"
    assert refusal(jpeg(0, 8), "a.jpg") == "damaged"
    assert refusal(png(colour=5), "a.png") == "damaged"
    assert refusal(png() + b"x", "a.png") == "damaged"


def test_a_locked_or_foreign_compound_file_is_refused_with_its_own_advice(refusal: Refusal) -> None:
    assert refusal(hwp(flags=0b11), "a.hwp") == "locked"
    assert refusal(compound({"EncryptedPackage": 2}), "a.docx") == "locked"
    assert refusal(compound({"WordDocument": 2}), "a.hwp") == "old_office"
    assert refusal(compound({"Something": 2}), "a.hwp") == "damaged"
    assert refusal(hwp(signature=b"HWP document file"), "a.hwp") == "damaged"


def test_a_compound_file_whose_directory_runs_in_a_circle_ends(refusal: Refusal) -> None:
    assert refusal(compound({"X": 2}, loop=True), "a.hwp") == "damaged"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("제안서.pdf", "제안서.pdf"),
        (unicodedata.normalize("NFD", "제안서.pdf"), "제안서.pdf"),
        ("report.pdf.", "report.pdf"),
        ("report.pdf . .", "report.pdf"),
        ("../../etc/report.pdf", "report.pdf"),
        ("C:\\Users\\kim\\계획.hwp", "계획.hwp"),
        (".hidden.pdf", "hidden.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.계획.pdf", "_lpt1.계획.pdf"),
        ("contract.pdf", "contract.pdf"),
        ('a<b>:"c"|?*.pdf', "a_b___c____.pdf"),
        ("  두   칸 .pdf", "두 칸.pdf"),
        ("v1.2 (2026.11.22).pdf", "v1.2 (2026.11.22).pdf"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("a.pdf.pdf", "a.pdf.pdf"),
    ],
)
def test_a_name_is_kept_as_people_wrote_it_and_cleaned_of_what_misleads(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a\0.pdf", "name_hidden_characters"),
        ("a\r\nb.pdf", "name_hidden_characters"),
        ("invoice\u202efdp.exe", "name_hidden_characters"),
        ("\u2066a.pdf", "name_hidden_characters"),
        ("\ud800.pdf", "name_hidden_characters"),
        ("plan.exe.pdf", "name_two_endings"),
        ("plan.HTML.pdf", "name_two_endings"),
        ("plan.pdf.docx", "name_two_endings"),
        ("noending", "name_without_ending"),
        ("", "name_without_ending"),
        (".pdf", "name_without_ending"),
        ("...", "name_without_ending"),
        ("a." + "x" * 200, "name_ending_too_long"),
    ],
)
def test_a_name_that_deceives_is_refused(name: str, code: str) -> None:
    with pytest.raises(Unrecognised) as refused:
        clean_name(name)
    assert refused.value.reason.code == code


def test_a_long_name_is_cut_visibly_in_its_stem_and_never_in_its_ending() -> None:
    kept = clean_name("가" * 100 + ".hwpx")
    assert kept == "가" * 64 + "….hwpx"
    assert len(kept.encode()) == 200
    exact = "a" * 196 + ".pdf"
    assert clean_name(exact) == exact


@given(st.text(max_size=300))
def test_any_cleaned_name_is_short_composed_visible_and_stays_as_it_is_when_cleaned_again(name: str) -> None:
    try:
        kept = clean_name(name + ".pdf")
    except Unrecognised:
        return
    assert len(kept.encode()) <= 200
    assert kept == unicodedata.normalize("NFC", kept)
    assert not set(kept) & set('/\\<>:"|?*\0')
    assert clean_name(kept) == kept
