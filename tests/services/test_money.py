"""The race for an envelope: a hundred approvals at once, and the envelope holds forty."""

import threading
import time

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import unit_of_work
from app.errors import Busy
from app.extensions import db
from app.models import AgendaItem, Allocation, Case, Counter, Envelope, Resolution, Sitting
from app.services.decide import approve
from tests.world import World
from workflows.engine import Refused

RUNNERS, HOLDS, EACH = 100, 40, 10_000_000


def prepared(world: World) -> list[str]:
    """A hundred cases that wait for the Minister, and money for forty."""
    cycle, now = world.cycle(), clock.now()
    with unit_of_work():
        db.session.execute(
            sa.update(Envelope)
            .where(Envelope.cycle_id == cycle.id)
            .values(amount_krw=HOLDS * EACH + EACH // 2, planned_awards=None)
        )
        sitting = Sitting(
            programme="kcity", number=1, starts_at=now, place="회의실",
            chair_id=world.ids["member01"], rule={}, seats=24,
        )  # fmt: skip
        db.session.add(sitting)
        cases = [
            Case(
                number=f"KCN-2027-{n:04}", definition_id="kcity-planning", definition_version=1,
                cycle_id=cycle.id, organisation_id=world.orgs["hanoi"], state="RESOLVED", seq=1,
                created_at=now, created_by=world.ids["applicant"], received_at=now, turn="minister",
                turn_since=now, assignee_id=world.ids["officer"],
            )
            for n in range(1, RUNNERS + 1)
        ]  # fmt: skip
        db.session.add_all(cases)
        db.session.flush()
        items = [AgendaItem(sitting_id=sitting.id, case_id=c.id, position=c.id) for c in cases]
        db.session.add_all(items)
        db.session.flush()
        db.session.add_all(
            Resolution(
                case_id=i.case_id, item_id=i.id, round=1, outcome="approve", amount_krw=EACH, counts={},
                rule={}, verdict={}, text="", resolved_at=now,
            )
            for i in items
        )  # fmt: skip
        db.session.add(Counter(definition_id="kcity-planning", cycle_id=cycle.id, state="RESOLVED", n=RUNNERS))
        return [case.number for case in cases]


def test_a_hundred_at_once_for_an_envelope_of_forty_fund_exactly_forty(app: Flask) -> None:
    world = World(app)
    numbers = prepared(world)
    minister, cycle_id = world.viewer("minister"), world.cycle().id
    db.session.remove()
    start, told, guard = threading.Barrier(RUNNERS), [], threading.Lock()

    def run(number: str) -> None:
        with app.app_context():
            start.wait()
            answer = attempt(number)
            db.session.remove()
        with guard:
            told.append(answer)

    def attempt(number: str) -> str:
        for _ in range(200):
            try:
                approve(minister, number, EACH)
                return "funded"
            except Refused as no:
                return no.reason.code
            except Busy:
                time.sleep(0.02)  # what Retry-After asks of a client
        return "gave up"

    threads = [threading.Thread(target=run, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(set(told)) == ["funded", "over_envelope"]
    assert told.count("funded") == HOLDS
    envelope = db.session.get_one(Envelope, cycle_id)
    total = db.session.scalar(sa.select(sa.func.sum(Allocation.amount_krw)))
    assert total == envelope.committed_krw == HOLDS * EACH <= envelope.amount_krw
    assert envelope.awards == HOLDS
    states = dict(db.session.execute(sa.select(Case.state, sa.func.count()).group_by(Case.state)).all())
    assert states == {"DECIDED": HOLDS, "RESOLVED": RUNNERS - HOLDS}
    counters = dict(db.session.execute(sa.select(Counter.state, Counter.n)).all())
    assert {s: n for s, n in counters.items() if n} == states
