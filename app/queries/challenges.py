"""Challenges of a case with their rulings, who can be challenged, and the rule by which the committee decides."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.extensions import db
from app.models import (
    Case,
    Challenge,
    ChallengeRuling,
    CommitteeRule,
    RoleGrant,
    Seat,
    User,
)
from app.queries.interest_alarms import voting_rule
from workflows import verdict
from workflows.text import Text

LISTS = {"member": Text("위원회 위원", "Committee members"), "evaluator": Text("평가위원 후보", "Pool of evaluators")}


def may_be_challenged(programme: str) -> list[tuple[int, Text, str]]:
    """(account, name, "member" or "evaluator"): the published list of the committee and the pool, whoever of them
    takes part in a case (two statements)."""
    seats = sa.select(User.id, User.name_ko, User.name_en).join(Seat, Seat.user_id == User.id)
    seats = seats.where(Seat.programme == programme, Seat.ended_at.is_(None)).order_by(User.name_ko, User.id)
    pool = (
        sa.select(User.id, User.name_ko, User.name_en)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == "evaluator", RoleGrant.ended_at.is_(None), User.disabled_at.is_(None))
        .where(sa.or_(RoleGrant.programme.is_(None), RoleGrant.programme == programme))
        .distinct()
        .order_by(User.name_ko, User.id)
    )
    found: dict[int, tuple[int, Text, str]] = {}
    for kind, query in (("member", seats), ("evaluator", pool)):
        for row in db.session.execute(query):
            name = Text(row.name_ko or row.name_en, row.name_en or row.name_ko)
            found.setdefault(row.id, (row.id, name, kind))
    return list(found.values())


def seats_filled(programme: str) -> int:
    """Members in office (재적위원)."""
    query = sa.select(sa.func.count()).select_from(Seat)
    return db.session.scalar(query.where(Seat.programme == programme, Seat.ended_at.is_(None))) or 0


def committee_rule(programme: str, day: date) -> verdict.VotingRule:
    """The committee's rule in force on `day`, or else that of the National Smart City Committee."""
    query = sa.select(CommitteeRule.rule).where(CommitteeRule.programme == programme, CommitteeRule.in_force_on <= day)
    stored = db.session.scalar(query.order_by(CommitteeRule.in_force_on.desc(), CommitteeRule.id.desc()).limit(1))
    if stored is not None:
        return voting_rule(stored)
    return verdict.NATIONAL_COMMITTEE


@dataclass(frozen=True, slots=True)
class Filed:
    """One challenge with the name of whom it concerns, and its ruling if there is one."""

    challenge: Challenge
    name: Text
    ruling: ChallengeRuling | None


def challenges_of(case: Case) -> list[Filed]:
    """Every challenge of the case, the open ones first (one statement)."""
    query = (
        sa.select(Challenge, User.name_ko, User.name_en, ChallengeRuling)
        .join(User, User.id == Challenge.user_id)
        .outerjoin(ChallengeRuling, ChallengeRuling.challenge_id == Challenge.id)
        .where(Challenge.case_id == case.id)
        .order_by(ChallengeRuling.id.is_not(None), Challenge.id)
    )
    return [
        Filed(row[0], Text(row.name_ko or row.name_en, row.name_en or row.name_ko), row[3])
        for row in db.session.execute(query)
    ]
