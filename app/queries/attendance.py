"""Who is present for an item, who of them is out, and whether that is a quorum."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.extensions import db
from app.models import AgendaItem, Attendance, Ballot, Case, Duty, Membership, Sitting
from app.queries.standing import said_on
from workflows import verdict


@dataclass(frozen=True, slots=True)
class HeadCount:
    """Heads for one item of a sitting."""

    seats: int
    present: int
    recused: int
    undeclared: int
    for_quorum: int
    needed: int

    @property
    def entitled(self) -> int:
        """How many may vote."""
        return self.present - self.recused


NOBODY = HeadCount(seats=0, present=0, recused=0, undeclared=0, for_quorum=0, needed=1)


def present_at(sitting_id: int) -> list[int]:
    """The members in the room now."""
    query = sa.select(Attendance.user_id).where(Attendance.sitting_id == sitting_id, Attendance.left_at.is_(None))
    return list(db.session.scalars(query.order_by(Attendance.user_id)))


def voters_of(sitting_id: int, case_id: int) -> list[int]:
    """The members who cast a ballot in the running round of the item; whoever voted was present at the vote."""
    query = (
        sa.select(Ballot.user_id)
        .join(AgendaItem, sa.and_(AgendaItem.id == Ballot.item_id, AgendaItem.round == Ballot.round))
        .where(AgendaItem.sitting_id == sitting_id, AgendaItem.case_id == case_id)
    )
    return list(db.session.scalars(query))


def said_by_members(case_id: int) -> dict[int, str]:
    """member -> none, or conflict for whoever is out of the case; who has not declared is missing."""
    return said_on([case_id], "member").get(case_id, {})


def head_count(sitting: Sitting | None, case_id: int) -> HeadCount:
    """Count heads for the item of `case_id` at `sitting`, by the sitting's frozen rule."""
    if sitting is None:
        return NOBODY
    here = sorted({*present_at(sitting.id), *voters_of(sitting.id, case_id)})
    said = said_by_members(case_id)
    recused = sum(said.get(person) == "conflict" for person in here)
    undeclared = sum(person not in said for person in here)
    rule = verdict.VotingRule(**sitting.rule)
    counts = verdict.Counts(
        seats=sitting.seats, present=len(here), recused_present=recused,
        yes=0, no=0, abstain=0, not_voting=len(here) - recused,
    )  # fmt: skip
    opening = verdict.decide(counts, rule)
    for_quorum = len(here) if rule.recused_count_for_quorum else len(here) - recused
    return HeadCount(sitting.seats, len(here), recused, undeclared, for_quorum, opening.quorum_needed)


def reciprocal(case: Case, evaluators: list[int]) -> int:
    """How many of `evaluators` belong to an organisation whose own live case is evaluated by this applicant's people."""
    if not evaluators or case.organisation_id is None:
        return 0
    ours = sa.select(Membership.user_id).where(Membership.organisation_id == case.organisation_id)
    theirs = (
        sa.select(Membership.user_id)
        .join(Case, Case.organisation_id == Membership.organisation_id)
        .join(Duty, Duty.case_id == Case.id)
        .where(Duty.user_id.in_(ours), Duty.excused_at.is_(None), Membership.user_id.in_(evaluators))
        .where(Membership.ended_at.is_(None), Case.cycle_id == case.cycle_id)
    )
    return len(set(db.session.scalars(theirs)))
