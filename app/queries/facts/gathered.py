"""What every phase shares: the case, who acts, what was typed, and the rows that several facts read."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.extensions import db
from app.interests import stands
from app.models import AgendaItem, Case, Consulting, Cycle, Envelope, Sitting, Supplement
from app.queries import attendance, proposal
from app.queries.terms import terms_of


class Gathered:
    """One case as one person meets it."""

    def __init__(
        self,
        case: Case,
        who: Viewer,
        inputs: Mapping[str, Any] | None = None,
        draft: proposal.Draft | None = None,
    ) -> None:
        if draft is not None:
            self.draft = draft
        self.case = case
        self.who = who
        self.inputs = dict(inputs or {})
        self._known: dict[str, Any] = {}

    @cached_property
    def cycle(self) -> Cycle:
        """The terms of the cycle the case is in, as the case was submitted under them."""
        return terms_of(self.case)

    @cached_property
    def draft(self) -> proposal.Draft:
        """The sections and attachments as they stand."""
        return proposal.draft_of(self.case)

    @cached_property
    def supplement(self) -> Supplement | None:
        """The latest supplement request."""
        query = sa.select(Supplement).where(Supplement.case_id == self.case.id)
        return db.session.scalar(query.order_by(Supplement.id.desc()).limit(1))

    @cached_property
    def item(self) -> AgendaItem | None:
        """The latest agenda item of the case."""
        query = sa.select(AgendaItem).where(AgendaItem.case_id == self.case.id)
        return db.session.scalar(query.order_by(AgendaItem.id.desc()).limit(1))

    @cached_property
    def sitting(self) -> Sitting | None:
        """The sitting of that item."""
        return db.session.get(Sitting, self.item.sitting_id) if self.item else None

    @cached_property
    def head_count(self) -> attendance.HeadCount:
        """Who is present for this item, who is recused, and the quorum."""
        return attendance.head_count(self.sitting, self.case.id)

    @cached_property
    def envelope(self) -> Envelope | None:
        """The money of the cycle, as it stands now (locked in the approving transaction)."""
        return db.session.get(Envelope, self.case.cycle_id, populate_existing=True)

    @cached_property
    def consulting(self) -> Consulting | None:
        """The consulting of the case."""
        return db.session.scalar(sa.select(Consulting).where(Consulting.case_id == self.case.id))

    def _count(self, *where: Any, of: Any) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(of).where(*where)) or 0

    def _declared(self, user_id: int, capacity: str) -> str:
        return db.session.scalar(sa.select(stands(self.case.id, user_id, capacity))) or "undeclared"
