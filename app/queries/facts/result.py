"""The facts of announcement and after."""

from datetime import date

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.letter_kinds import kind_of
from app.models import CaseClock, Cycle, Letter, Objection
from app.queries.cycles import last_day
from app.queries.facts.gathered import Gathered


class ResultFacts(Gathered):
    """What the guards of announcement and after read."""

    def announcement_set(self) -> bool:
        """Whether a time is set."""
        return self.case.announce_at is not None

    def announcement_come(self) -> bool:
        """Whether it has come."""
        return self.case.announce_at is not None and self.case.announce_at <= clock.now()

    def letter_previewed(self) -> bool:
        """Whether an officer has read the letter."""
        query = sa.select(Letter.previewed_by).where(Letter.case_id == self.case.id, Letter.kind == kind_of(self.case))
        return db.session.scalar(query.limit(1)) is not None

    def objection_running(self) -> bool:
        """Whether the objection period runs."""
        return self._objection_due() >= clock.today()

    def _objection_due(self) -> date:
        mine = (CaseClock.case_id == self.case.id, CaseClock.key == "objection", CaseClock.stopped_at.is_(None))
        query = sa.select(CaseClock.due_on).where(*mine)
        return db.session.scalar(query.order_by(CaseClock.id.desc()).limit(1)) or date.min

    def objections_pending(self) -> int:
        """Objections not yet answered."""
        return self._count(Objection.case_id == self.case.id, Objection.answered_at.is_(None), of=Objection)

    def objection_filed(self) -> bool:
        """Whether an objection was filed."""
        return self._count(Objection.case_id == self.case.id, of=Objection) > 0

    def approved(self) -> bool:
        """Whether the case was approved."""
        return self.case.outcome == "approve"

    def result_recorded(self) -> bool:
        """Whether the result is on the record."""
        return bool(self.case.result_note)

    def next_cycle(self) -> int | None:
        """The cycle after this one, if there is one."""
        query = sa.select(Cycle.id).where(
            Cycle.definition_id == self.case.definition_id, Cycle.fiscal_year > self.cycle.fiscal_year
        )
        return db.session.scalar(query.order_by(Cycle.fiscal_year).limit(1))

    def cut_off_passed(self) -> bool:
        """Whether the cut-off, or else the fiscal year, is over."""
        return clock.today() > last_day(self.cycle)
