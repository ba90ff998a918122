"""The one write path: what is stored together, what is refused with its reason, what races lose."""

import pytest
import sqlalchemy as sa

from app.errors import NotFound, Stale
from app.extensions import db
from app.models import Case, Counter, Event
from app.services.act import act
from tests.world import World
from workflows.engine import Refused


def test_an_act_leaves_one_event_bound_to_the_one_before(world: World) -> None:
    case = world.case_in("RECEIVED")
    act(world.viewer("officer"), case.number, "begin_screening", revision=1)
    events = list(db.session.scalars(sa.select(Event).where(Event.case_id == case.id).order_by(Event.seq)))
    assert [event.seq for event in events] == [1, 2]
    assert events[1].prev_hash == events[0].hash
    assert events[1].hash == events[1].compute_hash(case.number)
    assert db.session.get_one(Case, case.id).state == "SCREENING"


def test_counters_move_with_the_state(world: World) -> None:
    case = world.case_in("RECEIVED")
    act(world.viewer("officer"), case.number, "begin_screening")
    rows = db.session.execute(sa.select(Counter.state, Counter.n))
    counted = {row.state: row.n for row in rows}
    assert counted == {"RECEIVED": 0, "SCREENING": 1}


def test_a_stale_page_is_refused_and_nothing_changes(world: World) -> None:
    case = world.case_in("RECEIVED")
    with pytest.raises(Stale):
        act(world.viewer("officer"), case.number, "begin_screening", revision=0)
    assert db.session.get_one(Case, case.id).state == "RECEIVED"


def test_a_stranger_does_not_find_the_case(world: World) -> None:
    case = world.case_in("RECEIVED")
    with pytest.raises(NotFound):
        act(world.viewer("stranger"), case.number, "withdraw")


def test_the_applicant_may_not_do_the_officers_work_and_is_told_so(world: World) -> None:
    case = world.case_in("RECEIVED")
    with pytest.raises(Refused) as refused:
        act(world.viewer("applicant"), case.number, "begin_screening")
    assert refused.value.reason.code == "not_your_role"


def test_officers_do_not_find_drafts(world: World) -> None:
    case = world.case_in("DRAFT")
    with pytest.raises(NotFound):
        act(world.viewer("officer"), case.number, "withdraw")


def test_the_database_refuses_to_change_history(world: World) -> None:
    case = world.case_in("RECEIVED")
    for statement in ("UPDATE event SET trigger = 'x'", "DELETE FROM event"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            db.session.execute(sa.text(statement))
        db.session.rollback()
    assert db.session.get_one(Case, case.id).seq == 1
