"""The one form a dossier can have as a ZIP file: nothing compressed, no dates, no extra fields, no room for anything.

From names and contents follows every byte of the file, so a verifier can hold the whole file against them: what a
ZIP reader would skip over cannot hide a change, and nothing unpacks to more than it is.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from struct import pack

PIECE = 1 << 16
LARGEST = 0xFFFFFFFE
"""Bytes that a size or an offset can say (no ZIP64)."""
MOST = 0xFFFE
VERSION, DATE = 20, 0x21
"""Version 2.0 on MS-DOS, so that no rights are said; 1 January 1980."""


class TooBig(ValueError):
    """More than the form can hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the dossier: its bytes, or where they lie."""

    name: str
    source: bytes | Path
    size: int
    crc: int
    sha256: str

    def pieces(self) -> Iterator[bytes]:
        """The content, bit by bit."""
        if isinstance(self.source, bytes):
            yield self.source
            return
        with self.source.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def entry(name: str, source: bytes | Path) -> Entry:
    """A file by its name (ASCII) and content; a Path is read once for its sums."""
    crc, size, digest = 0, 0, sha256()
    for piece in Entry(name, source, 0, 0, "").pieces():
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        digest.update(piece)
    return Entry(name, source, size, crc, digest.hexdigest())


def length(entries: Sequence[Entry]) -> int:
    """How many bytes the file has. Raises TooBig."""
    total = sum(30 + 46 + 2 * len(one.name) + one.size for one in entries) + 22
    if total > LARGEST or len(entries) > MOST:
        raise TooBig(f"{len(entries)} files, {total} bytes")
    return total


def layout(entries: Sequence[Entry]) -> Iterator[bytes]:
    """The file, bit by bit. Raises TooBig."""
    length(entries)
    offset, directory = 0, b""
    for one in entries:
        name = one.name.encode("ascii")
        shared = pack("<HHHHHIIIHH", VERSION, 0, 0, 0, DATE, one.crc, one.size, one.size, len(name), 0)
        directory += b"PK\x01\x02" + pack("<H", VERSION) + shared + pack("<HHHII", 0, 0, 0, 0, offset) + name
        header = b"PK\x03\x04" + shared + name
        yield header
        yield from one.pieces()
        offset += len(header) + one.size
    yield directory
    count = len(entries)
    yield b"PK\x05\x06" + pack("<HHHHIIH", 0, 0, count, count, len(directory), offset, 0)
