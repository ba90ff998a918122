"""Synthetic cases: every state and year, both languages, the same for the same seed, lawful to the last step."""

import itertools

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.audit import verify
from app.extensions import db
from app.intake.check import check_form
from app.models import (
    Allocation,
    Attachment,
    Ballot,
    Case,
    Counter,
    Cycle,
    Envelope,
    Event,
    ScoreSheet,
    User,
    Version,
)
from app.synthetic.life import GOOD
from app.synthetic.make import make
from tests.databases import Settings, SqliteTemplate
from workflows import guards, schema
from workflows.facts import FACTS
from workflows.form_schema import load_form

CASES = 120


@pytest.fixture
def made(app: Flask) -> Flask:
    make(CASES, 11, lambda done: None)
    return app


def test_every_state_and_every_year_is_there_and_the_record_holds(made: Flask) -> None:
    for definition in schema.all_published():
        there = set(db.session.scalars(sa.select(Case.state).where(Case.definition_id == definition.id)))
        assert there == set(definition.states)
    years = set(db.session.scalars(sa.select(Cycle.fiscal_year).join(Case, Case.cycle_id == Cycle.id)))
    assert years >= set(range(2020, 2028))
    proof = verify()
    assert (proof.holds, proof.cases) == (True, CASES)
    for model in (ScoreSheet, Ballot, Allocation, Attachment):
        assert db.session.scalar(sa.select(model.id).limit(1)) is not None


def test_what_they_say_is_valid_under_their_form_in_both_languages(made: Flask) -> None:
    for version, case in db.session.execute(
        sa.select(Version, Case).join(Case, Case.id == Version.case_id).where(Version.number == 1).limit(40)
    ):
        form = load_form(case.definition_id, case.form_version)
        typed = {
            section.key: {f.key: version.answers[f.key] for f in section.fields if f.key in version.answers}
            for section in form.sections
        }
        slots = [file["slot"] for file in version.files]
        checked = check_form(form, typed, slots)
        assert {key: part.faults for key, part in checked.sections.items() if part.faults} == {}
        assert case.title_ko and case.title_en


def test_counters_and_envelopes_are_consistent_and_within(made: Flask) -> None:
    counted = sa.select(Case.state, sa.func.count()).group_by(Case.state)
    stored = sa.select(Counter.state, sa.func.sum(Counter.n)).group_by(Counter.state)
    assert dict(db.session.execute(counted).all()) == {s: int(n) for s, n in db.session.execute(stored)}
    for envelope in db.session.scalars(sa.select(Envelope)):
        assert envelope.committed_krw <= envelope.amount_krw
        assert envelope.planned_awards is None or envelope.awards <= envelope.planned_awards


def test_a_published_envelope_keeps_its_amount(made: Flask) -> None:
    query = sa.select(Envelope).join(Cycle, Cycle.id == Envelope.cycle_id)
    found = db.session.scalars(query.where(Cycle.definition_id == "kcity-planning", Cycle.fiscal_year == 2027)).one()
    assert (found.amount_krw, found.planned_awards) == (3_000_000_000, 6)


def test_steps_of_a_case_follow_each_other_in_time_and_none_is_in_the_future(made: Flask) -> None:
    from app import clock

    rows = db.session.execute(sa.select(Event.case_id, Event.at).order_by(Event.case_id, Event.seq)).all()
    for (first, earlier), (second, at) in itertools.pairwise(rows):
        assert first != second or earlier <= at
    assert max(at for _, at in rows) <= clock.now()


def test_two_runs_stand_beside_each_other(made: Flask) -> None:
    make(30, 11, lambda done: None)
    proof = verify()
    assert (proof.holds, proof.cases) == (True, CASES + 30)


def test_the_same_seed_gives_the_same_content(sqlite_template: SqliteTemplate, tmp_path: object) -> None:
    from pathlib import Path

    from app import create_app

    heads = []
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False):
        for name in ("one", "two"):
            folder = Path(str(tmp_path)) / name
            folder.mkdir()
            app = create_app(Settings(sqlite_template.fresh(folder), folder))
            with app.app_context():
                make(45, 3, lambda done: None)
                heads.append(db.session.execute(sa.select(Case.number, Case.head).order_by(Case.id)).all())
                db.session.remove()
                db.engine.dispose()
    assert heads[0] == heads[1]


def test_nobody_of_them_can_sign_in_and_all_are_plainly_synthetic(made: Flask) -> None:
    people = db.session.execute(sa.select(User.email, User.password_hash)).all()
    assert {email.split("@")[1] for email, _ in people} == {"synthetic.test"}
    assert {hashed for _, hashed in people} == {"!"}


def test_the_facts_they_assume_are_all_the_facts_there_are() -> None:
    assert GOOD.keys() == FACTS.keys()
    assert {name for rule in guards.GUARDS.values() for name in rule.reads} <= GOOD.keys()
