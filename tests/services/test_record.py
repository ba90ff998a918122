"""What record writes beside the event equals what anyone would count again, after any number of acts."""

from collections import Counter as Tally
from random import Random

import pytest
import sqlalchemy as sa

from app.audit import totals
from app.errors import NotFound
from app.extensions import db
from app.models import Case, CaseClock, Counter, Event
from app.models.case import NO_DEADLINE
from app.services.act import act
from tests.world import World
from workflows import schema
from workflows.engine import Refused

INPUTS = {
    "in_reason": "reason", "in_ground": "eligible_applicant", "in_items": 1, "in_days_ahead": 7, "in_goals": "goals",
    "in_consent": True, "in_reasons_missing": 0, "in_choice_made": True,
}  # fmt: skip
ACTS = 300


def wander(world: World, rng: Random, acts: int) -> int:
    """Random people try random acts on random cases; how many went through."""
    states = ("RECEIVED", "SCREENING", "SUPPLEMENT", "ELIGIBLE", "CONSULTING", "CONSULTED")
    numbers = [world.case_in(state).number for state in states * 4]
    people = {name: world.viewer(name) for name in ("officer", "officer2", "applicant", "minister", "stranger")}
    done = 0
    for _ in range(acts):
        who = people[rng.choice(sorted(people))]
        case = db.session.scalars(sa.select(Case).where(Case.number == rng.choice(numbers))).one()
        definition = schema.load(case.definition_id, case.definition_version)
        leaving = definition.leaving(case.state)
        if not leaving:
            continue
        try:
            act(who, case.number, rng.choice(leaving).trigger, inputs=INPUTS)
            done += 1
        except (Refused, NotFound):
            continue
    return done


def test_counters_equal_a_recount_after_hundreds_of_random_acts(world: World) -> None:
    done = wander(world, Random(17), ACTS)
    assert done > 30
    assert list(totals.breaks()) == []
    counted = Tally(db.session.scalars(sa.select(Case.state)))
    stored = {state: int(n) for state, n in db.session.execute(sa.select(Counter.state, Counter.n)) if n}
    assert stored == counted


def test_every_act_is_one_event_and_the_case_repeats_the_last(world: World) -> None:
    wander(world, Random(23), 120)
    for case in db.session.scalars(sa.select(Case)):
        events = list(db.session.scalars(sa.select(Event).where(Event.case_id == case.id).order_by(Event.seq)))
        assert [event.seq for event in events] == list(range(1, case.seq + 1))
        last = events[-1]
        assert (case.state, case.head) == (last.to_state, last.hash)
        definition = schema.load(case.definition_id, case.definition_version)
        assert case.turn == definition.states[case.state].turn


def test_a_case_is_due_when_the_clock_of_whose_turn_it_is_runs_out(world: World) -> None:
    wander(world, Random(29), 120)
    for case in db.session.scalars(sa.select(Case)):
        live = sa.select(sa.func.min(CaseClock.due_on)).where(
            CaseClock.case_id == case.id, CaseClock.stopped_at.is_(None), CaseClock.paused_on.is_(None),
            CaseClock.holder == case.turn, CaseClock.key != "progress_notice",
        )  # fmt: skip
        assert case.due_on == (db.session.scalar(live) or NO_DEADLINE)


def test_what_is_refused_leaves_no_trace(world: World) -> None:
    case = world.case_in("RECEIVED")
    definition = schema.load(case.definition_id, case.definition_version)
    minister = world.viewer("minister")
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    for transition in definition.leaving(case.state):
        with pytest.raises(Refused):
            act(minister, case.number, transition.trigger, inputs=INPUTS)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == before
    assert db.session.get_one(Case, case.id).seq == 1
