"""Twenty-four members vote on fifty items at once: none lost, none double, none told before the close, all counted."""

import json
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import unit_of_work
from app.errors import Busy
from app.extensions import db
from app.models import (
    Ballot,
    Case,
    Declaration,
    Delivery,
    Event,
    Once,
    OpenedBallot,
    Resolution,
    RosterEntry,
    SittingEvent,
)
from app.services.call_roll import call_roll
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.open_item import open_item
from app.services.put_motion import put_motion
from app.services.send_agenda import send_agenda
from app.services.table_case import table_case
from tests.committee_steps import members, plan
from tests.world import World
from workflows.commitment import commitment

ITEMS = 50
CHOICES = ("yes", "no", "abstain")
EVERYONE = members(1, 24)
Plan = dict[str, dict[str, str]]


def fifty_items(world: World, rng: Random) -> tuple[Plan, dict[str, set[str]], int]:
    """(case -> member -> what he will vote, case -> who is out of it, the sitting): all tabled, none opened."""
    cases = [world.case_in("RANKED", city=f"City {n}") for n in range(ITEMS)]
    number, clerk = plan(world), world.viewer("clerk")
    out, votes = {}, {}
    for case in cases:
        table_case(clerk, case.number, number)
        put_motion(clerk, case.number, "approve", "승인한다.", 100_000_000)
        out[case.number] = set(rng.sample(EVERYONE[1:], rng.choice((0, 0, 1, 2, 5))))
        lean = rng.choice((0.3, 0.5, 0.6, 0.9))
        votes[case.number] = {
            name: "yes" if rng.random() < lean else rng.choice(("no", "no", "abstain"))
            for name in EVERYONE
            if name not in out[case.number]
        }
    with unit_of_work() as session:
        rows = [
            {"case_id": case.id, "user_id": world.ids[name], "capacity": "member", "number": 1,
             "answer": "conflict" if name in out[case.number] else "none", "declared_at": clock.now()}
            for case in cases
            for name in EVERYONE
        ]  # fmt: skip
        session.add_all(Declaration(**row) for row in rows)
    send_agenda(clerk, number)
    call_roll(clerk, number, [world.ids[name] for name in EVERYONE])
    return votes, out, number


def voter(app: Flask, world: World, name: str, ballots: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """One member's browser: each vote sent until it is answered, some of them twice; (case, choice, receipt)."""
    got = []
    with app.app_context():
        who = world.viewer(name)
        for number, choice in ballots:
            for attempt in range(200):
                try:
                    receipt = cast_ballot(who, number, choice, once=f"{name}-{number}")
                except Busy:
                    continue
                if attempt % 7 == 0 or hash(receipt) % 5 == 0:
                    assert cast_ballot(who, number, "abstain", once=f"{name}-{number}") == receipt
                got.append((number, choice, receipt))
                break
        db.session.remove()
    return got


def everything_stored() -> str:
    """Every row a vote could have left a trace in, as text."""
    models = (Ballot, Event, Once, SittingEvent, Delivery, RosterEntry)
    return "\n".join(
        json.dumps(dict(row._mapping), default=str, ensure_ascii=False)
        for model in models
        for row in db.session.execute(sa.select(model.__table__))
    )


def recount(cast: dict[str, str], recused: int) -> tuple[bool, dict[str, int]]:
    """The verdict once more, from the decree alone: a majority of those present and not recused."""
    tally = {choice: sum(vote == choice for vote in cast.values()) for choice in CHOICES}
    return 2 * tally["yes"] > 24 - recused, tally


def test_twelve_hundred_ballots(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    world, rng = World(app), Random(24)
    votes, out, _ = fifty_items(world, rng)
    for number in votes:
        open_item(world.viewer("member01"), number)
    db.session.remove()
    capfd.readouterr()
    queues: dict[str, list[tuple[str, str]]] = {name: [] for name in EVERYONE}
    for number, cast in votes.items():
        for name, choice in cast.items():
            queues[name].append((number, choice))
    with ThreadPoolExecutor(len(EVERYONE)) as pool:
        done = pool.map(lambda name: (name, voter(app, world, name, queues[name])), EVERYONE)
        receipts = {(number, name): (choice, code) for name, rows in done for number, choice, code in rows}
    expected = sum(map(len, votes.values()))
    assert len(receipts) == expected and expected > ITEMS * 22
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == expected
    assert len({code for _, code in receipts.values()}) == expected
    stored, logged = everything_stored(), "".join(capfd.readouterr())
    for text in (stored, logged):
        assert not any(f'"{choice}"' in text for choice in CHOICES)
    assert len(set(db.session.scalars(sa.select(sa.func.length(Ballot.sealed))))) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OpenedBallot)) == 0
    for number in votes:
        close_ballot(world.viewer("member01"), number)
    _all_as_recounted(world, votes, out, receipts)


def _all_as_recounted(world: World, votes: Plan, out: dict[str, set[str]], receipts: dict[Any, Any]) -> None:
    numbers = dict(db.session.execute(sa.select(Case.id, Case.number)).all())
    names = {id_: name for name, id_ in world.ids.items()}
    opened = db.session.scalars(sa.select(OpenedBallot)).all()
    assert {(numbers[row.case_id], names[row.user_id]): (row.choice, row.commitment) for row in opened} == receipts
    for row in opened:
        assert commitment(row.item_id, row.round, row.user_id, row.choice, row.salt) == row.commitment
    for resolution in db.session.scalars(sa.select(Resolution)):
        number = numbers[resolution.case_id]
        passed, tally = recount(votes[number], len(out[number]))
        assert {choice: resolution.counts[choice] for choice in CHOICES} == tally
        assert resolution.verdict["passed"] is passed
        assert resolution.outcome == ("approve" if passed else "reject")
    assert len({row.case_id for row in opened}) == ITEMS
