"""Which characters the printing typefaces can draw, read from their `cmap` tables.

A receipt must come out whatever script a title is written in, and a character must never vanish silently.
Never draws anything and never guesses: a character no typeface holds is written as its code point.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def composed(text: str) -> str:
    """`text` in NFC with plain line breaks and a space for each tab."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")


def printable(text: str, fonts: Path) -> str:
    """`text` in NFC; a character that no typeface in `fonts` draws, or that draws nothing, as [U+XXXX].

    Line breaks stay, tabs become a space. Direction overrides and zero-width characters are shown, not
    obeyed: an official paper must not read otherwise than its data.
    """
    covered = _covered(fonts)
    return "".join(c if c == "\n" or _visible(c, covered) else f"[U+{ord(c):04X}]" for c in composed(text))


def undrawn(text: str, fonts: Path) -> str:
    """The characters of `text` that `printable` writes as code points, each once, in their order."""
    covered = _covered(fonts)
    return "".join(dict.fromkeys(c for c in composed(text) if c != "\n" and not _visible(c, covered)))


def _visible(character: str, covered: frozenset[int]) -> bool:
    return ord(character) in covered and unicodedata.category(character) not in INVISIBLE


@lru_cache(maxsize=4)
def _covered(fonts: Path) -> frozenset[int]:
    """The code points drawn by a typeface in the folder; the Regular of each family speaks for it."""
    files = sorted(f for f in fonts.iterdir() if f.suffix in {".otf", ".ttf"} and "Regular" in f.stem)
    return frozenset(point for file in files for point in _code_points(file.read_bytes()))


def _code_points(font: bytes) -> Iterator[int]:
    """The mapped code points of one OpenType file (OpenType specification, `cmap`, formats 4 and 12)."""
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if form == 4:
            yield from _format_4(font, start + offset)
        elif form == 12:
            yield from _format_12(font, start + offset)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"the typeface has no {tag.decode()} table")


def _format_4(font: bytes, at: int) -> Iterator[int]:
    """Segments of the Basic Multilingual Plane; a glyph number of 0 means "not drawn"."""
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    column = f">{segments}H"
    ends = struct.unpack_from(column, font, at + 14)
    starts = struct.unpack_from(column, font, at + 16 + 2 * segments)
    deltas = struct.unpack_from(column, font, at + 16 + 4 * segments)
    ranges = at + 16 + 6 * segments
    offsets = struct.unpack_from(column, font, ranges)
    for i, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for point in range(start, min(end, 0xFFFE) + 1):
            glyph = point
            if offset:
                (glyph,) = struct.unpack_from(">H", font, ranges + 2 * i + offset + 2 * (point - start))
            if (glyph + delta) % 0x10000 if glyph or not offset else 0:
                yield point


def _format_12(font: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    for index in range(groups):
        start, end, glyph = struct.unpack_from(">III", font, at + 16 + 12 * index)
        yield from range(start + (1 if glyph == 0 else 0), end + 1)
