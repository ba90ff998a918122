"""A real server and a real browser: the small world of the tests, served by the server of production."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import clock, create_app
from app.db import unit_of_work
from app.extensions import db
from app.models import LoginSession, User
from app.passwords import hashed
from app.queries.people import hash_of
from tests.conftest import Browser as InProcess
from tests.databases import PostgresTemplate, Settings, SqliteTemplate
from tests.world import PASSWORD, World

if TYPE_CHECKING:
    from tests.journeys.gallery import Gallery

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


PATIENCE_MS = int(os.environ.get("KCITY_TEST_PATIENCE_MS", "30000"))
"""How long a browser waits for a page: other tests may keep the processors busy."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, which asks nothing of the outside."""
    path = os.environ.get("KCITY_TEST_BROWSER", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS.split()}


@dataclass
class Site:
    """A running server and the world it serves."""

    url: str
    world: World
    settings: Settings
    folder: Path


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def serve(settings: Settings, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start the server of production on a database; wait until it answers."""
    port = free_port()
    url = settings.SQLALCHEMY_DATABASE_URI.replace("postgresql+psycopg://", "postgresql://")
    environment = {
        **os.environ,
        "KCITY_ENV": "demo",
        "KCITY_DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": settings.SECRET_KEY,
        "KCITY_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", "16", "--no-ws",
        "--log-level", "error", "wsgi:app",
    ]  # fmt: skip
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    for _ in range(1200):  # a minute: other tests may keep the processors busy
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return process, f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise RuntimeError((folder / "server.log").read_text())


@contextmanager
def running(template: SqliteTemplate | PostgresTemplate, folder: Path) -> Iterator[Site]:
    """The small world on a database of its own, behind a server."""
    address = template.fresh(folder)
    settings = Settings(address, folder)
    app = create_app(settings)
    app.test_client_class = InProcess
    with app.app_context():
        world = World(app)
        with unit_of_work():
            db.session.query(User).update({User.password_hash: hashed(PASSWORD)})
        process, url = serve(settings, folder)
        try:
            yield Site(url, world, settings, folder)
        finally:
            process.terminate()
            process.wait(10)
            db.session.remove()
            db.engine.dispose()
    template.drop(address)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small world behind a real server, on each database."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    template: SqliteTemplate | PostgresTemplate = request.getfixturevalue(f"{kind}_peopled")
    with running(template, tmp_path_factory.mktemp(f"site-{kind}")) as found:
        yield found


@pytest.fixture(scope="module")
def gallery(sqlite_peopled: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Gallery"]:
    """Cases at every stage of their way behind a real server, on SQLite: for looking at pages."""
    from tests.journeys.gallery import Gallery, furnish

    with running(sqlite_peopled, tmp_path_factory.mktemp("gallery")) as found:
        furnish(found.world)
        yield Gallery(found)


class Person:
    """Somebody at a browser. Every page he opens is looked at: no script error, no CSP refusal, nothing outside."""

    def __init__(self, site: Site, context: BrowserContext, name: str) -> None:
        self.site, self.name = site, name
        self.context = context
        self.troubles: list[str] = []

    @cached_property
    def page(self) -> Page:
        """The first tab."""
        return self.another_page()

    def another_page(self) -> Page:
        """A further tab of the same browser."""
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", self._request)
        page.on("response", self._response)
        return page

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.troubles.append(f"asked the outside: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status}: {response.request.method} {response.url}")

    def url(self, path: str) -> str:
        """The address of a page."""
        return self.site.url + path

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(self.url(path))
        return self.page

    def finds_nothing(self, path: str) -> bool:
        """Whether the page is not there for this person."""
        answer = self.page.goto(self.url(path))
        return answer is not None and answer.status == 404

    def press(self, name: str) -> Page:
        """Press a button of the page's own matter by its words (the header's buttons are not meant)."""
        self.page.locator("#main").get_by_role("button", name=name, exact=True).click()
        return self.page

    def follow(self, name: str) -> Page:
        """Follow a link of the page's own matter by its words."""
        self.page.locator("#main").get_by_role("link", name=name, exact=True).first.click()
        return self.page

    def reads(self, *texts: str) -> None:
        """What stands on the page now."""
        for text in texts:
            expect(self.page.locator("#main")).to_contain_text(text)

    def told(self, text: str) -> None:
        """What the line above the page says after an act."""
        expect(self.page.locator("#messages")).to_contain_text(text)

    def sign_in(self) -> "Person":
        """Through the form, as a person does."""
        self.open("/sign-in")
        self.page.locator("input[name=email]").fill(f"{self.name}@kcity.test")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("#main form button").first.click()
        expect(self.page.locator(".account-name")).to_be_attached()
        return self

    def is_signed_in(self) -> "Person":
        """With a session that was begun before: many people, little time."""
        token, now = secrets.token_urlsafe(24), clock.now()
        with unit_of_work():
            who = self.site.world.ids[self.name]
            db.session.add(LoginSession(token_hash=hash_of(token), user_id=who, started_at=now, seen_at=now))
        app = self.site.world.app
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        cookie = signer.dumps({"_user_id": token, "_fresh": True})
        self.context.add_cookies(
            [{"name": app.config["SESSION_COOKIE_NAME"], "value": str(cookie), "url": self.site.url}]
        )
        return self


@pytest.fixture
def person(site: Site, browser: Browser) -> Iterator[Callable[..., Person]]:
    """`person("officer")`: a new browser at the site, signed in. At the end nobody may have had trouble."""
    yield from people_at(site, browser)


@pytest.fixture
def reader(gallery: "Gallery", browser: Browser) -> Iterator[Callable[..., Person]]:
    """As `person`, in the gallery."""
    yield from people_at(gallery.site, browser)


def people_at(site: Site, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Makes people at a site, and looks at their troubles in the end.

    `lang`: the language the browser asks for; `by`: "session" (begun before), "form", or "" for a visitor.
    """
    people: list[Person] = []

    def make(name: str, lang: str = "ko-KR", by: str = "session", **more: Any) -> Person:
        context = browser.new_context(locale=lang, timezone_id="Asia/Seoul", **more)
        context.set_default_timeout(PATIENCE_MS)
        someone = Person(site, context, name)
        people.append(someone)
        if by:
            (someone.sign_in if by == "form" else someone.is_signed_in)()
        return someone

    yield make
    troubles = {someone.name: someone.troubles for someone in people if someone.troubles}
    for someone in people:
        someone.context.close()
    assert troubles == {}
