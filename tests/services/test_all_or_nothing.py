"""Every command with its n-th statement failing, for each n: the database is as before, or the act is whole."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.base import Base
from app.extensions import db
from app.models import Case
from app.services.begin_screening import begin_screening
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.decide import approve
from app.services.request_supplement import request_supplement
from app.services.submit import submit
from app.services.write_message import write_message
from tests.committee_steps import members, resolved, vote, voting
from tests.world import World


class Snapped(Exception):
    """The statement that was made to fail."""


def digest() -> str:
    """All rows of all tables."""
    db.session.rollback()
    seen = sha256()
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table).order_by(*table.primary_key.columns)):
            seen.update(repr(tuple(row)).encode())
    db.session.rollback()
    return seen.hexdigest()


def prepared(world: World, name: str) -> Callable[[], Any]:
    """A command that would succeed."""
    if name == "submit":
        draft = world.case_in("DRAFT")
        return lambda: submit(world.viewer("applicant"), draft.number)
    if name == "begin_screening":
        number = world.case_in("RECEIVED").number
        return lambda: begin_screening(world.viewer("officer"), number)
    if name == "request_supplement":
        number = world.case_in("SCREENING").number
        due = clock.today() + timedelta(days=14)
        return lambda: request_supplement(world.viewer("officer"), number, [("project", "위치를 밝혀 주십시오.")], due)
    if name == "write_message":
        number = world.case_in("SCREENING").number
        return lambda: write_message(world.viewer("applicant"), number, "문의드립니다.")
    if name == "approve":
        number = resolved(world).number
        return lambda: approve(world.viewer("minister"), number, 480_000_000)
    case, _ = voting(world, members(1, 13))
    if name == "cast_ballot":
        return lambda: cast_ballot(world.viewer("member05"), case.number, "yes")
    vote(world, case, yes=members(1, 13))
    return lambda: close_ballot(world.viewer("member01"), case.number)


COMMANDS = "submit begin_screening request_supplement write_message cast_ballot close_ballot approve".split()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_failure_at_any_statement_changes_nothing(world: World, command: str) -> None:
    run = prepared(world, command)
    db.session.rollback()
    before = digest()
    failures = 0
    while failed_at(run, failures + 1):
        assert digest() == before, f"{command} left something behind at statement {failures + 1}"
        failures += 1
    assert failures > 3
    assert digest() != before


def failed_at(run: Callable[[], Any], n: int) -> bool:
    """Run with the n-th statement failing; False when it needed fewer and went through."""
    count = 0

    def snap(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == n:
            raise Snapped

    sa.event.listen(db.engine, "before_cursor_execute", snap)
    try:
        run()
    except Snapped:
        return True
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", snap)
        db.session.rollback()
    return False


def test_the_case_is_whole_after_the_first_success(world: World) -> None:
    case = world.case_in("RECEIVED")
    begin_screening(world.viewer("officer"), case.number)
    stored = db.session.scalars(sa.select(Case).where(Case.id == case.id)).one()
    assert (stored.state, stored.seq) == ("SCREENING", 2)
