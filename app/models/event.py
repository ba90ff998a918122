"""The event: the fact itself. Append-only, numbered per case, each bound to the one before by its hash."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, fingerprint


class Event(Numbered, Base):
    """What was done on a case, by whom, when, on which facts, and what it vouches for (`seals`)."""

    __tablename__ = "event"
    __table_args__ = (sa.UniqueConstraint("case_id", "seq"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    seq: Mapped[int]
    trigger: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[str] = mapped_column(sa.String(8))
    from_state: Mapped[str] = mapped_column(sa.String(20))
    to_state: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    roles: Mapped[list[Any]]
    shown: Mapped[str] = mapped_column(sa.String(8))
    data: Mapped[dict[str, Any]]
    """What the timeline tells: reasons, dates, amounts as they were typed."""
    facts: Mapped[dict[str, Any]]
    """What the guards saw."""
    seals: Mapped[dict[str, Any]]
    """table:id -> sha256 of the rows this event wrote."""
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    def compute_hash(self, number: str) -> str:
        """The hash of this event as it stands, for the case `number`."""
        return fingerprint(self.content(number))

    def content(self, number: str) -> dict[str, Any]:
        """What `hash` is the fingerprint of, for the case `number`."""
        return {
            "case": number,
            "seq": self.seq,
            "trigger": self.trigger,
            "code": self.code,
            "from": self.from_state,
            "to": self.to_state,
            "at": self.at,
            "actor": self.actor_id,
            "roles": self.roles,
            "shown": self.shown,
            "data": self.data,
            "facts": self.facts,
            "seals": self.seals,
            "prev": self.prev_hash,
        }
