"""The clocks of a case: start, stop, stand still, go on. The counting itself is workflows.deadlines."""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import Case, CaseClock, ClockPause
from app.models.case import NO_DEADLINE
from app.models.clocks import WATCHED
from app.queries.terms import terms_of
from workflows import deadlines, schema
from workflows.schema import ClockRule, Definition, Transition


def follow(
    case: Case, transition: Transition, definition: Definition, now: datetime, due_on: date | None = None
) -> None:
    """What `transition` does to the clocks; then the case's own due date. `due_on`: as set by the act for its clock."""
    moves = transition.starts or transition.stops or transition.pauses or transition.resumes
    if not moves and transition.to is None:
        return
    today = clock.day_of(now)
    if case.id is None:
        db.session.flush()
    running = _running(case)
    stopped = [
        c for c in running if c.key in transition.stops and (transition.to or not definition.clocks[c.key].by_act)
    ]
    for found in stopped:
        found.stopped_at = now
    going = [c for c in running if c not in stopped]
    for found in going if transition.pauses else ():
        found.paused_on = found.paused_on or today
    if transition.resumes:
        go_on({c: running[c] for c in going if c.paused_on}, today)
    rules = {key: definition.clocks[key] for key in transition.starts}
    started = [begin(case, key, rule, today, due_on) for key, rule in rules.items() if _starts(case, rule)]
    if started:  # together, and not one by one as the session would for their ids
        db.session.execute(sa.insert(CaseClock), [{key: getattr(c, key) for key in BEGUN} for c in started])
    set_due([c for c in [*running, *started] if c.stopped_at is None], case)


def _running(case: Case) -> dict[CaseClock, list[deadlines.Pause]]:
    """The clocks that are not stopped, each with the pauses that are over. One statement."""
    query = sa.select(CaseClock, ClockPause.sent_on, ClockPause.received_on)
    query = query.outerjoin(ClockPause, ClockPause.clock_id == CaseClock.id).order_by(CaseClock.id, ClockPause.id)
    found: dict[CaseClock, list[deadlines.Pause]] = {}
    for row in db.session.execute(query.where(CaseClock.case_id == case.id, CaseClock.stopped_at.is_(None))):
        pauses = found.setdefault(row.CaseClock, [])
        if row.sent_on is not None:
            pauses.append(deadlines.Pause(row.sent_on, row.received_on))
    return found


BEGUN = ("case_id", "key", "calculator", "article", "holder", "started_on", "days", "due_on")


def begin(case: Case, key: str, rule: ClockRule, today: date, due_on: date | None = None) -> CaseClock:
    """A clock that starts today; the cycle may set its length, the act its very date (a supplement's)."""
    days = _length(case, rule)
    return CaseClock(
        case_id=case.id,
        key=key,
        calculator=rule.calculator,
        article=rule.article,
        holder=rule.holder,
        started_on=today,
        days=days,
        due_on=due_on or deadlines.due(rule.calculator, today, deadlines.Length(days, "days")),
    )


def _starts(case: Case, rule: ClockRule) -> bool:
    return not rule.by_act and not (rule.first_hearing and case.hearing > 1)


def begin_for(case: Case, key: str, condition_id: int, today: date, due_on: date | None = None) -> None:
    """Start the clock of one condition: with its own date, or with the length that the definition gives."""
    rule = schema.load(case.definition_id, case.definition_version).clocks[key]
    started = begin(case, key, rule, min(today, due_on) if due_on else today, due_on)
    if due_on:
        started.days = max(1, (due_on - started.started_on).days)
    started.condition_id = condition_id
    db.session.add(started)
    db.session.flush()


def stop_for(condition_id: int, now: datetime) -> None:
    """Stop every clock of one condition."""
    query = sa.select(CaseClock).where(CaseClock.condition_id == condition_id, CaseClock.stopped_at.is_(None))
    for found in db.session.scalars(query):
        found.stopped_at = now
    db.session.flush()


def runs_out_on(case: Case, rule: ClockRule, today: date) -> date:
    """The day on which a clock that starts today runs out."""
    return deadlines.due(rule.calculator, today, deadlines.Length(_length(case, rule), "days"))


def _length(case: Case, rule: ClockRule) -> int:
    lengths = terms_of(case).settings.get("clocks") or {}
    return int(lengths.get(rule.setting, rule.days))


def go_on(paused: Mapping[CaseClock, list[deadlines.Pause]], today: date) -> None:
    """Time went by that does not count: both the day sent and the day received are out. `paused`: each clock that
    stands still, with its earlier pauses. One statement for all."""
    if not paused:
        return
    ended = [{"clock_id": c.id, "sent_on": c.paused_on, "received_on": today} for c in paused]
    db.session.execute(sa.insert(ClockPause), ended)
    for found, earlier in paused.items():
        assert found.paused_on is not None
        pauses = [*earlier, deadlines.Pause(found.paused_on, today)]
        length = deadlines.Length(found.days, "days")
        found.paused_on = None
        found.due_on = deadlines.due(found.calculator, found.started_on, length, pauses)  # type: ignore[arg-type]


def set_due(running: list[CaseClock], case: Case) -> None:
    """The case is due when the clock of whoever's turn it is runs out, or one that is watched whoever holds it;
    a paused clock is not due."""
    live = [c for c in running if c.paused_on is None and c.key != "progress_notice"]
    mine = [c.due_on for c in live if c.holder == case.turn or c.key in WATCHED]
    case.due_on = min(mine, default=NO_DEADLINE)


def reset(case: Case, key: str, due_on: date) -> None:
    """Move a running clock to a date that was set on the record (more time, a second demand)."""
    running = list(_running(case))
    for found in running:
        if found.key == key:
            found.due_on = due_on
            found.paused_on = None
    set_due(running, case)
