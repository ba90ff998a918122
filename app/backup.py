"""A consistent copy of everything that cannot be made again: rows and documents, in one file.

Rows are read in one snapshot (REPEATABLE READ on PostgreSQL, one read transaction on SQLite; nobody is kept from
writing) and written as JSON lines, so that a copy made on one database can be restored on the other. The manifest
at the end holds the sha256 of every part; a copy without it is not whole. Never restores over anything. The keys
under DATA_DIR/keys (sealed ballots, dossiers) are in it, so a copy is kept like the keys themselves. The secret key
of sessions stays outside: who restores sets one, and everybody signs in anew.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.base import Moment
from app.db import unit_of_work
from app.extensions import db
from app.files import FileStore

FORMAT = 1
MANIFEST = "manifest.json"
LEFT_OUT = frozenset({"login_session", "attempt", "heartbeat"})
"""No facts: who is signed in, counted tries, the worker's pulse."""
ROWS = 1000


class BadBackup(Exception):
    """The file is not a whole and unchanged copy, or does not belong here; says why."""


class NotEmpty(Exception):
    """There is something already: nothing is ever restored over it."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds."""

    rows: int
    files: int


def tables() -> list[sa.Table]:
    """Every table that is copied, in the order of references."""
    return [table for table in db.metadata.sorted_tables if table.name not in LEFT_OUT]


def keys() -> dict[str, Path]:
    """Name -> file of each key of this installation."""
    folder = Path(current_app.config["DATA_DIR"]) / "keys"
    return {path.name: path for path in sorted(folder.glob("*.key")) if path.is_file()}


def store() -> FileStore:
    """Where the documents lie."""
    return FileStore(current_app.config["DATA_DIR"] / "files")


# create ---------------------------------------------------------------------------------------------------


def create(target: Path) -> Copied:
    """Write the copy to `target`, which appears only once it is whole.

    Raises FileExistsError: never writes over another copy.
    """
    if target.exists():
        raise FileExistsError(target)
    part = target.with_name(f"{target.name}.part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as out:
            with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as archive:
                copied = _write(archive)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return copied


def _write(archive: ZipFile) -> Copied:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "migration": migration(),
        "tables": {},
        "files": {},
        "keys": {},
    }
    db.session.rollback()
    postgres = db.engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if postgres else {}
    connection = db.session.connection(execution_options=options)
    try:
        for table in tables():
            manifest["tables"][table.name] = _write_table(archive, connection, table)
    finally:
        db.session.rollback()
    # Documents after the rows that name them: a file is kept before its row is written, and never changed.
    for path in _documents():
        manifest["files"][path.name] = _write_file(archive, path)
    for name, path in keys().items():
        content = path.read_bytes()
        archive.writestr(f"keys/{name}", content)
        manifest["keys"][name] = sha256(content).hexdigest()
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    rows = sum(entry["rows"] for entry in manifest["tables"].values())
    return Copied(rows, len(manifest["files"]))


def _write_table(archive: ZipFile, connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    digest, count = sha256(), 0
    query = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS)
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
        for chunk in connection.execute(query).partitions():
            lines = "".join(json.dumps([_out(v) for v in row], ensure_ascii=False) + "\n" for row in chunk)
            data = lines.encode("utf-8")
            digest.update(data)
            out.write(data)
            count += len(chunk)
    return {"rows": count, "sha256": digest.hexdigest(), "columns": [column.name for column in table.columns]}


def _out(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _documents() -> list[Path]:
    return sorted(path for path in store().root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*") if path.is_file())


def _write_file(archive: ZipFile, path: Path) -> int:
    info = ZipInfo(f"files/{path.name}")
    info.compress_type = ZIP_STORED
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as out:
        while piece := source.read(1 << 16):
            out.write(piece)
    return path.stat().st_size


def migration() -> str | None:
    """The migration this database is at."""
    return db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))


# restore --------------------------------------------------------------------------------------------------


def restore(source: Path) -> Copied:
    """Bring a copy back into an empty, migrated installation: all of it or nothing.

    Raises:
        NotEmpty: a table or the document store holds something.
        BadBackup: not whole, changed since, or made under another migration.
    """
    _see_that_nothing_is_there()
    try:
        with ZipFile(source) as archive:
            manifest = _manifest(archive)
            _check_parts(archive, manifest)
            rows = _bring(archive, manifest)
    except (BadZipFile, OSError, KeyError, json.JSONDecodeError) as fault:
        raise BadBackup(f"the file cannot be read: {fault}") from fault
    return Copied(rows, len(manifest["files"]))


