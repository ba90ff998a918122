"""Just enough of an OLE compound file to read the directory and one small stream (MS-CFB).

Never follows a loop.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA  # above it are marks: end of chain, free, FAT, DIFAT
MOST_DIRECTORY_SECTORS = 4096
SMALL = 4096  # streams below this size lie in the mini stream


class Broken(ValueError):
    """The compound file contradicts itself."""


class Entry(NamedTuple):
    """A line of the directory: name, kind (1 storage, 2 stream, 5 root), first sector, size in bytes."""

    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """The directory of a compound file opened for reading. Raises Broken."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        header = self._at(0, 512)
        shift, mini_shift = struct.unpack_from("<HH", header, 30)
        if header[:8] != MAGIC or shift not in (9, 12) or mini_shift != 6:
            raise Broken("header")
        self._sector = 1 << shift
        directory, difat = struct.unpack_from("<12xI16xI", header, 36)
        self._fat = list(self._fat_sectors(struct.unpack_from("<109I", header, 76), difat))
        self.entries = tuple(self._directory(directory))
        if not self.entries or self.entries[0].kind != 5:
            raise Broken("no root entry")

    def names(self) -> set[str]:
        """The names of all storages and streams."""
        return {entry.name for entry in self.entries}

    def start_of(self, name: str, length: int) -> bytes:
        """The first `length` bytes (at most 64) of a small stream; Broken when there is none so named."""
        for entry in self.entries:
            if (entry.name, entry.kind) == (name, 2) and length <= min(entry.size, 64) and entry.size < SMALL:
                return self._mini_sector(entry.start)[:length]
        raise Broken(f"no stream {name}")

    def _mini_sector(self, number: int) -> bytes:
        """The 64 bytes of one mini sector, which lie in the stream of the root entry."""
        container = list(self._chain(self.entries[0].start, number * 64 // self._sector + 1))
        index, within = divmod(number * 64, self._sector)
        if index >= len(container):
            raise Broken("mini stream")
        return self._read(container[index])[within : within + 64]

    def _directory(self, start: int) -> Iterator[Entry]:
        for sector in self._chain(start, MOST_DIRECTORY_SECTORS):
            block = self._read(sector)
            for at in range(0, len(block), 128):
                length, kind = struct.unpack_from("<HB", block, at + 64)
                first, size = struct.unpack_from("<II", block, at + 116)
                if kind and 2 <= length <= 64:
                    name = block[at : at + length - 2].decode("utf-16-le", "replace")
                    yield Entry(name, kind, first, size)

    def _chain(self, sector: int, most: int) -> Iterator[int]:
        """The sectors of a chain, at most `most` of them."""
        for _ in range(most):
            if sector >= LAST_SECTOR:
                return
            yield sector
            sector = self._next(sector)

    def _next(self, sector: int) -> int:
        index, within = divmod(sector, self._sector // 4)
        if index >= len(self._fat):
            raise Broken("sector outside the allocation table")
        return int(struct.unpack_from("<I", self._read(self._fat[index]), within * 4)[0])

    def _fat_sectors(self, first: tuple[int, ...], difat: int) -> Iterator[int]:
        """The sectors of the allocation table: 109 named in the header, more in a chain of their own."""
        yield from (sector for sector in first if sector < LAST_SECTOR)
        seen: set[int] = set()
        while difat < LAST_SECTOR and difat not in seen:
            seen.add(difat)
            *sectors, difat = struct.unpack(f"<{self._sector // 4}I", self._read(difat))
            yield from (sector for sector in sectors if sector < LAST_SECTOR)

    def _read(self, sector: int) -> bytes:
        return self._at((sector + 1) * self._sector, self._sector)

    def _at(self, offset: int, length: int) -> bytes:
        self._source.seek(offset)
        block = self._source.read(length)
        if len(block) < length:
            raise Broken("ends early")
        return block
