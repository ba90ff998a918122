"""The facts of evaluation."""

from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.interests import stands
from app.models import Duty, ScoreSheet
from app.queries import attendance, proposal
from app.queries.facts.gathered import Gathered


class EvaluationFacts(Gathered):
    """What the guards of evaluation read."""

    @cached_property
    def duties(self) -> list[Any]:
        """(user_id, declared answer or None, number of stages scored) of each duty that is not excused."""
        said = stands(Duty.case_id, Duty.user_id, "evaluator")
        sheets = (
            sa.select(sa.func.count(sa.distinct(ScoreSheet.stage)))
            .where(ScoreSheet.case_id == Duty.case_id, ScoreSheet.user_id == Duty.user_id)
            .scalar_subquery()
        )
        query = sa.select(Duty.user_id, said.label("said"), sheets.label("stages"))
        return list(db.session.execute(query.where(Duty.case_id == self.case.id, Duty.excused_at.is_(None))))

    def panel_clear(self) -> int:
        """Evaluators on duty who declared no conflict."""
        return sum(duty.said == "none" for duty in self.duties)

    def panel_minimum(self) -> int:
        """The cycle's minimum."""
        return int(self.cycle.settings.get("panel_minimum", 5))

    def adviser_on_panel(self) -> bool:
        """Whether the adviser is on the panel."""
        adviser = self.consulting.consultant_id if self.consulting else None
        return any(duty.user_id == adviser for duty in self.duties)

    def reciprocal_evaluators(self) -> int:
        """Evaluators whose own organisation's case is evaluated by someone of this applicant."""
        return attendance.reciprocal(self.case, [duty.user_id for duty in self.duties])

    def duties_open(self) -> int:
        """Duties neither met nor excused (a conflicted evaluator must be excused)."""
        stages = len(self.cycle.settings.get("stages") or ["written"])
        return sum(duty.stages < stages for duty in self.duties)

    def duties_total(self) -> int:
        """Duties not excused."""
        return len(self.duties)

    def below_cutoff(self) -> bool:
        """Whether the ranking put the case below the cut-off."""
        ranking = proposal.ranking_of(self.case)
        return bool(ranking and ranking.below_cutoff)
