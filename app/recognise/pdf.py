"""PDF by its first and last bytes, and the refusal of files that are two things at once.

Never parses a PDF.
"""

import re
from pathlib import Path

from app.recognise.refusal import damaged, refuse

HEAD, TAIL = 1024, 65_536 + 22
MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?php)\b", re.IGNORECASE)


def check_pdf(path: Path) -> str:
    """Return "pdf" when it begins with %PDF-1.x or 2.x, ends in startxref and %%EOF (ISO 32000-2, 7.5)."""
    with path.open("rb") as source:
        head = source.read(HEAD)
        source.seek(max(path.stat().st_size - 2048, 0))
        tail = source.read()
    body, end, rest = tail.rpartition(b"%%EOF")
    ended = end and b"startxref" in body and not rest.strip(b"\0 \t\r\n\f")
    if not ended or not re.match(rb"%PDF-[12]\.\d", head):
        raise damaged("PDF")
    return "pdf"


def refuse_two_in_one(path: Path) -> None:
    """Refuse a file that is also a web page or carries a readable ZIP archive behind its own content."""
    size = path.stat().st_size
    with path.open("rb") as source:
        head = source.read(HEAD)
        source.seek(max(size - TAIL, 0))
        base, tail = source.tell(), source.read()
        at = tail.find(b"PK\x05\x06")
        archive = False
        while at >= 0 and not archive:
            directory = int.from_bytes(tail[at + 12 : at + 16], "little")
            source.seek(max(base + at - directory, 0))
            archive = directory > 0 and source.read(4) == b"PK\x01\x02"
            at = tail.find(b"PK\x05\x06", at + 1)
    if archive or MARKUP.search(head):
        raise refuse(
            "two_in_one",
            "한 파일에 다른 형식의 내용이 함께 들어 있습니다. 원본 프로그램에서 다시 저장하여 올려 주십시오.",
            "The file holds content of another format as well. Save it again from its program and upload that.",
        )
