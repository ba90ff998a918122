"""The facts of screening."""

from app import clock
from app.models import ChecklistAnswer
from app.queries.facts.gathered import Gathered
from workflows.form_schema import load_form


class ScreeningFacts(Gathered):
    """What the guards of screening read."""

    def officer_assigned(self) -> bool:
        """Whether an officer answers for the case."""
        return self.case.assignee_id is not None

    def actor_is_applicant(self) -> bool:
        """Whether the actor belongs to the applicant."""
        return self.case.organisation_id in self.who.organisations

    def extensions_used(self) -> int:
        """How often more time was asked for."""
        return self.supplement.extensions if self.supplement else 0

    def supplement_late(self) -> bool:
        """Whether the date of the running request has passed."""
        return self.supplement is not None and self.supplement.due_on < clock.today()

    def supplement_round(self) -> int:
        """1, or 2 after the second demand."""
        return self.supplement.round if self.supplement else 1

    def checklist_open(self) -> int:
        """Lines of the eligibility checklist without an answer."""
        form = load_form(self.case.definition_id, self.case.form_version)
        return len(form.screening) - self._count(ChecklistAnswer.case_id == self.case.id, of=ChecklistAnswer)

    def checklist_failed(self) -> int:
        """Lines answered with no."""
        return self._count(ChecklistAnswer.case_id == self.case.id, ChecklistAnswer.met.is_(False), of=ChecklistAnswer)
