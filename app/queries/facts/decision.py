"""The facts of decision and money."""

from functools import cached_property

import sqlalchemy as sa

from app import money
from app.extensions import db
from app.models import Allocation, Case, Resolution
from app.queries.facts.gathered import Gathered
from app.queries.sittings import stands


class DecisionFacts(Gathered):
    """What the guards of decision and money read."""

    def resolution_outcome(self) -> str:
        """What the committee resolved last, as approve or reject or reserve."""
        query = sa.select(Resolution.outcome).where(Resolution.case_id == self.case.id, stands())
        found = db.session.scalar(query.order_by(Resolution.id.desc()).limit(1)) or "reject"
        return "approve" if found == "approve_with_conditions" else found

    def cap_krw(self) -> int | None:
        """The cap per project, KRW."""
        return self.cycle.cap_krw

    def envelope_left_krw(self) -> int:
        """What is left of the envelope for this case, KRW: what it holds from an earlier hearing is its own."""
        if self.envelope is None:
            return 0
        return self.envelope.amount_krw - self.envelope.committed_krw + (self._held.amount_krw if self._held else 0)

    @cached_property
    def _held(self) -> Allocation | None:
        """What an earlier hearing reserved; nothing to ask in the first."""
        return money.held(self.case) if self.case.hearing > 1 else None

    def awards_left(self) -> int | None:
        """How many awards are left; None without a limit."""
        if self.envelope is None or self.envelope.planned_awards is None:
            return None
        return self.envelope.planned_awards - self.envelope.awards + (1 if self._held else 0)

    def reserve_ahead(self) -> int:
        """Cases that stand before this one on the reserve list."""
        return self._count(
            Case.cycle_id == self.case.cycle_id,
            Case.state == "RESERVED",
            Case.reserve_rank < (self.case.reserve_rank or 0),
            of=Case,
        )
