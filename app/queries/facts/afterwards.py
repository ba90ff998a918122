"""The facts of what follows an announcement: conditions, the answer to an objection, reconsideration."""

from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import ConditionStep, Objection
from app.queries import conditions
from app.queries.facts.gathered import Gathered


class AfterwardsFacts(Gathered):
    """What the guards of conditions, objections and reconsideration read."""

    @cached_property
    def _stands(self) -> list[Any]:
        """Where each condition in force stands; nothing to ask of a case without an approval."""
        if self.case.outcome != "approve":
            return []
        rows = conditions.in_force(self.case)
        if not rows:
            return []
        taken: dict[int, list[ConditionStep]] = {}
        query = sa.select(ConditionStep).where(ConditionStep.case_id == self.case.id)
        for step in db.session.scalars(query.order_by(ConditionStep.number)):
            taken.setdefault(step.condition_id, []).append(step)
        return [conditions.standing_of(row, taken.get(row.id, [])) for row in rows]

    def conditions_unsettled(self) -> int:
        """Conditions that are open or wait for review."""
        return sum(not one.settled for one in self._stands)

    def conditions_evidenced(self) -> int:
        """Conditions whose proof waits for review."""
        return sum(one.state == "evidenced" for one in self._stands)

    def changes_asked(self) -> int:
        """Conditions for which a change is asked and not answered."""
        return sum(one.change_asked for one in self._stands)

    def hearing(self) -> int:
        """1, or 2 once the case was heard anew."""
        return self.case.hearing

    @cached_property
    def _objection(self) -> Objection | None:
        return db.session.scalar(sa.select(Objection).where(Objection.case_id == self.case.id))

    def objection_upheld(self) -> bool:
        """Whether the objection was upheld."""
        return bool(self._objection and self._objection.upheld)

    def objection_extended(self) -> bool:
        """Whether the time to answer was extended."""
        return bool(self._objection and self._objection.extended_at)

    def objection_answer_late(self) -> bool:
        """Whether the time to answer has run out."""
        return self._objection is not None and self._objection.answer_due_on < clock.today()
