"""Remind of what is overdue: once a day and clock, whoever holds it. Never acts for anybody: a lapse proposes,
a person decides. Periods that run out by themselves (to object) are ended, and word of progress comes round again.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import release, unit_of_work
from app.extensions import db
from app.models import Case, CaseClock, Delivery, User
from app.services.notices import conflicted, group_of
from workflows import deadlines, schema, words
from workflows.schema import ClockRule, Definition
from workflows.text import Text

BATCH = 200
HOLDERS = {
    "signatory": "applicant",
    "officer": "officers",
    "consultant": "consultant",
    "evaluator": "evaluators",
    "clerk": "clerks",
    "chair": "members",
    "minister": "minister",
}
"""holder of a clock -> the group of notices that hears of it"""


def remind_due() -> int:
    """Handle every clock that is due and was not handled today; how many there were."""
    today, last, done = clock.today(), 0, 0
    while rows := _due(today, last):
        for clock_id in rows:
            with unit_of_work():
                done += _handle(clock_id, today, clock.now())
        last = rows[-1]
    release()
    return done


def _due(today: date, last: int) -> list[int]:
    """The next clocks past their date, or so many days before it as their rule says. Word of progress is owed on
    the day itself, all else from the day after."""
    owed = sa.and_(CaseClock.key == "progress_notice", CaseClock.due_on <= today)
    ahead = [sa.and_(CaseClock.key == key, CaseClock.due_on == today + timedelta(days=days)) for key, days in _ahead()]
    query = (
        sa.select(CaseClock.id)
        .where(CaseClock.stopped_at.is_(None), CaseClock.paused_on.is_(None))
        .where(sa.or_(owed, CaseClock.due_on < today, *ahead))
        .where(sa.or_(CaseClock.reminded_on.is_(None), CaseClock.reminded_on < today), CaseClock.id > last)
    )
    return list(db.session.scalars(query.order_by(CaseClock.id).limit(BATCH)))


def _ahead() -> list[tuple[str, int]]:
    """(clock, days before its date) of every reminder that comes early."""
    rules = {(key, days) for d in schema.all_published() for key, rule in d.clocks.items() for days in rule.ahead}
    return sorted(rules)


def _handle(clock_id: int, today: date, now: datetime) -> int:
    """One clock, if no other worker was faster."""
    mine = sa.and_(
        CaseClock.id == clock_id,
        CaseClock.stopped_at.is_(None),
        sa.or_(CaseClock.reminded_on.is_(None), CaseClock.reminded_on < today),
    )
    if not db.session.execute(sa.update(CaseClock).where(mine).values(reminded_on=today)).rowcount:  # type: ignore[attr-defined]
        return 0
    found = db.session.get_one(CaseClock, clock_id, populate_existing=True)
    case = db.session.get_one(Case, found.case_id)
    definition = schema.load(case.definition_id, case.definition_version)
    rule = definition.clocks[found.key]
    if rule.outlasts and found.due_on < today:
        found.stopped_at = now
        return 1
    due_on = found.due_on
    if rule.recurs:
        length = deadlines.Length(found.days, "days")
        found.started_on, found.due_on = today, deadlines.due(rule.calculator, today, length)
    _tell(case, definition, rule, due_on, today, now)
    return 1


def _tell(case: Case, definition: Definition, rule: ClockRule, due_on: date, today: date, now: datetime) -> None:
    people = group_of(HOLDERS[rule.holder], case, definition.programme)
    people -= conflicted(case, people)
    query = sa.select(User.id, User.email, User.locale).where(User.id.in_(people), User.disabled_at.is_(None))
    rows = [row for person in db.session.execute(query).all() for row in _rows(case, rule, due_on, today, now, person)]
    if rows:
        db.session.execute(sa.insert(Delivery), rows)


def _rows(case: Case, rule: ClockRule, due_on: date, today: date, now: datetime, person: Any) -> list[dict[str, Any]]:
    pick: Callable[[Text], str] = lambda text: text.pick(person.locale)  # noqa: E731
    title = pick(Text(case.title_ko or case.title_en, case.title_en or case.title_ko))
    late = (today - due_on).days
    over = Text(f" ({late}일 지남)", f" ({late} day{'s' if late > 1 else ''} over)") if late else Text("", "")
    if late < 0:
        over = Text(f" ({-late}일 남음)", f" ({-late} days left)")
    due = Text(f"기한: {words.day(due_on).ko}{over.ko}", f"Due: {words.day(due_on).en}{over.en}")
    kind = pick(Text("안내", "Reminder") if rule.recurs or late < 0 else Text("기한 경과", "Overdue"))
    said = rule.lapse.text if late >= 0 else Text("기한이 다가오고 있습니다.", "The date is coming near.")
    subject = " ".join(f"[{case.number}] {kind}: {pick(rule.label.text)} – {title}".split())
    common = {
        "case_id": case.id,
        "event_seq": None,
        "user_id": person.id,
        "lang": person.locale,
        "subject": subject[:300],
        "body": "\n".join((title, "", pick(said), pick(due))),
        "path": f"/cases/{case.number}",
        "tries": 0,
        "try_at": now,
        "created_at": now,
    }
    return [
        {**common, "channel": "inbox", "address": "", "status": "sent", "sent_at": now},
        {**common, "channel": "mail", "address": person.email, "status": "due", "sent_at": None},
    ]
