"""What pages and acts cost, beside a Flask "hello" and a bare WSGI page of the same bytes in the same run.

    .venv/bin/python bench/run.py --cases 10000 100000 [--rounds 40] [--folder var/bench]

Method and reading: bench/README.md. Makes its databases with `flask synthetic` on first use and changes them.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402
from flask import Flask  # noqa: E402

from app import clock, create_app  # noqa: E402
from app.db import unit_of_work  # noqa: E402
from app.extensions import db  # noqa: E402
from app.models import Attachment, Case, Cycle, LoginSession, Section, User  # noqa: E402
from app.queries.people import hash_of, viewer_of  # noqa: E402
from app.services.act import act  # noqa: E402
from app.services.submit import submit  # noqa: E402
from config import Testing  # noqa: E402
from workflows.form_schema import load_form  # noqa: E402

Probe = tuple[str, Callable[[], Any]]


class Settings(Testing):
    """The application on one of the bench's databases."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.DATA_DIR = folder
        self.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'kcity.sqlite'}"


def database(folder: Path, cases: int) -> Path:
    """A folder with that many synthetic cases, made if it is not there."""
    place = folder / str(cases)
    if not (place / "ready").exists():
        place.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "KCITY_ENV": "development", "KCITY_DATA_DIR": str(place)}
        environment.pop("DATABASE_URL", None)
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        for command in (["db", "upgrade"], ["synthetic", "--cases", str(cases)]):
            subprocess.run([*flask, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        (place / "ready").touch()
    return place


def get(app: Any, path: str, cookie: str = "") -> bytes:
    """One GET through the WSGI door, as a server would send it, without a socket."""
    where, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": where, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0), "wsgi.multithread": True,
        "wsgi.multiprocess": False, "wsgi.run_once": False, "HTTP_COOKIE": cookie, "HTTP_ACCEPT_LANGUAGE": "ko",
        "HTTP_USER_AGENT": "",
    }  # fmt: skip
    answered: list[str] = []
    body: Iterable[bytes] = app(environ, lambda status, headers, exc=None: answered.append(status))
    data = b"".join(body)
    getattr(body, "close", lambda: None)()
    if not answered[0].startswith("200"):
        raise SystemExit(f"{path}: {answered[0]}")
    return data


def hello() -> Flask:
    """The smallest Flask application."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


def bare(body: bytes) -> Any:
    """The same bytes from no framework at all."""

    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
        return [body]

    return application


class House:
    """The application on one database, with an officer signed in."""

    def __init__(self, folder: Path, cases: int, rounds: int) -> None:
        self.cases = cases
        self.app = create_app(Settings(folder))
        with self.app.app_context():
            officer = db.session.scalars(sa.select(User).where(User.email == "officer01@synthetic.test")).one()
            self.officer_id = officer.id
            self.cookie = self._sign_in(officer.id)
            self.number = self._one("SCREENING")
            self.page_400 = self._key(400 * 25)
            self.received = self._received(rounds)
            self.drafts = self._drafts(rounds)

    def _sign_in(self, user_id: int) -> str:
        token, now = f"bench-{os.urandom(8).hex()}", clock.now()
        with unit_of_work() as session:
            session.add(LoginSession(token_hash=hash_of(token), user_id=user_id, started_at=now, seen_at=now))
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        name = self.app.config["SESSION_COOKIE_NAME"]
        found = client.get_cookie(name)
        assert found is not None
        first = client.get("/desk", headers={"Cookie": f"{name}={found.value}; lang=ko"})
        kept = first.headers["Set-Cookie"].split(";")[0]  # as a browser does: later answers need not set it again
        return f"{kept}; lang=ko"

    def _one(self, state: str) -> str:
        return db.session.scalars(sa.select(Case.number).where(Case.state == state).order_by(Case.id)).first() or ""

    def _key(self, place: int) -> str:
        query = sa.select(Case.due_on, Case.id).where(Case.state != "DRAFT").order_by(Case.due_on, Case.id)
        row = db.session.execute(query.offset(min(place, self.cases // 2)).limit(1)).one()
        return f"{row.due_on}.{row.id}"

    def _received(self, rounds: int) -> list[str]:
        query = sa.select(Case.number).where(Case.state == "RECEIVED", Case.assignee_id.is_not(None))
        return list(db.session.scalars(query.order_by(Case.id).limit(rounds)))

    def _drafts(self, rounds: int) -> list[tuple[str, int]]:
        """Drafts made ready to be submitted: each for a city of its own, with its letter attached."""
        today = clock.today()
        query = (
            sa.select(Case)
            .join(Cycle, Cycle.id == Case.cycle_id)
            .where(Case.state == "DRAFT", Case.seq == 0, Cycle.always_open, Cycle.cut_off_on >= today)
        )
        ready = []
        with unit_of_work() as session:
            for case in session.scalars(query.order_by(Case.id).limit(rounds)):
                place = session.scalars(
                    sa.select(Section).where(Section.case_id == case.id, Section.key == "place")
                ).one()
                place.answers = {**place.answers, "city": f"Bench {case.id}"}
                case.city = f"Bench {case.id}"
                for field in load_form(case.definition_id, case.form_version).fields:
                    if field.kind == "files" and field.required:
                        session.add(
                            Attachment(
                                case_id=case.id,
                                slot=field.key,
                                name="letter.pdf",
                                kind="pdf",
                                media_type="application/pdf",
                                size=10,
                                sha256="0" * 64,
                                uploaded_at=clock.now(),
                                uploaded_by=case.created_by,
                            )
                        )
                ready.append((case.number, case.created_by))
        return ready

    def probes(self) -> list[Probe]:
        """What is measured here."""
        pages = {
            "queue, page 1": "/desk",
            "queue, page 400": f"/desk?after={self.page_400}",
            "search, two syllables": f"/desk?q={quote('교통')}",
            "case page": f"/cases/{self.number}",
        }
        found: list[Probe] = [
            (name, lambda path=path: get(self.app, path, self.cookie)) for name, path in pages.items()
        ]
        return [*found, ("transition", self._transition), ("submit", self._submit)]

    def _transition(self) -> bool | None:
        """None once there is no case left to move: nothing was measured."""
        if not self.received:
            return None
        with self.app.app_context():
            who = viewer_of(db.session.get_one(User, self.officer_id))
            act(who, self.received.pop(), "begin_screening")
        return True

    def _submit(self) -> bool | None:
        """None once there is no draft left."""
        if not self.drafts:
            return None
        number, by = self.drafts.pop()
        with self.app.app_context():
            submit(viewer_of(db.session.get_one(User, by)), number)
        return True


def measure(probes: list[Probe], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of this process, each probe once a round, so that a slow minute slows all of them."""
    taken: dict[str, list[float]] = {name: [] for name, _ in probes}
    for place in range(rounds + 3):
        for name, probe in probes:
            start = time.process_time()
            done = probe()
            if place >= 3 and done is not None:
                taken[name].append(time.process_time() - start)
    return taken


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    asked = parser.parse_args()
    houses = [House(database(asked.folder, n), n, asked.rounds + 3) for n in asked.cases]
    page = get(houses[0].app, "/desk", houses[0].cookie)
    floor, plain = hello(), bare(page)
    probes: list[Probe] = [("hello", lambda: get(floor, "/")), ("bare", lambda: get(plain, "/"))]
    for house in houses:
        probes += [(f"{name} @ {house.cases:,}", probe) for name, probe in house.probes()]
    medians = {name: statistics.median(values) for name, values in measure(probes, asked.rounds).items() if values}
    report(medians, houses, len(page))


def report(medians: dict[str, float], houses: list[House], size: int) -> None:
    """Milliseconds, ratios to the hello, and growth from the smallest database to the largest."""
    floor = medians["hello"]
    print(f"F (Flask hello) {floor * 1e3:.3f} ms; bare WSGI page of {size:,} bytes {medians['bare'] * 1e3:.3f} ms")
    print(f"{'':28}{'ms':>9}{'F':>8}{'bare':>8}{'growth':>9}")
    first, bare_ms = houses[0].cases, medians["bare"] or 1e-9
    for name, value in medians.items():
        if "@" in name:
            what = name.split(" @ ")[0]
            growth = value / medians.get(f"{what} @ {first:,}", float("nan"))
            print(f"{name:28}{value * 1e3:9.3f}{value / floor:8.1f}{value / bare_ms:8.0f}{growth:9.2f}")
    for house in houses:
        one, deep = (medians[f"queue, page {n} @ {house.cases:,}"] for n in (1, 400))
        print(f"page 400 against page 1 at {house.cases:,}: {deep / one:.2f}")
    print(f"RSS of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
