"""Who is present for an item, who of them is out, and whether that is a quorum."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.extensions import db
from app.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Case,
    Duty,
    ItemSeat,
    Membership,
    RosterEntry,
    Seat,
    Sitting,
)
from app.queries.standing import said_on
from workflows import verdict
from workflows.committee_rules import rule_of


@dataclass(frozen=True, slots=True)
class HeadCount:
    """Heads for one item of a sitting."""

    seats: int
    present: int
    recused: int
    undeclared: int
    for_quorum: int
    needed: int
    barred: int = 0
    """Present, and without a vote by the rule (a chair who does not vote)."""

    @property
    def entitled(self) -> int:
        """How many may vote."""
        return self.present - self.recused - self.barred


NOBODY = HeadCount(seats=0, present=0, recused=0, undeclared=0, for_quorum=0, needed=1)


def present_at(sitting_id: int) -> list[int]:
    """The members in the room now."""
    query = sa.select(Attendance.user_id).where(Attendance.sitting_id == sitting_id, Attendance.left_at.is_(None))
    return list(db.session.scalars(query.where(Attendance.observer.is_(False)).order_by(Attendance.user_id)))


def voters_of(sitting_id: int, case_id: int) -> list[int]:
    """The members who cast a ballot in the running round of the item, in time; whoever voted was present at the vote."""
    query = (
        sa.select(Ballot.user_id)
        .join(AgendaItem, sa.and_(AgendaItem.id == Ballot.item_id, AgendaItem.round == Ballot.round))
        .where(AgendaItem.sitting_id == sitting_id, AgendaItem.case_id == case_id, Ballot.late.is_(False))
    )
    return list(db.session.scalars(query))


def said_by_members(case_id: int) -> dict[int, str]:
    """member -> none, or conflict for whoever is out of the case; who has not declared is missing."""
    return said_on([case_id], "member").get(case_id, {})


def head_count(sitting: Sitting | None, case_id: int) -> HeadCount:
    """Count heads for the item of `case_id` at `sitting`, by the sitting's frozen rule.

    An opened item is counted on its frozen roster. In a written deliberation those who returned a paper in time
    count as present, and before it opens those who could return one.
    """
    if sitting is None:
        return NOBODY
    seats, here = here_for(sitting, item_at(sitting.id, case_id))
    said = said_by_members(case_id)
    written = sitting.form == "written"
    if written:
        here = [person for person in here if said.get(person) != "conflict"]
    recused = sum(said.get(person) == "conflict" for person in here)
    undeclared = 0 if written else sum(person not in said for person in here)
    rule = rule_of(sitting.rule)
    barred = 0 if rule.chair_votes or said.get(sitting.chair_id) == "conflict" else here.count(sitting.chair_id)
    counts = verdict.Counts(
        seats=max(seats, len(here)), present=len(here), recused_present=recused,
        yes=0, no=0, abstain=0, not_voting=len(here) - recused,
    )  # fmt: skip
    opening = verdict.decide(counts, rule.voting)
    for_quorum = len(here) if rule.recused_count_for_quorum else len(here) - recused
    return HeadCount(seats, len(here), recused, undeclared, for_quorum, opening.quorum_needed, barred)


def item_at(sitting_id: int, case_id: int) -> AgendaItem | None:
    """The item of a case on the agenda of a sitting."""
    query = sa.select(AgendaItem).where(AgendaItem.sitting_id == sitting_id, AgendaItem.case_id == case_id)
    return db.session.scalar(query)


def here_for(sitting: Sitting, item: AgendaItem | None) -> tuple[int, list[int]]:
    """(members in office for the item, those of them who are there)."""
    if item is None:
        return sitting.seats, present_at(sitting.id)
    written = sitting.form == "written"
    if item.opened_at is None:
        members = enrolled(sitting.programme, item.id)
        return len(members), sorted(members if written else members.keys() & set(present_at(sitting.id)))
    roster, voted = roster_of(item), voters_of(sitting.id, item.case_id)
    if written:
        return len(roster), sorted(voted)
    there = {*present_at(sitting.id), *voted}
    return len(roster), sorted(person for person, entry in roster.items() if entry.present and person in there)


def enrolled(programme: str, item_id: int) -> dict[int, str]:
    """member -> capacity: the seats of the committee, and those who sit for this item only (one statement)."""
    seats = sa.select(Seat.user_id, sa.literal("seat").label("capacity")).where(
        Seat.programme == programme, Seat.ended_at.is_(None)
    )
    related = sa.select(ItemSeat.user_id, ItemSeat.capacity).where(
        ItemSeat.item_id == item_id, ItemSeat.ended_at.is_(None)
    )
    return {row.user_id: row.capacity for row in db.session.execute(seats.union_all(related))}


def roster_of(item: AgendaItem, round_: int | None = None) -> dict[int, RosterEntry]:
    """member -> the entry that counts of the roster of a round (the running one): the one as present, if there is one."""
    query = sa.select(RosterEntry).where(RosterEntry.item_id == item.id, RosterEntry.round == (round_ or item.round))
    return {entry.user_id: entry for entry in db.session.scalars(query.order_by(RosterEntry.present))}


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
