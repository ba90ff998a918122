"""Where too few are left: counted over who can still come, never over who has come."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.models import AgendaItem, Case, Duty, ItemSeat, Seat, Sitting
from app.queries.standing import out_on
from app.queries.terms import terms_of
from workflows import interest_alarm, verdict
from workflows.interest_alarm import Alarm

PANEL_STATES = ("ELIGIBLE", "CONSULTED", "EVALUATING")
SITTING_STATES = ("TABLED", "DELIBERATING")


def alarms_of(case: Case) -> list[Alarm]:
    """What threatens this case now (at most four statements; none in a state where nothing can)."""
    if case.state not in (*PANEL_STATES, *SITTING_STATES):
        return []
    out = out_on([case.id]).get(case.id, set())
    found = _panel(case, out) if case.state in PANEL_STATES else _sitting(case, out)
    return [found] if found else []


def _panel(case: Case, out: set[int]) -> Alarm | None:
    on_duty = set(db.session.scalars(sa.select(Duty.user_id).where(Duty.case_id == case.id, Duty.excused_at.is_(None))))
    if not on_duty & out and case.state != "EVALUATING":
        return None  # a panel that is still being formed is not falling
    return interest_alarm.panel(len(on_duty - out), int(terms_of(case).settings.get("panel_minimum", 5)))


def _sitting(case: Case, out: set[int]) -> Alarm | None:
    query = (
        sa.select(Sitting, AgendaItem.id)
        .join(AgendaItem, AgendaItem.sitting_id == Sitting.id)
        .where(AgendaItem.case_id == case.id, Sitting.ended_at.is_(None))
        .order_by(AgendaItem.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    sitting, item = row
    seats = sa.select(Seat.user_id).where(Seat.programme == sitting.programme, Seat.ended_at.is_(None))
    related = sa.select(ItemSeat.user_id).where(ItemSeat.item_id == item, ItemSeat.ended_at.is_(None))
    seated = set(db.session.scalars(seats.union_all(related)))
    return interest_alarm.sitting(len(seated), len(seated), len(seated & out), voting_rule(sitting.rule))


def voting_rule(stored: Mapping[str, Any]) -> verdict.VotingRule:
    """What a verdict needs of a rule as a sitting holds it."""
    return verdict.VotingRule(**{f.name: stored[f.name] for f in fields(verdict.VotingRule) if f.name in stored})


def alarmed(cases: list[Case]) -> dict[int, Alarm]:
    """case -> what threatens it, for a short list (the items of one sitting)."""
    return {case.id: alarms[0] for case in cases if (alarms := alarms_of(case))}
