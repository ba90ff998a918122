"""The facts of the committee."""

from app import clock
from app.models import Attendance, Ballot, Motion
from app.queries.facts.gathered import Gathered


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
        """Whether the roll was called."""
        return bool(self.sitting and self.sitting.roll_called_at)

    def declarations_missing(self) -> int:
        """Members present who have not declared on this case."""
        return self.head_count.undeclared

    def quorum_present(self) -> int:
        """Members present who count for the quorum."""
        return self.head_count.for_quorum

    def quorum_needed(self) -> int:
        """Members needed."""
        return self.head_count.needed

    def motion_put(self) -> bool:
        """Whether a motion stands for this round."""
        if self.item is None:
            return False
        return self._count(Motion.item_id == self.item.id, Motion.round == self.item.round, of=Motion) > 0

    def my_attendance(self) -> bool:
        """Whether the actor is present."""
        if self.sitting is None:
            return False
        return (
            self._count(
                Attendance.sitting_id == self.sitting.id,
                Attendance.user_id == self.who.id,
                Attendance.left_at.is_(None),
                of=Attendance,
            )
            > 0
        )

    def my_declaration(self) -> str:
        """What the actor declared as evaluator or member, whichever applies in this state."""
        capacity = "member" if self.case.state in ("TABLED", "DELIBERATING") else "evaluator"
        return self._declared(self.who.id, capacity)

    def my_ballot(self) -> bool:
        """Whether the actor has voted in this round."""
        if self.item is None:
            return False
        return (
            self._count(
                Ballot.item_id == self.item.id,
                Ballot.round == self.item.round,
                Ballot.user_id == self.who.id,
                of=Ballot,
            )
            > 0
        )

    def ballots_cast(self) -> int:
        """Ballots in this round."""
        if self.item is None:
            return 0
        return self._count(Ballot.item_id == self.item.id, Ballot.round == self.item.round, of=Ballot)
