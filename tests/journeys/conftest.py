"""A real server and a real browser: the small world of the tests, served by the server of production."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import create_app
from app.db import unit_of_work
from app.extensions import db
from app.models import User
from app.passwords import hashed
from tests.databases import PostgresTemplate, Settings, SqliteTemplate
from tests.world import PASSWORD, World

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


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
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return process, f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise RuntimeError((folder / "server.log").read_text())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small world behind a real server, on each database."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    template: SqliteTemplate | PostgresTemplate = request.getfixturevalue(f"{kind}_template")
    folder = tmp_path_factory.mktemp(f"site-{kind}")
    address = template.fresh(folder)
    settings = Settings(address, folder)
    app = create_app(settings)
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


class Person:
    """Somebody at a browser. Every page he opens is looked at: no script error, no CSP refusal, nothing outside."""

    def __init__(self, site: Site, context: BrowserContext, name: str) -> None:
        self.site, self.name = site, name
        self.context = context
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("console", self._console)
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.troubles.append(f"asked the outside: {request.url}")

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self) -> "Person":
        """Through the form, as a person does."""
        self.open("/sign-in")
        self.page.locator("input[name=email]").fill(f"{self.name}@kcity.test")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit], main form button:not([type])").first.click()
        expect(self.page.locator(".account-name")).to_be_visible()
        return self


@pytest.fixture
def person(site: Site, browser: Browser) -> Iterator[Callable[..., Person]]:
    """`person("officer")`: a new browser, signed in. At the end nobody may have had trouble."""
    people: list[Person] = []

    def make(name: str, lang: str = "ko-KR", signed_in: bool = True, **more: Any) -> Person:
        context = browser.new_context(locale=lang, timezone_id="Asia/Seoul", **more)
        context.set_default_timeout(10_000)
        someone = Person(site, context, name)
        people.append(someone)
        return someone.sign_in() if signed_in else someone

    yield make
    troubles = {someone.name: someone.troubles for someone in people if someone.troubles}
    for someone in people:
        someone.context.close()
    assert troubles == {}
