"""The content store: uploaded files by their SHA-256, outside the web root.

Never trusts a name, never holds a file in memory.

What is received lies in `incoming/` until it has been recognised; `keep` gives it its place `ab/cd/<sha256>`.
The name people see is a column of the attachment and plays no part here.
"""

import os
import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256 as new_sha256
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote

CHUNK = 64 * 1024


class Stream(Protocol):
    """Anything that is read in pieces: a request's file part, an open file."""

    def read(self, size: int, /) -> bytes: ...


class TooLarge(ValueError):
    """The stream went over its limit; `limit` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


class Empty(ValueError):
    """The stream held nothing."""


class NotStored(LookupError):
    """No file with this hash is in the store."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file received whole but not yet kept: where it lies, its SHA-256 in hex, its size in bytes."""

    path: Path
    sha256: str
    size: int


class FileStore:
    """Files under `root`, each stored once. Safe for many processes that share the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"

    def receive(self, stream: Stream, limit_bytes: int, chunk: int = CHUNK) -> Incoming:
        """Write `stream` to disk piece by piece.

        Raises TooLarge at the first byte over `limit_bytes`, Empty for none.

        Nothing remains on disk of a stream that was refused or broke off.
        """
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as target:
                digest, size = _copy(stream, target, limit_bytes, chunk)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Incoming(Path(name), digest, size)

    def keep(self, incoming: Incoming) -> str:
        """Give a received file its place and return its hash.

        A file that is already there is left as it is.
        """
        place = self._place(incoming.sha256)
        for folder in (place.parent.parent, place.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(folder.parent)
        if place.exists():
            self.discard(incoming)
            return incoming.sha256
        incoming.path.replace(place)
        _sync_folder(place.parent)
        return incoming.sha256

    def discard(self, incoming: Incoming) -> None:
        """Forget a received file that was not kept. May be repeated; never touches a kept file."""
        incoming.path.unlink(missing_ok=True)

    def has(self, sha256: str) -> bool:
        """Whether the file is in the store."""
        return self._place(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Where the file lies.

        Raises NotStored; ValueError for anything that is not a lower-case SHA-256 in hex.
        """
        place = self._place(sha256)
        if not place.is_file():
            raise NotStored(sha256)
        return place

    def open(self, sha256: str) -> BinaryIO:
        """The file opened for reading. Raises as `path` does."""
        return self.path(sha256).open("rb")

    def _place(self, sha256: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self.root / sha256[:2] / sha256[2:4] / sha256


def content_disposition(filename: str) -> str:
    """An `attachment` header value for a name in any script (RFC 6266, RFC 8187), safe against injection.

    `filename*` carries the name; `filename` is the plain ASCII stand-in for clients that do not read it.
    """
    spoken = "".join(c for c in filename if c.isprintable() and not "\ud800" <= c <= "\udfff") or "file"
    plain = re.sub(r"[^ !#$&+\-.0-9A-Z^_`a-z{}~()\[\],;=@]", "_", spoken)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(spoken, safe='!#$&+-.^_`|~')}"


def _copy(stream: Stream, target: BinaryIO, limit: int, chunk: int) -> tuple[str, int]:
    """Copy to disk and fsync. Never reads more than one byte past the limit."""
    digest, size = new_sha256(), 0
    while piece := stream.read(min(chunk, limit - size + 1)):
        size += len(piece)
        if size > limit:
            raise TooLarge(limit)
        digest.update(piece)
        target.write(piece)
    if size == 0:
        raise Empty
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut (a folder is flushed by its own fsync)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
