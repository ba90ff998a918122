"""Where too few are left: counted over who can still come, never over who has come."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer, visible
from app.extensions import db
from app.models import AgendaItem, Case, ChallengeRuling, Declaration, Duty, Finding, ItemSeat, Seat, Sitting
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


def alarmed_items(sitting: Sitting) -> list[tuple[Case, Alarm]]:
    """The items still to be taken at `sitting` that threaten to have too few (four statements, however many items)."""
    query = (
        sa.select(AgendaItem.id, Case)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(AgendaItem.sitting_id == sitting.id, AgendaItem.closed_at.is_(None), Case.state.in_(SITTING_STATES))
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    rows = [(item, case) for item, case in db.session.execute(query)]
    seats = sa.select(Seat.user_id).where(Seat.programme == sitting.programme, Seat.ended_at.is_(None))
    members = set(db.session.scalars(seats)) if rows else set()
    related: dict[int, set[int]] = {}
    for item, person in db.session.execute(
        sa.select(ItemSeat.item_id, ItemSeat.user_id).where(
            ItemSeat.item_id.in_([item for item, _ in rows] or [0]), ItemSeat.ended_at.is_(None)
        )
    ):
        related.setdefault(item, set()).add(person)
    out = out_on([case.id for _, case in rows])
    rule, found = voting_rule(sitting.rule), []
    for item, case in rows:
        seated = members | related.get(item, set())
        alarm = interest_alarm.sitting(len(seated), len(seated), len(seated & out.get(case.id, set())), rule)
        if alarm is not None:
            found.append((case, alarm))
    return found


def alarming(who: Viewer) -> list[tuple[Case, Alarm]]:
    """The cases of this officer or clerk on which somebody is out and too few may be left (one statement where
    nobody is out)."""
    if not (who.has("officer") or who.has("clerk")):
        return []
    somebody = sa.or_(
        sa.exists().where(Declaration.case_id == Case.id, Declaration.answer == "conflict"),
        sa.exists().where(Finding.case_id == Case.id, Finding.answer == "excluded"),
        sa.exists().where(ChallengeRuling.case_id == Case.id, ChallengeRuling.upheld.is_(True)),
    )
    states = (PANEL_STATES if who.has("officer") else ()) + SITTING_STATES
    query = sa.select(Case).where(Case.state.in_(states), somebody, visible(who)).order_by(Case.number).limit(MOST)
    return [(case, alarm) for case in db.session.scalars(query) for alarm in alarms_of(case)]


MOST = 20
"""Cases looked at for the list of alarms; the rest follows when these are settled."""
