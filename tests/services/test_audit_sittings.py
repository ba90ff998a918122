"""The proof reaches sittings and votes: any value changed behind the application's back is found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit import sittings, votes
from app.db import unit_of_work
from app.extensions import db
from app.models import Attendance, Ballot, ItemSeat, OpenedBallot, Resolution, Sitting, SittingEvent
from app.services.call_roll import arrive, end_sitting, leave
from app.services.close_ballot import close_ballot
from app.services.item_seats import seat_for_item
from app.services.plan_sitting import change_sitting
from tests.committee_steps import members, plan, seated, tabled, vote
from tests.world import World

NOON = datetime(2020, 1, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def held(lite: Flask) -> Flask:
    """A sitting with a member for one item, comings and goings, a vote and an end; and one that was moved."""
    world = World(lite)
    with unit_of_work():
        world.add_user("vice1", role="member", programme="kcity")
    case, number = tabled(world)
    clerk = world.viewer("clerk")
    seat_for_item(clerk, number, case.number, "vice1@kcity.test", "vice_minister", "소관 부처")
    seated(world, case, number, members(1, 14))
    leave(clerk, number, world.ids["member14"])
    arrive(clerk, number, world.ids["member15"])
    from app.services.declare_interest import declare
    from app.services.open_item import open_item

    declare(world.viewer("member15"), case.number, "member", "none")
    open_item(world.viewer("member01"), case.number)
    vote(world, case, yes=members(1, 8), no=members(9, 13))
    close_ballot(world.viewer("member01"), case.number)
    end_sitting(clerk, number)
    later = plan(world)
    moved = db.session.scalars(sa.select(Sitting).where(Sitting.number == later)).one()
    change_sitting(clerk, later, moved.starts_at + timedelta(days=1), "다른 곳", world.ids["member11"])
    for name in db.session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.session.execute(sa.text(f"DROP TRIGGER {name}"))
    db.session.commit()
    return lite


def found() -> list[str]:
    return [f"{one.number}: {one.text.en}" for one in sittings.breaks()]


def other(value: Any) -> Any:
    """The same value with a small change that no constraint minds."""
    if isinstance(value, dict):
        return {**value, "x": 1}
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1:] != "0" else "1")
    return value + timedelta(seconds=1) if hasattr(value, "tzinfo") else (value or 0) + 100


def test_every_column_of_a_sittings_events_is_proven(held: Flask) -> None:
    assert found() == []
    ids = list(db.session.scalars(sa.select(SittingEvent.id).order_by(SittingEvent.id)))
    for number, column in product((ids[0], ids[3], ids[-1]), SittingEvent.__table__.c):
        if column.name == "id":
            continue
        value = db.session.scalar(sa.select(column).where(SittingEvent.id == number))
        spoil(sa.update(SittingEvent).where(SittingEvent.id == number).values({column.name: other(value)}))


def test_every_fact_of_a_sitting_is_proven(held: Flask) -> None:
    for name in Sitting.VOUCHED:
        column = Sitting.__table__.c[name]
        value = db.session.scalar(sa.select(column).order_by(Sitting.id).limit(1))
        changed = {"form": "video", "reason_code": "minor", "opens_at": NOON, "closes_at": NOON}.get(name, other(value))
        spoil(sa.update(Sitting).where(Sitting.id == 1).values({name: changed}))


def test_what_is_taken_out_or_changed_is_found(held: Flask) -> None:
    for change in (
        sa.delete(SittingEvent).where(SittingEvent.act == "end"),
        sa.delete(SittingEvent).where(SittingEvent.act == "arrive"),
        sa.update(Attendance).values(left_at=None),
        sa.update(Attendance).values(arrived_at=NOON),
        sa.update(Attendance).values(proxy="누군가"),
        sa.delete(Attendance),
        sa.update(ItemSeat).values(capacity="local_head"),
        sa.delete(ItemSeat),
        sa.update(Sitting).values(head="0" * 64),
        sa.update(Sitting).values(seq=0),
    ):
        spoil(change)


def spoil(change: Any) -> None:
    """Make the change, see that it is found, take it back."""
    db.session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
    db.session.execute(change, execution_options={"synchronize_session": False})
    assert found() != [], str(change)
    db.session.rollback()


def rows() -> tuple[list[Any], list[Any], list[Any]]:
    """Ballots, opened ballots and resolutions with JSON as stored text."""
    from app.audit.shapes import shape_of

    def read(model: Any) -> list[Any]:
        return [SimpleNamespace(**row._mapping) for row in db.session.execute(sa.select(*shape_of(model).columns))]

    return read(Ballot), read(OpenedBallot), read(Resolution)


def test_votes_are_counted_once_more_and_what_is_spoilt_is_found(held: Flask) -> None:
    assert list(votes.faults(*rows())) == []
    for spoilt, said in SPOILT:
        ballots, opened, resolutions = rows()
        spoilt(ballots, opened, resolutions)
        faults = [text.en for _, text in votes.faults(ballots, opened, resolutions)]
        assert any(said in text for text in faults), (said, faults)


SPOILT: list[tuple[Callable[..., object], str]] = [
    (lambda b, o, r: setattr(o[0], "choice", "no" if o[0].choice == "yes" else "yes"), "commitment"),
    (lambda b, o, r: setattr(o[0], "salt", "0" * 32), "commitment"),
    (lambda b, o, r: setattr(o[0], "user_id", o[1].user_id), "commitment"),
    (lambda b, o, r: setattr(b[0], "commitment", "0" * 64), "no ballot"),
    (lambda b, o, r: o.pop(), "opened"),
    (lambda b, o, r: b.pop(), "no ballot"),
    (lambda b, o, r: setattr(o[0], "counted", False), "tally"),
    (lambda b, o, r: setattr(r[0], "counts", r[0].counts.replace('"yes":8', '"yes":9')), "tally"),
    (lambda b, o, r: setattr(r[0], "verdict", r[0].verdict.replace('"passed":true', '"passed":false')), "rule"),
    (lambda b, o, r: setattr(r[0], "verdict", r[0].verdict.replace('"needed":8', '"needed":7')), "rule"),
    (lambda b, o, r: setattr(r[0], "rule", r[0].rule.replace("more_than_half", "two_thirds")), "rule"),
]
