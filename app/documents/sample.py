"""Sample attachments of the demo: a page that says what would stand there, and a map of nowhere. Never an office's.

The drawing is made of bytes by hand (PNG, RFC 2083), so that no imaging library is needed for one picture.
"""

import struct
import zlib
from dataclasses import dataclass
from datetime import date

from app.documents.paper import SAMPLE_NOTICE, Lang, render
from workflows.text import Text

SAMPLE_WORDS: dict[str, Text] = {
    "project": Text("사업명", "Project"),
    "applicant": Text("신청기관", "Applicant"),
    "about": Text(
        "시연을 위하여 만든 견본 서류입니다. 실제 기관이나 실제 사업의 문서가 아니며, "
        "여기에 적힌 기관과 사람은 모두 지어낸 것입니다.",
        "A sample made for the demo. It is no document of a real body or project; the organisation and the "
        "people named are invented.",
    ),
}
WIDTH, HEIGHT = 640, 400
PALETTE = bytes.fromhex("f4f5f6 cfe0f5 b1b8be de3412")
LAND, WATER, ROAD, SITE = range(4)


@dataclass(frozen=True, slots=True)
class SampleData:
    """What kind of paper it stands for, and of whose project."""

    kind: Text
    project: Text
    applicant: Text
    notice: Text | None = SAMPLE_NOTICE


def sample_pdf(data: SampleData, dated: date, lang: Lang) -> bytes:
    """The page as PDF/UA-1. Raises paper.NotPrintable."""
    return render("sample.typ", data, SAMPLE_WORDS, title=data.kind, dated=dated, lang=lang)


def sample_map(seed: int) -> bytes:
    """A PNG of an invented quarter: streets, water and a marked site; another one for another `seed`."""
    river, street, site = seed % 180 + 40, seed % 37 + 44, (seed % 400 + 120, seed % 220 + 90)
    rows = b"".join(b"\0" + bytes(_row(y, river, street, site)) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    note = b"Description\0sample, not a map of a real place"
    parts = ((b"IHDR", header), (b"PLTE", PALETTE), (b"tEXt", note), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, body) for name, body in parts)


def _row(y: int, river: int, street: int, site: tuple[int, int]) -> bytearray:
    across = y % street < 3
    row = bytearray([ROAD if across else LAND]) * WIDTH
    for x in range(0, WIDTH - 3, street + 21):
        row[x : x + 3] = bytes([ROAD] * 3)
    left, right = max(0, (y - river - 22) * 4), min(WIDTH, max(0, (y - river + 22) * 4))
    row[left:right] = bytes([WATER] * max(0, right - left))
    half = int(max(0, 81 - (y - site[1]) ** 2) ** 0.5)
    row[site[0] - half : site[0] + half] = bytes([SITE] * 2 * half)
    return row


def _part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
