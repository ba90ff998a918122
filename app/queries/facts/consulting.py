"""The facts of opinions and consulting."""

from typing import Any

from app import clock
from app.models import Opinion
from app.models.consulting import Advice
from app.queries.facts.gathered import Gathered


class ConsultingFacts(Gathered):
    """What the guards of opinions and consulting read."""

    def opinions_late(self) -> int:
        """Opinions whose date has passed without a reply or a note."""
        return self._count(*self._unanswered(), Opinion.due_on < clock.today(), of=Opinion)

    def opinions_open(self) -> int:
        """Opinions without a reply or a note."""
        return self._count(*self._unanswered(), of=Opinion)

    def _unanswered(self) -> tuple[Any, ...]:
        return (
            Opinion.case_id == self.case.id,
            Opinion.replied_at.is_(None),
            Opinion.noted_missing_at.is_(None),
        )

    def consultant_assigned(self) -> bool:
        """Whether a consultant is named."""
        return self.consulting is not None

    def consultant_conflict(self) -> str:
        """What the consultant declared."""
        if self.consulting is None:
            return "undeclared"
        return self._declared(self.consulting.consultant_id, "consultant")

    def decline_proposed_by(self) -> int | None:
        """The officer who proposed to decline."""
        return self.case.decline_proposed_by

    def advice_total(self) -> int:
        """Advice items given."""
        return self._count(Advice.case_id == self.case.id, of=Advice)

    def advice_open(self) -> int:
        """Advice items not judged."""
        return self._count(Advice.case_id == self.case.id, Advice.met.is_(None), of=Advice)

    def feasibility_written(self) -> bool:
        """Whether the feasibility report is there."""
        return bool(self.consulting and self.consulting.feasibility.strip())

    def task_scope_written(self) -> bool:
        """Whether the task scope is there."""
        return bool(self.consulting and self.consulting.task_scope.strip())
