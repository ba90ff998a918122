"""The clocks of a case: start, stop, stand still, go on. The counting itself is workflows.deadlines."""

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
    running = list(
        db.session.scalars(sa.select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.stopped_at.is_(None)))
    )
    for found in running:
        if found.key in transition.stops and (transition.to or not definition.clocks[found.key].by_act):
            found.stopped_at = now
        elif transition.pauses:
            found.paused_on = found.paused_on or today
        elif transition.resumes and found.paused_on:
            go_on(found, today)
    rules = {key: definition.clocks[key] for key in transition.starts}
    started = [begin(case, key, rule, today, due_on) for key, rule in rules.items() if _starts(case, rule)]
    if started:  # together, and not one by one as the session would for their ids
        db.session.execute(sa.insert(CaseClock), [{key: getattr(c, key) for key in BEGUN} for c in started])
    set_due([c for c in [*running, *started] if c.stopped_at is None], case)


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


def go_on(found: CaseClock, today: date) -> None:
    """Time went by that does not count: both the day sent and the day received are out."""
    assert found.paused_on is not None
    db.session.add(ClockPause(clock_id=found.id, sent_on=found.paused_on, received_on=today))
    found.paused_on = None
    db.session.flush()
    rows = db.session.scalars(sa.select(ClockPause).where(ClockPause.clock_id == found.id))
    pauses = [deadlines.Pause(row.sent_on, row.received_on) for row in rows]
    length = deadlines.Length(found.days, "days")
    found.due_on = deadlines.due(found.calculator, found.started_on, length, pauses)  # type: ignore[arg-type]


def set_due(running: list[CaseClock], case: Case) -> None:
    """The case is due when the clock of whoever's turn it is runs out, or one that is watched whoever holds it;
    a paused clock is not due."""
    live = [c for c in running if c.paused_on is None and c.key != "progress_notice"]
    mine = [c.due_on for c in live if c.holder == case.turn or c.key in WATCHED]
    case.due_on = min(mine, default=NO_DEADLINE)


def reset(case: Case, key: str, due_on: date) -> None:
    """Move a running clock to a date that was set on the record (more time, a second demand)."""
    running = list(
        db.session.scalars(sa.select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.stopped_at.is_(None)))
    )
    for found in running:
        if found.key == key:
            found.due_on = due_on
            found.paused_on = None
    set_due(running, case)
