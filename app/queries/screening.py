"""What an officer sees while screening: the checklist, the supplement requests, and what a pause does to the clock."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import Case, CaseClock, ChecklistAnswer, ClockPause, Membership, Supplement, SupplementItem, User
from app.queries.consulting import people
from app.queries.people import holders
from workflows import deadlines, schema
from workflows.form_schema import load_form
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist with its answer so far (met None: not answered)."""

    key: str
    line: Text
    ground: Text
    met: bool | None
    evidence: str
    by: Text | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One supplement request with its items."""

    request: Supplement
    items: list[SupplementItem]


def checklist(case: Case) -> list[Line]:
    """The lines of the form's checklist in order. One statement."""
    rows = db.session.execute(
        sa.select(ChecklistAnswer, User.name_ko, User.name_en)
        .join(User, User.id == ChecklistAnswer.answered_by)
        .where(ChecklistAnswer.case_id == case.id)
    )
    known = {row.ChecklistAnswer.key: row for row in rows}
    out = []
    for line in load_form(case.definition_id, case.form_version).screening:
        row = known.get(line.key)
        said = row.ChecklistAnswer if row else None
        by = Text(row.name_ko or row.name_en, row.name_en or row.name_ko) if row else None
        out.append(
            Line(line.key, line.line, line.ground, said.met if said else None, said.evidence if said else "", by)
        )
    return out


def supplements(case: Case) -> list[Asked]:
    """Every request made, oldest first. Two statements."""
    query = sa.select(Supplement).where(Supplement.case_id == case.id).order_by(Supplement.id)
    requests = list(db.session.scalars(query))
    items = list(
        db.session.scalars(
            sa.select(SupplementItem)
            .where(SupplementItem.supplement_id.in_([r.id for r in requests]))
            .order_by(SupplementItem.id)
        )
    )
    return [Asked(r, [i for i in items if i.supplement_id == r.id]) for r in requests]


def default_due(case: Case, today: date) -> date:
    """The date a supplement is due when nobody says otherwise: the length of its clock from today, civil count."""
    rule = schema.load(case.definition_id, case.definition_version).clocks["supplement"]
    return deadlines.due(rule.calculator, today, deadlines.Length(rule.days, "days"))


def screening_due_if(case: Case, answered_on: date) -> date | None:
    """When screening would be due if a supplement asked for today were answered on `answered_on`.

    Both days and all between them are taken out (행정절차법 시행령 제11조). None: no screening clock runs.
    """
    query = sa.select(CaseClock).where(
        CaseClock.case_id == case.id, CaseClock.key == "screening", CaseClock.stopped_at.is_(None)
    )
    running = db.session.scalar(query.limit(1))
    if running is None:
        return None
    rows = db.session.scalars(sa.select(ClockPause).where(ClockPause.clock_id == running.id))
    pauses = [deadlines.Pause(row.sent_on, row.received_on) for row in rows]
    pauses.append(deadlines.Pause(running.paused_on or clock.today(), answered_on))
    length = deadlines.Length(running.days, "days")
    return deadlines.due(running.calculator, running.started_on, length, pauses)  # type: ignore[arg-type]


def officers(case: Case) -> list[tuple[int, Text]]:
    """Who may answer for the case: the officers of its programme, without those of the applicant."""
    programme = schema.load(case.definition_id, case.definition_version).programme
    own = sa.select(Membership.user_id).where(
        Membership.organisation_id == case.organisation_id, Membership.ended_at.is_(None)
    )
    barred = set(db.session.scalars(own))
    return people([p for p in holders("officer", programme) if p not in barred])
