"""Two databases for the tests: each made once by the migrations, then copied for every test that writes."""

import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

import psycopg

from config import Testing


class Settings(Testing):
    """Testing settings bound to one database and one folder."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__()
        self.SQLALCHEMY_DATABASE_URI = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self.DATA_DIR = folder
        self.HOSTS = frozenset({"localhost", "127.0.0.1"})


def migrate(url: str, folder: Path) -> None:
    """Bring an empty database to the newest migration."""
    from flask_migrate import upgrade

    from app import create_app
    from app.extensions import db

    app = create_app(Settings(url, folder))
    with app.app_context():
        upgrade(directory=str(Path(app.root_path).parent / "migrations"))
        db.engine.dispose()


class SqliteTemplate:
    """A migrated SQLite file, copied for each test."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kcity-sqlite-"))
        self.file = self.folder / "template.sqlite"
        migrate(self.url, self.folder)

    @property
    def url(self) -> str:
        """The template's own address."""
        return f"sqlite:///{self.file}"

    def fresh(self, folder: Path) -> str:
        """A new database; its address."""
        copy = folder / "kcity.sqlite"
        shutil.copy(self.file, copy)
        return f"sqlite:///{copy}"

    def drop(self, url: str) -> None:
        """Nothing to do: the file goes with its folder."""

    def close(self) -> None:
        """Remove the template."""
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresTemplate:
    """A migrated PostgreSQL database, copied for each test. `host` is the folder of the server's socket."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.name = f"t{uuid4().hex[:12]}"
        self.folder = Path(tempfile.mkdtemp(prefix="kcity-pg-"))
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {name} = off")  # the tests' data may be lost with the machine
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {self.name}")
        migrate(self.url, self.folder)

    @property
    def url(self) -> str:
        """The template's own address."""
        return self._url(self.name)

    def _url(self, name: str) -> str:
        return f"postgresql://postgres:@/{name}?host={self.host}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def fresh(self, folder: Path) -> str:
        """A new database; its address."""
        name = f"t{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.name}")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a database that `fresh` made."""
        name = url.split("?")[0].rsplit("/", 1)[1]
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Remove the template."""
        self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)
