"""The facts of the committee."""

from functools import cached_property

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import Attendance, Ballot, Motion
from app.queries.attendance import roster_of, voters_of
from app.queries.facts.gathered import Gathered
from workflows.committee_rules import rule_of


class CommitteeFacts(Gathered):
    """What the guards of the committee read."""

    def agenda_sent_days(self) -> int | None:
        """Whole days between the day the agenda went out and the day of the sitting, both out."""
        if self.sitting is None or self.sitting.agenda_sent_at is None:
            return None
        gap = clock.day_of(self.sitting.starts_at) - clock.day_of(self.sitting.agenda_sent_at)
        return gap.days - 1

    def agenda_needed_days(self) -> int:
        """The cycle's notice period."""
        return int(self.cycle.settings.get("agenda_days", 7))

    def urgency_reason(self) -> bool:
        """Whether urgency is on the record."""
        return bool(self.sitting and self.sitting.urgency_reason.strip())

    def roll_called(self) -> bool:
        """Whether the roll was called; a written deliberation has none."""
        return bool(self.sitting and (self.sitting.roll_called_at or self.sitting.form == "written"))

    def declarations_missing(self) -> int:
        """Members present who have not declared on this case."""
        return self.head_count.undeclared

    def quorum_present(self) -> int:
        """Members present who count for the quorum."""
        return self.head_count.for_quorum

    def quorum_needed(self) -> int:
        """Members needed."""
        return self.head_count.needed

    @cached_property
    def motion(self) -> Motion | None:
        """The motion of the running round."""
        if self.item is None:
            return None
        query = sa.select(Motion).where(Motion.item_id == self.item.id, Motion.round == self.item.round)
        return db.session.scalar(query)

    def motion_put(self) -> bool:
        """Whether a motion stands for this round."""
        return self.motion is not None

    def motion_kind(self) -> str:
        """main, amendment or none."""
        return self.motion.kind if self.motion else "none"

    def secret_vote(self) -> bool:
        """Whether the ballot of this round is secret."""
        return bool(self.motion and self.motion.secret)

    def my_attendance(self) -> bool:
        """Whether the actor is present in person; in writing nobody needs to be."""
        if self.sitting is None:
            return False
        if self.sitting.form == "written":
            return True
        return (
            self._count(
                Attendance.sitting_id == self.sitting.id,
                Attendance.user_id == self.who.id,
                Attendance.left_at.is_(None),
                Attendance.proxy == "",
                of=Attendance,
            )
            > 0
        )

    def my_entitlement(self) -> str:
        """Why the actor may not vote by the frozen roster (absent, recused, chair); empty if he may."""
        if self.item is None or self.sitting is None:
            return "absent"
        entry = roster_of(self.item).get(self.who.id)
        if entry is None:
            return "absent"
        return "" if entry.entitled else entry.reason

    def my_declaration(self) -> str:
        """What the actor declared as evaluator or member, whichever applies in this state."""
        capacity = "member" if self.case.state in ("TABLED", "DELIBERATING") else "evaluator"
        return self._declared(self.who.id, capacity)

    def my_ballot(self) -> bool:
        """Whether the actor has voted in this round."""
        return self._ballots(Ballot.user_id == self.who.id) > 0

    def my_vote_counted(self) -> bool:
        """Whether the actor's vote of the round counted (a late paper does not)."""
        return self._ballots(Ballot.user_id == self.who.id, Ballot.late.is_(False)) > 0

    def ballots_cast(self) -> int:
        """Ballots in this round that came in time."""
        return self._ballots(Ballot.late.is_(False))

    def _ballots(self, *where: sa.ColumnElement[bool]) -> int:
        if self.item is None:
            return 0
        return self._count(Ballot.item_id == self.item.id, Ballot.round == self.item.round, *where, of=Ballot)

    def sitting_form(self) -> str:
        """in_person, video, written, or none."""
        return self.sitting.form if self.sitting else "none"

    def sitting_running(self) -> bool:
        """Whether the sitting has not ended."""
        return self.sitting is not None and self.sitting.ended_at is None

    def papers_window(self) -> str:
        """before, running or over for a written deliberation; none for a meeting."""
        if self.sitting is None or self.sitting.opens_at is None or self.sitting.closes_at is None:
            return "none"
        now = clock.now()
        if now < self.sitting.opens_at:
            return "before"
        return "running" if now <= self.sitting.closes_at else "over"

    def papers_missing(self) -> int:
        """Members who may vote in writing and have returned no paper."""
        if self.item is None or self.sitting is None or self.sitting.form != "written":
            return 0
        returned = set(voters_of(self.sitting.id, self.case.id))
        return sum(entry.entitled and person not in returned for person, entry in roster_of(self.item).items())

    def called_in(self) -> bool:
        """Whether a member called the item into a meeting, and it still stands on the written agenda."""
        return bool(self.item and self.item.called_in_at)

    def may_call_in(self) -> bool:
        """Whether the committee's rule lets members call items in."""
        return bool(self.sitting and rule_of(self.sitting.rule).written.call_in)
