"""What pages and acts cost, beside a Flask "hello" and a bare WSGI page of the same bytes under the same server.

    .venv/bin/python bench/run.py --cases 10000 100000 [--rounds 40] [--folder var/bench]

Method and reading: bench/README.md. Makes its databases with `flask synthetic` on first use and changes them.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402

from app import clock, create_app, log  # noqa: E402
from app.db import unit_of_work  # noqa: E402
from app.extensions import db  # noqa: E402
from app.models import Attachment, Case, Cycle, LoginSession, Section, User  # noqa: E402
from app.queries.people import hash_of, viewer_of  # noqa: E402
from app.queries.proposal import draft_of  # noqa: E402
from app.services.act import act  # noqa: E402
from app.services.submit import submit  # noqa: E402
from bench.served import Served  # noqa: E402
from config import Testing  # noqa: E402
from workflows.form_schema import load_form  # noqa: E402

Probe = tuple[str, Callable[[], float | None]]
PAGES = 8
"""Pages asked for at a time."""


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
                session.flush()
                if not draft_of(case).missing:
                    ready.append((case.number, case.created_by))
        return ready

    def serve(self, port: int) -> None:
        """Put the application behind the server."""
        settings = self.app.config
        self.server = Served(
            "wsgi:app",
            port,
            KCITY_ENV="testing",
            KCITY_DATA_DIR=str(settings["DATA_DIR"]),
            DATABASE_URL=settings["SQLALCHEMY_DATABASE_URI"],
            SECRET_KEY=settings["SECRET_KEY"],
        )

    def probes(self) -> list[Probe]:
        """What is measured here, each with the number of times it runs a round."""
        pages = {
            "queue, page 1": "/desk",
            "queue, page 400": f"/desk?after={self.page_400}",
            "search, two syllables": f"/desk?q={quote('교통')}",
            "case page": f"/cases/{self.number}",
        }
        found: list[Probe] = [page_probe(name, self.server, path, self.cookie) for name, path in pages.items()]
        return [*found, act_probe("transition", self._transition), act_probe("submit", self._submit)]

    def _transition(self) -> bool:
        """Whether there was a case left to move."""
        if not self.received:
            return False
        with self.app.app_context():
            who = viewer_of(db.session.get_one(User, self.officer_id))
            act(who, self.received.pop(), "begin_screening")
        return True

    def _submit(self) -> bool:
        """Whether there was a draft left."""
        if not self.drafts:
            return False
        number, by = self.drafts.pop()
        with self.app.app_context():
            submit(viewer_of(db.session.get_one(User, by)), number)
        return True


def page_probe(name: str, server: Served, path: str, cookie: str = "") -> Probe:
    """CPU seconds of the server for one page, as the mean of several: its threads' clocks move in steps."""

    def probe() -> float:
        start = server.cpu()
        for _ in range(PAGES):
            server.get(path, cookie)
        return (server.cpu() - start) / PAGES

    return name, probe


def act_probe(name: str, act: Callable[[], bool]) -> Probe:
    """CPU seconds of this process for one act; None once there is nothing left to act on."""

    def probe() -> float | None:
        start = time.process_time()
        return time.process_time() - start if act() else None

    return name, probe


def measure(probes: list[Probe], rounds: int) -> dict[str, list[float]]:
    """Each probe once a round, so that a slow minute slows all of them alike; the first rounds only warm up."""
    taken: dict[str, list[float]] = {name: [] for name, _ in probes}
    for place in range(rounds + 3):
        for name, probe in probes:
            spent = probe()
            if place >= 3 and spent is not None:
                taken[name].append(spent)
    return taken


def main() -> None:
    """Make, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    asked = parser.parse_args()
    houses = [House(database(asked.folder, n), n, asked.rounds + 3) for n in asked.cases]
    servers = [Served("hello:app", 8790)]
    try:
        for place, house in enumerate(houses):
            house.serve(8792 + place)
            servers.append(house.server)
        size = len(houses[0].server.get("/desk", houses[0].cookie))
        servers.append(Served("hello:bare", 8791, BENCH_BYTES=str(size)))
        probes = [page_probe("hello", servers[0], "/"), page_probe("bare", servers[-1], "/")]
        for house in houses:
            probes += [(f"{name} @ {house.cases:,}", probe) for name, probe in house.probes()]
        with log.quiet():
            taken = measure(probes, asked.rounds)
        medians = {name: statistics.median(values) for name, values in taken.items() if values}
        report(medians, houses, size)
    finally:
        for server in servers:
            server.stop()


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
    print(f"memory of a worker {max(house.server.memory() for house in houses)} MB")


if __name__ == "__main__":
    main()
