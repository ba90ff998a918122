"""The facts of evaluation."""

from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.interests import stands
from app.models import ConsensusAnswer, ConsensusReport, Duty, PanelDraw, PanelPool, ScoreSheet
from app.queries import attendance, evaluation, proposal
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
        on_duty = (Duty.case_id == self.case.id, Duty.hearing == self.case.hearing, Duty.excused_at.is_(None))
        return list(db.session.execute(query.where(*on_duty)))

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
        stages = len(evaluation.round_of(self.case).stages)
        return sum(duty.stages < stages for duty in self.duties)

    def duties_total(self) -> int:
        """Duties not excused."""
        return len(self.duties)

    def below_cutoff(self) -> bool:
        """Whether the ranking put the case below the cut-off."""
        ranking = proposal.ranking_of(self.case)
        return bool(ranking and ranking.below_cutoff)

    @cached_property
    def _mine(self) -> Duty | None:
        mine = (Duty.case_id == self.case.id, Duty.user_id == self.who.id, Duty.excused_at.is_(None))
        return db.session.scalar(sa.select(Duty).where(*mine))

    def my_duty(self) -> str:
        """None, invited or accepted: how this person stands to the panel."""
        if self._mine is None:
            return "none"
        return "accepted" if self._mine.accepted_at else "invited"

    def my_sheets(self) -> int:
        """Sheets this person has handed in on the case."""
        return self._count(ScoreSheet.case_id == self.case.id, ScoreSheet.user_id == self.who.id, of=ScoreSheet)

    def my_rapporteur(self) -> bool:
        """Whether this person is named to write the consensus report."""
        return self._mine is not None and self._mine.rapporteur_at is not None

    def pool_waits(self) -> str:
        """Whether the newest frozen pool can be drawn from: none, early (the seed's day is to come) or ready."""
        drawn = sa.exists().where(PanelDraw.pool_id == PanelPool.id)
        query = sa.select(PanelPool.seed_on).where(PanelPool.case_id == self.case.id, ~drawn)
        day = db.session.scalar(query.order_by(PanelPool.number.desc()).limit(1))
        if day is None:
            return "none"
        return "ready" if day <= clock.today() else "early"

    def corrections_open(self) -> int:
        """Sheets by which what would count now differs from what the last ranking counted."""
        ranking = proposal.ranking_of(self.case)
        if ranking is None:
            return 0
        now = {sheet.id for sheet in evaluation.counted_sheets(self.case)}
        return len(now ^ {entry["id"] for entry in ranking.sheets})

    def consensus(self) -> str:
        """The newest report to this person: none, mine, answered, or waits for his answer."""
        query = sa.select(ConsensusReport).where(ConsensusReport.case_id == self.case.id)
        report = db.session.scalar(query.order_by(ConsensusReport.number.desc()).limit(1))
        if report is None:
            return "none"
        if report.author_id == self.who.id:
            return "mine"
        said = (ConsensusAnswer.report_id == report.id, ConsensusAnswer.user_id == self.who.id)
        return "answered" if self._count(*said, of=ConsensusAnswer) else "waits"
