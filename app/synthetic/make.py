"""`flask synthetic`: N invented cases over every state and year, in both languages, in batches of bounded memory."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from random import Random
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.files import FileStore
from app.models import Case, Cycle, Envelope, Organisation
from app.services.describe import index
from app.services.load_programme import load_programme
from app.synthetic import cast as people
from app.synthetic.life import Life
from app.synthetic.plot import AT_SITTING, BEYOND_SITTING, FINAL, SHARES, Plot, least_days
from app.synthetic.store import Store
from app.synthetic.story import Story
from app.synthetic.words import PLACES, answers, title
from workflows import schema
from workflows.form_schema import load_form

BATCH = 1000
STATES = tuple(SHARES)
WEIGHTS = tuple(SHARES.values())
DOCUMENT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


class Factory:
    """Everything that is the same for all cases of one run."""

    def __init__(self, rng: Random, count: int, today: date) -> None:
        self.rng, self.today = rng, today
        self.now = datetime(today.year, today.month, today.day, tzinfo=UTC)
        load_programme("kcity")
        with unit_of_work():
            self.cycles = [self._cycle(row) for row in db.session.scalars(sa.select(Cycle).order_by(Cycle.id))]
            self.cycles = [cycle for cycle in self.cycles if cycle["opens"] < self.now]
            self._fund(count)
            self.cast = people.assemble(rng, today)
            names = {row.id: row for row in db.session.scalars(sa.select(Organisation))}
            self.organisations = {
                key: SimpleNamespace(name_ko=row.name_ko, name_en=row.name_en) for key, row in names.items()
            }
        self.store = Store()
        self.document = self._document()

    def _cycle(self, row: Cycle) -> dict[str, Any]:
        end = row.closes_at or datetime.combine(row.cut_off_on or self.today, datetime.max.time(), UTC)
        opens = row.opens_at or end - timedelta(days=60)
        return {
            "id": row.id, "definition_id": row.definition_id, "year": row.fiscal_year, "cap_krw": row.cap_krw,
            "revision": row.revision, "form_version": row.form_version, "settings": row.settings,
            "opens": opens, "ends": min(end, self.now),
        }  # fmt: skip

    def _fund(self, count: int) -> None:
        """An invented envelope where none was ever published."""
        have = set(db.session.scalars(sa.select(Envelope.cycle_id)))
        amount = max(3_000_000_000, count * 10_000_000)
        for cycle in self.cycles:
            if cycle["id"] not in have:
                db.session.add(Envelope(cycle_id=cycle["id"], amount_krw=amount))

    def _document(self) -> tuple[str, int]:
        files = FileStore(current_app.config["DATA_DIR"] / "files")
        return files.keep(files.receive(BytesIO(DOCUMENT), len(DOCUMENT))), len(DOCUMENT)

    # one case ---------------------------------------------------------------------------------------------

    def make(self, place: int) -> None:
        """The case number `place` of the run. The first ones go through every type and state in turn."""
        rng = self.rng
        definitions = schema.all_published()
        every = [(d, state) for d in definitions for state in STATES if state in d.states]
        if place < len(every):
            definition, state = every[place]
        else:
            state = rng.choices(STATES, WEIGHTS)[0]
            fits = [d for d in definitions if state in d.states]
            definition = rng.choice(fits)
        cycle = self._choose_cycle(definition, state, place)
        sitting, received_at, end = self._times(cycle, state)
        story = self._story(definition, cycle, received_at, sitting, state)
        if state == "DRAFT":
            story.save_sections(received_at)
            self._index(story.case)
            return
        Plot(story, state, rng).run(received_at, end)
        if story.case["state"] in ("DRAFT", "SUPPLEMENT", "CONSULTING"):
            story.save_sections(received_at)
        story.life.settle(self.today)
        self._index(story.case)

    def _choose_cycle(self, definition: schema.Definition, state: str, place: int) -> dict[str, Any]:
        """Old cases are of every year; those that are still on the way mostly came in lately."""
        oldest = self.now - timedelta(days=least_days(state))
        fits = [c for c in self.cycles if c["definition_id"] == definition.id and c["opens"] < oldest]
        if state in FINAL:
            return fits[place % len(fits)]
        recent = fits[-2:]
        return self.rng.choice(recent if self.rng.random() < 0.85 else fits)

    def _times(self, cycle: dict[str, Any], state: str) -> tuple[people.Meeting | None, datetime, datetime]:
        """The sitting (if it comes to one), when it was received, and when the last step was taken."""
        rng, latest = self.rng, self.now - timedelta(days=least_days(state))
        last = min(cycle["ends"], latest)
        span = max(int((last - cycle["opens"]).total_seconds()), 1)
        # What is on the way came in late in its window, what is over at any time in it.
        part = rng.random() if state in FINAL else 1 - rng.random() ** 2 * 0.5
        received_at = cycle["opens"] + timedelta(seconds=int(span * part))
        idle = timedelta(days=rng.randint(0, 40), seconds=rng.randint(0, 80_000))
        end = max(received_at + timedelta(hours=5), self.now - idle)
        if state in FINAL:
            end = min(end, received_at + timedelta(days=rng.randint(20, 400)))
        if state == "RECEIVED":
            end = min(end, received_at + timedelta(days=2))
        if state not in AT_SITTING:
            return None, received_at, end
        return self._sitting(state, received_at, end)

    def _sitting(
        self, state: str, received_at: datetime, end: datetime
    ) -> tuple[people.Meeting | None, datetime, datetime]:
        past = [m for m in self.cast.meetings if m.starts_at < self.now - timedelta(days=1)]
        if state == "TABLED":
            return next(m for m in self.cast.meetings if m.starts_at > self.now), received_at, end
        fits = [m for m in past if m.starts_at > received_at + timedelta(days=12)] or past[-1:]
        chosen = self.rng.choice(fits[:6] if state in FINAL else fits[-3:]) if state in BEYOND_SITTING else fits[-1]
        end = max(end, chosen.starts_at + timedelta(days=3)) if state in BEYOND_SITTING else end
        if state in ("CLOSED", "LAPSED"):
            end = max(end, chosen.starts_at + timedelta(days=60))
        return chosen, min(received_at, chosen.starts_at - timedelta(days=10)), min(end, self.now)

    def _story(
        self, definition: schema.Definition, cycle: dict[str, Any], received_at: datetime,
        sitting: people.Meeting | None, state: str,
    ) -> Story:  # fmt: skip
        rng, planning = self.rng, definition.id == "kcity-planning"
        place, ko, en = title(rng, planning)
        org, signatory, home, _, _ = rng.choice(self.cast.cities if planning else self.cast.companies)
        if planning:
            place = PLACES[home]
            ko, en = f"{place[1]} {ko.split(' ', 1)[1]}", f"{place[2]}: {en.split(': ', 1)[1]}"
        cap = cycle["cap_krw"] or 500_000_000
        amount = rng.randint(cap // 20_000_000, cap // 10_000_000) * 10_000_000
        known = {
            "title_ko": ko, "title_en": en, "country": place[0], "city": place[2],
            "coordinates": {"lat": place[3], "lon": place[4]}, "amount_requested": amount,
            "language_of_record": rng.choice(("ko", "en")) if planning else "ko",
            "national_priority_rank": rng.randint(1, 9),
        }  # fmt: skip
        typed = answers(rng, definition.id, cycle["form_version"], known, cycle["year"])
        case = self._case(definition, cycle, received_at, org, signatory, known)
        settings = self._rules(definition.id, cycle)
        frozen = {
            "cycle_revision": cycle["revision"],
            "criteria": settings["criteria"],
            "ranking": settings["ranking"],
            "stages": settings["stages"],
            "sample_weights": "criteria_weights" in settings["samples"],
        }
        round_ = {"frozen": frozen, "year": cycle["year"], "cycle": cycle}
        life = Life(self.store, definition, case, cycle["settings"].get("clocks") or {})
        story = Story(life, self.cast, rng, typed, round_, signatory, self.document, sitting)
        return story

    def _rules(self, definition_id: str, cycle: dict[str, Any]) -> dict[str, Any]:
        """The cycle's own criteria and ranking rule; where none was published, those of the newest cycle."""
        if cycle["settings"].get("ranking"):
            found: dict[str, Any] = cycle["settings"]
            return found
        newest = [c for c in self.cycles if c["definition_id"] == definition_id and c["settings"].get("ranking")]
        return dict(newest[-1]["settings"])

    def _case(
        self, definition: schema.Definition, cycle: dict[str, Any], at: datetime, org: int, signatory: int,
        known: dict[str, Any],
    ) -> dict[str, Any]:  # fmt: skip
        form = load_form(definition.id, cycle["form_version"])
        case = self.store.add(
            Case, number="", definition_id=definition.id, definition_version=definition.version,
            form_version=cycle["form_version"], cycle_id=cycle["id"], cycle_revision=cycle["revision"],
            organisation_id=org, state=definition.initial, seq=0, head="", title_ko=known["title_ko"],
            title_en=known["title_en"], country=known["country"], city=known["city"],
            lat=known["coordinates"]["lat"], lon=known["coordinates"]["lon"],
            requested_krw=known["amount_requested"], created_at=at - timedelta(days=9), created_by=signatory,
            received_at=None, turn=definition.states[definition.initial].turn, turn_since=at - timedelta(days=9),
            due_on=date(9999, 12, 31), assignee_id=None, outcome=None, decided_on=None, awarded_krw=None,
            reserve_rank=None, announce_at=None, announced_at=None, result_note=None, decline_proposed_by=None,
            decline_reason=None, imported=False, eligibility={q.key: q.ok for q in form.eligibility}, search="",
        )  # fmt: skip
        case["number"] = f"DRAFT-{case['id']:010x}"
        return case

    def _index(self, case: dict[str, Any]) -> None:
        found = SimpleNamespace(**case)
        index(found, self.organisations[case["organisation_id"]])  # type: ignore[arg-type]
        case["search"] = found.search


def make(count: int, seed: int, say: Callable[[int], None]) -> None:
    """Write `count` cases. `say` is told after each batch how many are done."""
    factory = Factory(Random(seed), count, clock.today())  # noqa: S311  (must come out the same for a seed)
    for place in range(count):
        factory.make(place)
        if (place + 1) % BATCH == 0 or place + 1 == count:
            factory.store.flush()
            db.session.expunge_all()
            say(place + 1)
    factory.store.settle()
