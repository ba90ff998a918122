"""Uploaded files are stored whole, once, by their hash, within their limit and without filling the memory."""

import hashlib
import io
import os
import tracemalloc
from pathlib import Path
from urllib.parse import unquote

import pytest

from app.files import Empty, FileStore, NotStored, TooLarge, content_disposition


class Zeros:
    """A stream of zero bytes that counts how many were asked of it."""

    def __init__(self, size: int) -> None:
        self.left, self.given = size, 0

    def read(self, size: int, /) -> bytes:
        piece = bytes(min(size, self.left))
        self.left -= len(piece)
        self.given += len(piece)
        return piece


class Broken:
    """A connection that ends in the middle."""

    def __init__(self) -> None:
        self.calls = 0

    def read(self, size: int, /) -> bytes:
        self.calls += 1
        if self.calls > 1:
            raise ConnectionResetError
        return b"half"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def files_under(store: FileStore) -> list[Path]:
    return [p for p in store.root.rglob("*") if p.is_file()]


def test_a_file_lies_at_a_path_made_of_its_hash_and_reads_back_the_same(store: FileStore) -> None:
    words = "제안서".encode()
    digest = hashlib.sha256(words).hexdigest()
    incoming = store.receive(io.BytesIO(words), 100)
    assert (incoming.sha256, incoming.size) == (digest, len(words))
    assert not store.has(digest)
    assert store.keep(incoming) == digest
    assert files_under(store) == [store.root / digest[:2] / digest[2:4] / digest]
    with store.open(digest) as kept:
        assert kept.read() == words


def test_the_same_content_twice_is_stored_once(store: FileStore) -> None:
    first, second = (store.receive(io.BytesIO(b"same"), 10) for _ in range(2))
    assert store.keep(first) == store.keep(second)
    assert store.keep(first) == first.sha256, "keeping again changes nothing"
    assert len(files_under(store)) == 1


def test_a_file_of_exactly_the_limit_is_taken(store: FileStore) -> None:
    assert store.receive(Zeros(1000), 1000).size == 1000


def test_the_first_byte_over_the_limit_ends_the_reading_and_leaves_nothing(store: FileStore) -> None:
    stream = Zeros(10**9)
    with pytest.raises(TooLarge) as refused:
        store.receive(stream, 100_000)
    assert refused.value.limit == 100_000
    assert stream.given == 100_001
    assert files_under(store) == []


def test_an_empty_file_is_refused(store: FileStore) -> None:
    with pytest.raises(Empty):
        store.receive(io.BytesIO(b""), 10)
    assert files_under(store) == []


def test_a_connection_that_breaks_off_leaves_nothing(store: FileStore) -> None:
    with pytest.raises(ConnectionResetError):
        store.receive(Broken(), 100)
    assert files_under(store) == []


def test_a_discarded_file_is_gone_and_discarding_twice_is_no_error(store: FileStore) -> None:
    incoming = store.receive(io.BytesIO(b"virus"), 10)
    store.discard(incoming)
    store.discard(incoming)
    assert files_under(store) == []


def test_fifty_megabytes_are_received_in_under_one_megabyte_of_memory(store: FileStore) -> None:
    tracemalloc.start()
    try:
        incoming = store.receive(Zeros(50 * 1024 * 1024), 50 * 1024 * 1024)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert incoming.size == 50 * 1024 * 1024
    assert peak < 1024 * 1024


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "ABC", "a" * 63, "A" * 64, "a" * 64 + "\n", "", "CON", "a" * 63 + "\0"]
)
def test_only_a_hash_leads_to_a_path(store: FileStore, name: str) -> None:
    for act in (store.path, store.open, store.has):
        with pytest.raises(ValueError, match="not a SHA-256"):
            act(name)


def test_a_hash_that_was_never_kept_is_not_stored(store: FileStore) -> None:
    with pytest.raises(NotStored):
        store.path("0" * 64)


def test_the_bytes_are_flushed_to_disk_before_the_file_counts_as_received(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        flushed.append(os.fstat(handle).st_size)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    store.receive(Zeros(12_345), 20_000)
    assert flushed == [12_345]


def test_stored_files_are_readable_by_the_server_alone(store: FileStore) -> None:
    digest = store.keep(store.receive(io.BytesIO(b"secret"), 10))
    assert store.path(digest).stat().st_mode & 0o077 == 0
    assert store.root.joinpath(digest[:2]).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "name",
    ["제안서 최종.pdf", 'quote".pdf', "back\\slash.pdf", "semi;colon=.pdf", "100%.pdf", "O'B*.pdf"],
)
def test_any_name_survives_the_download_header(name: str) -> None:
    header = content_disposition(name)
    plain, _, extended = header.removeprefix("attachment; filename=").partition("; filename*=UTF-8''")
    assert unquote(extended) == name
    assert plain[0] == plain[-1] == '"'
    assert not set(plain[1:-1]) & {'"', "\\", "%"}
    assert header.isascii()


@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1.pdf", "a\x00b.pdf", "\u202efdp.exe", "\ud800.pdf", "\u2028x.pdf"]
)
def test_a_name_cannot_add_a_header_or_hide_its_direction(name: str) -> None:
    header = content_disposition(name)
    assert header.isprintable()
    assert header.isascii()
    assert "%0D" not in header
    assert "%E2%80" not in header


def test_a_name_of_nothing_printable_becomes_file() -> None:
    assert content_disposition("\r\n") == "attachment; filename=\"file\"; filename*=UTF-8''file"
