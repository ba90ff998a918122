"""HWPX, DOCX, XLSX and PPTX: ZIP archives judged by their directory before anything is unpacked.

Only the first bytes of XML parts are ever read, in bounded pieces and by a parser that stops at a DTD.
"""

import re
import struct
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path
from xml.parsers import expat

from app.recognise.hwp import locked
from app.recognise.refusal import Unrecognised, damaged, refuse

MOST_ENTRIES = 10_000
MOST_DIRECTORY_BYTES = 2 * 1024 * 1024
MOST_BYTES = 512 * 1024 * 1024
MOST_RATIO, RATIO_FROM = 200, 10 * 1024 * 1024  # text of a sheet shrinks 100-fold; small parts do no harm
MOST_TYPES_BYTES = 1024 * 1024
MOST_PROLOGUE = 64 * 1024
# What zipfile raises on archives that contradict themselves.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, UnicodeDecodeError, struct.error)
MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}


def check_archive(path: Path) -> str:
    """Return "hwpx", "docx", "xlsx" or "pptx"; Unrecognised for bombs, macros, passwords and DTDs."""
    _refuse_large_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive, path.stat().st_size)
            _refuse_names(archive)
            kind = _kind(archive)
            for entry in archive.infolist():
                if entry.filename.lower().endswith((".xml", ".rels", ".hpf")):
                    _refuse_dtd(archive, entry)
            return kind
    except UNREADABLE as error:
        raise damaged("ZIP") from error


def _refuse_large_directory(path: Path) -> None:
    """Read the end record alone: what it declares bounds the memory that reading the directory takes."""
    size = path.stat().st_size
    with path.open("rb") as source:
        source.seek(max(size - 22, 0))
        end = source.read()
    if len(end) < 22 or end[:4] != b"PK\x05\x06":
        raise damaged("ZIP")
    entries, length, offset = struct.unpack_from("<HII", end, 10)
    if entries > MOST_ENTRIES or length > MOST_DIRECTORY_BYTES:
        raise _bomb()
    if offset + length != size - 22:
        raise damaged("ZIP")


def _refuse_bomb(archive: zipfile.ZipFile, size: int) -> None:
    entries = sorted(archive.infolist(), key=lambda e: e.header_offset)
    if any(e.flag_bits & 0x2041 for e in entries):
        raise locked()
    swollen = any(e.file_size > RATIO_FROM and e.file_size > MOST_RATIO * e.compress_size for e in entries)
    overlapping = any(a.header_offset + 30 + a.compress_size > b.header_offset for a, b in pairwise(entries))
    if (
        len(entries) > MOST_ENTRIES
        or sum(e.file_size for e in entries) > MOST_BYTES
        or sum(e.compress_size for e in entries) > size
        or swollen
        or overlapping
    ):
        raise _bomb()


def _refuse_names(archive: zipfile.ZipFile) -> None:
    names = [e.filename.lower() for e in archive.infolist()]
    if any(n.endswith("vbaproject.bin") for n in names):
        raise _macros()
    if len(set(names)) < len(names) or any(re.search(r"^/|\\|(^|/)\.\.(/|$)", name) for name in names):
        raise damaged("ZIP")
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in archive.infolist()):
        raise damaged("ZIP")


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names and _read(archive, "mimetype", 64).strip() == b"application/hwp+zip":
        if not names & {"Contents/content.hpf", "Contents/header.xml"}:
            raise damaged("HWPX")
        return "hwpx"
    if "[Content_Types].xml" not in names:
        raise refuse(
            "archive",
            "압축 파일은 받지 않습니다. 안에 든 문서를 하나씩 올려 주십시오.",
            "Archives are not accepted. Upload the documents in it one by one.",
        )
    types = _content_types(_read(archive, "[Content_Types].xml", MOST_TYPES_BYTES))
    if any("macroenabled" in kind.lower() for kind in types.values()):
        raise _macros()
    found = {MAIN_PARTS[t] for part, t in types.items() if t in MAIN_PARTS and part.lstrip("/") in names}
    if len(found) != 1:
        raise damaged("Office")
    return found.pop()


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as part:
        content = part.read(most + 1)
    if len(content) > most:
        raise _bomb()
    return content


def _content_types(xml: bytes) -> dict[str, str]:
    """Part name -> content type of each Override (ECMA-376 part 2, 10.1.2)."""
    types: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Override":
            types[attributes.get("PartName", "")] = attributes.get("ContentType", "")

    parser = _parser()
    parser.StartElementHandler = start
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise damaged("Office") from error
    return types


def _refuse_dtd(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read an XML part up to its first element; the packages allow no DTD (ECMA-376 part 2, 7.3.2.4)."""
    begun: list[str] = []
    parser = _parser()
    parser.StartElementHandler = lambda tag, _: begun.append(tag)
    with archive.open(entry) as part:
        read = 0
        while not begun and read < MOST_PROLOGUE and (piece := part.read(4096)):
            read += len(piece)
            try:
                parser.Parse(piece, False)
            except expat.ExpatError:
                return
    if not begun and read >= MOST_PROLOGUE:
        raise damaged("XML")


def _parser() -> expat.XMLParserType:
    """A parser that resolves nothing and stops at the first word of a DTD."""

    def doctype(*_: object) -> None:
        raise refuse(
            "dtd",
            "문서 안에 외부 자료를 불러올 수 있는 선언(DTD)이 있습니다. 원본 프로그램에서 다시 저장하여 올려 주십시오.",
            "The document declares a DTD, which could pull in outside data. Save it again from its program.",
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    return parser


def _bomb() -> Unrecognised:
    return refuse(
        "bomb",
        "압축을 풀면 지나치게 커지는 파일입니다. 문서를 나누거나 다시 저장하여 올려 주십시오.",
        "The file would grow beyond measure when unpacked. Split the document or save it again.",
    )


def _macros() -> Unrecognised:
    return refuse(
        "macros",
        "매크로가 든 문서는 받지 않습니다. 매크로 없이 저장하여 올려 주십시오.",
        "Documents with macros are not accepted. Save the document without macros.",
    )
