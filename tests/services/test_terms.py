"""A case keeps the terms it was submitted under, whatever the cycle says later."""

import pytest

from app.db import unit_of_work
from app.extensions import db
from app.models import Case, Cycle, CycleRevision
from app.queries.facts import CaseFacts
from app.queries.terms import terms_of
from app.services.begin_screening import begin_screening
from app.services.decide import approve
from tests.committee_steps import resolved
from tests.world import World
from workflows.engine import Refused


def revise(cycle: Cycle, **changes: object) -> None:
    """A new revision of the cycle, as an administrator makes it."""
    from app import clock
    from app.queries.programmes import content_now

    with unit_of_work():
        stored = db.session.get_one(Cycle, cycle.id)
        for key, value in changes.items():
            setattr(stored, key, value)
        stored.revision += 1
        db.session.add(
            CycleRevision(
                cycle_id=stored.id,
                revision=stored.revision,
                content=content_now(stored, None),
                reason="시험",
                changed_at=clock.now(),
            )
        )


def test_a_lowered_cap_does_not_reach_a_case_already_submitted(world: World) -> None:
    case = resolved(world)
    revise(world.cycle(), cap_krw=100_000_000)
    approve(world.viewer("minister"), case.number, 480_000_000)
    assert db.session.get_one(Case, case.id).awarded_krw == 480_000_000


def test_a_raised_cap_does_not_either(world: World) -> None:
    case = resolved(world)
    revise(world.cycle(), cap_krw=900_000_000)
    with pytest.raises(Refused, match="over the cap"):
        approve(world.viewer("minister"), case.number, 500_000_001)


def test_lengths_and_minimum_stay(world: World) -> None:
    case = world.case_in("RECEIVED")
    cycle = world.cycle()
    settings = {**cycle.settings, "panel_minimum": 7, "clocks": {"screening_days": 3}}
    revise(cycle, settings=settings)
    facts = CaseFacts(db.session.get_one(Case, case.id), world.viewer("officer"))
    assert facts["panel_minimum"] == 5
    assert terms_of(db.session.get_one(Case, case.id)).revision == 1
    begin_screening(world.viewer("officer"), case.number)
    from app.models import CaseClock

    assert db.session.query(CaseClock.days).filter_by(case_id=case.id, key="screening").scalar() == 20
