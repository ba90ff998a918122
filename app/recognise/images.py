"""PNG and JPEG by structure, without decoding a pixel. Never trusts a signature alone."""

import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from app.recognise.refusal import damaged, refuse

PNG = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 100_000_000
# The bit depths allowed for each colour type (PNG 3rd edition, table 12).
DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the SOF markers
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


def check_png(path: Path) -> str:
    """Return "png" when every chunk is whole, IHDR first, IEND last, nothing behind it (PNG, clause 5)."""
    with path.open("rb") as source:
        source.seek(len(PNG))
        kinds: set[bytes] = set()
        while b"IEND" not in kinds:
            kind, data = _chunk(source)
            if not kinds:
                _header(kind, data)
            kinds.add(kind)
        if b"IDAT" not in kinds or source.read(1):
            raise damaged("PNG")
    return "png"


def _chunk(source: BinaryIO) -> tuple[bytes, bytes]:
    """The kind of the next chunk and the start of its data; its checksum is verified piece by piece."""
    head = source.read(8)
    if len(head) < 8:
        raise damaged("PNG")
    left, kind = struct.unpack(">I4s", head)
    start, checksum = b"", zlib.crc32(kind)
    while left:
        piece = source.read(min(left, 65_536))
        if not piece:
            raise damaged("PNG")
        start, checksum, left = start or piece, zlib.crc32(piece, checksum), left - len(piece)
    if source.read(4) != checksum.to_bytes(4, "big"):
        raise damaged("PNG")
    return kind, start


def _header(kind: bytes, data: bytes) -> None:
    if kind != b"IHDR" or len(data) != 13:
        raise damaged("PNG")
    width, height, depth, colour = struct.unpack_from(">IIBB", data)
    if depth not in DEPTHS.get(colour, set()):
        raise damaged("PNG")
    _refuse_size(width, height, "PNG")


def check_jpeg(path: Path) -> str:
    """Return "jpeg" when segments lead to a frame with a size, a scan and an end (ITU-T T.81, annex B)."""
    with path.open("rb") as source:
        source.seek(2)
        framed = False
        while (marker := _marker(source)) != 0xDA:
            if marker in ALONE:
                continue
            body = _segment(source)
            if marker in FRAMES:
                framed = True
                _frame(body)
        _segment(source)
        if not framed or not _ends(source):
            raise damaged("JPEG")
    return "jpeg"


def _marker(source: BinaryIO) -> int:
    if source.read(1) != b"\xff":
        raise damaged("JPEG")
    while (code := source.read(1)) == b"\xff":
        pass
    if not code or code in b"\x00\xd8\xd9":
        raise damaged("JPEG")
    return code[0]


def _segment(source: BinaryIO) -> bytes:
    """The body of a segment, at most 65,533 bytes."""
    length = int.from_bytes(source.read(2), "big") - 2
    body = source.read(max(length, 0))
    if length < 0 or len(body) < length:
        raise damaged("JPEG")
    return body


def _frame(body: bytes) -> None:
    if len(body) < 6:
        raise damaged("JPEG")
    height, width = struct.unpack_from(">HH", body, 1)
    _refuse_size(width, height, "JPEG")


def _ends(source: BinaryIO) -> bool:
    """Whether the end marker follows the scan. Cameras may append data behind it."""
    before = b""
    while piece := source.read(65_536):
        if b"\xff\xd9" in before + piece:
            return True
        before = piece[-1:]
    return False


def _refuse_size(width: int, height: int, what: str) -> None:
    if not (width and height):
        raise damaged(what)
    if width * height > MOST_PIXELS:
        raise refuse(
            "too_many_pixels",
            f"그림이 너무 큽니다({width:,} × {height:,} 화소). 1억 화소 이하로 줄여 올려 주십시오.",
            f"The picture is too large ({width:,} × {height:,} pixels). Reduce it to 100 million pixels or fewer.",
        )
