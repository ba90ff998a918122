"""Copies: whole, unchanged, restored only where nothing is, and the record holds afterwards on either database."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask

from app import backup, create_app
from app.audit import verify
from app.extensions import db
from app.models import Case, User
from app.synthetic.make import make
from tests.databases import PostgresTemplate, Settings, SqliteTemplate

CASES = 25


@pytest.fixture
def copy(app: Flask, tmp_path: Path) -> Path:
    """A copy of an installation with lived cases and a document."""
    make(CASES, 5, lambda done: None)
    target = tmp_path / "copy.zip"
    backup.create(target)
    return target


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_template: SqliteTemplate,
    postgres_template: PostgresTemplate,
) -> Iterator[Flask]:
    """Another installation, migrated and empty, on each database."""
    template = sqlite_template if request.param == "sqlite" else postgres_template
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    url = template.fresh(folder)
    application = create_app(Settings(url, folder))
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()
    template.drop(url)


def heads() -> dict[str, str]:
    return dict(db.session.execute(sa.select(Case.number, Case.head)).all())


def test_a_copy_comes_back_whole_on_either_database(copy: Path, app: Flask, empty: Flask) -> None:
    with app.app_context():
        before = heads()
    with empty.app_context():
        copied = backup.restore(copy)
        assert heads() == before
        assert copied.files == len(list((empty.config["DATA_DIR"] / "files").glob("??/??/*"))) == 1
        proof = verify()
        assert (proof.holds, proof.cases) == (True, CASES)


def test_after_a_restore_work_goes_on_with_new_ids(copy: Path, empty: Flask) -> None:
    with empty.app_context():
        backup.restore(copy)
        last = db.session.scalar(sa.select(sa.func.max(User.id)))
        from app import clock
        from app.db import unit_of_work

        with unit_of_work() as session:
            person = User(email="new@kcity.test", password_hash="!", created_at=clock.now())
            session.add(person)
            session.flush()
            assert person.id > last


def test_nothing_is_restored_over_what_is_there(copy: Path, app: Flask) -> None:
    before = heads()
    with pytest.raises(backup.NotEmpty):
        backup.restore(copy)
    assert heads() == before


def test_a_copy_never_writes_over_another(copy: Path) -> None:
    before = copy.read_bytes()
    with pytest.raises(FileExistsError):
        backup.create(copy)
    assert copy.read_bytes() == before


def rewritten(copy: Path, change: str) -> Path:
    """The copy with one part changed."""
    target = copy.with_name("changed.zip")
    with ZipFile(copy) as source, ZipFile(target, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if change == "rows" and name == "tables/case.jsonl":
                data = data.replace(b"Hanoi", b"Hanoy").replace(b"RECEIVED", b"RECEIVE_", 1)
            if change == "document" and name.startswith("files/"):
                data += b" "
            if change == "migration" and name == "manifest.json":
                data = json.dumps({**json.loads(data), "migration": "9999"}).encode()
            if change == "unfinished" and name == "manifest.json":
                continue
            out.writestr(name, data)
    return target


@pytest.mark.parametrize("change", ["rows", "document", "migration", "unfinished"])
def test_a_copy_that_is_not_whole_brings_nothing_in(
    change: str, lite: Flask, tmp_path: Path, sqlite_template: SqliteTemplate
) -> None:
    make(CASES, 5, lambda done: None)
    copy = tmp_path / "copy.zip"
    backup.create(copy)
    changed = rewritten(copy, change)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    other = create_app(Settings(sqlite_template.fresh(folder), folder))
    with other.app_context():
        with pytest.raises(backup.BadBackup):
            backup.restore(changed)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0
        assert list((folder / "files").glob("??/??/*")) == []
        db.session.remove()
        db.engine.dispose()


def test_what_is_no_copy_is_refused_in_words(lite: Flask, tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    target.write_bytes(BytesIO(b"no zip at all").getvalue())
    with pytest.raises(backup.BadBackup):
        backup.restore(target)


def test_a_copy_is_for_the_operator_alone_and_holds_no_session(lite: Flask, tmp_path: Path) -> None:
    target = tmp_path / "copy.zip"
    backup.create(target)
    assert target.stat().st_mode & 0o077 == 0
    assert "tables/login_session.jsonl" not in ZipFile(target).namelist()