def _bring(archive: ZipFile, manifest: dict[str, Any]) -> int:
    """Documents before the rows that name them; if the rows do not get in, the documents go again."""
    brought: list[str] = []
    try:
        for name in manifest["files"]:
            brought.append(_bring_file(archive, name))
        for name in manifest["keys"]:
            _bring_key(archive, name)
        return _bring_rows(archive, manifest)
    except BaseException:
        for name in brought:
            store().path(name).unlink(missing_ok=True)
        for path in keys().values():
            path.unlink()
        raise


def _bring_key(archive: ZipFile, name: str) -> None:
    folder = Path(current_app.config["DATA_DIR"]) / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / Path(name).name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(archive.read(f"keys/{name}"))


def _see_that_nothing_is_there() -> None:
    for table in tables():
        if db.session.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            raise NotEmpty(f"the table {table.name} holds rows; restore only into an empty installation")
    db.session.rollback()
    if _documents():
        raise NotEmpty("the document store holds files; restore only into an empty installation")
    if keys():
        raise NotEmpty("there are keys already; restore only into an empty installation")


def _manifest(archive: ZipFile) -> dict[str, Any]:
    if MANIFEST not in archive.namelist():
        raise BadBackup("the copy has no manifest: it was never finished")
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise BadBackup(f"format {manifest['format']} is not known here")
    here = migration()
    if manifest["migration"] != here:
        raise BadBackup(f"the copy was made at migration {manifest['migration']}, this installation is at {here}")
    known = {table.name: [column.name for column in table.columns] for table in tables()}
    if {name: entry["columns"] for name, entry in manifest["tables"].items()} != known:
        raise BadBackup("the tables of the copy are not those of this installation")
    return manifest


def _check_parts(archive: ZipFile, manifest: dict[str, Any]) -> None:
    """Every part against its sha256 before a single row is written."""
    for name, entry in manifest["tables"].items():
        if _digest(archive, f"tables/{name}.jsonl") != entry["sha256"]:
            raise BadBackup(f"the rows of {name} were changed since the copy was made")
    for name in manifest["files"]:
        if _digest(archive, f"files/{name}") != name:
            raise BadBackup(f"the document {name} was changed since the copy was made")
    for name, digest in manifest["keys"].items():
        if _digest(archive, f"keys/{name}") != digest:
            raise BadBackup(f"the key {name} was changed since the copy was made")


def _digest(archive: ZipFile, name: str) -> str:
    digest = sha256()
    with archive.open(name) as part:
        while piece := part.read(1 << 16):
            digest.update(piece)
    return digest.hexdigest()


def _bring_file(archive: ZipFile, name: str) -> str:
    with archive.open(f"files/{name}") as part:
        files = store()
        return files.keep(files.receive(part, archive.getinfo(f"files/{name}").file_size))


def _bring_rows(archive: ZipFile, manifest: dict[str, Any]) -> int:
    count = 0
    with unit_of_work() as session:
        for table in tables():
            kinds = [_reader(column) for column in table.columns]
            names = [column.name for column in table.columns]
            with archive.open(f"tables/{table.name}.jsonl") as lines:
                for chunk in _chunks(lines):
                    rows = [
                        dict(zip(names, (kind(v) for kind, v in zip(kinds, row, strict=True)), strict=True))
                        for row in chunk
                    ]
                    session.execute(sa.insert(table), rows)
                    count += len(rows)
            _follow_ids(session, table)
    return count


def _chunks(lines: IO[bytes]) -> Iterator[list[list[Any]]]:
    chunk: list[list[Any]] = []
    for line in lines:
        chunk.append(json.loads(line))
        if len(chunk) == ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _reader(column: sa.Column[Any]) -> Any:
    """From JSON to what the column takes."""
    if isinstance(column.type, Moment):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if isinstance(column.type, sa.Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    return lambda value: value


def _follow_ids(session: Any, table: sa.Table) -> None:
    """PostgreSQL hands out ids from sequences, which must follow those that came in."""
    if db.engine.dialect.name != "postgresql" or "id" not in table.columns:
        return
    last = sa.select(sa.func.max(table.c.id)).scalar_subquery()
    sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
    session.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1), last.is_not(None))))
