"""The Minister's decision and the money: an envelope a cycle, a reservation an approval, the letter."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.base import Base, Numbered, Sealed
from app.letter_code import digest_of


class Envelope(Base):
    """The money of a cycle. The constraints hold even where the application would be wrong."""

    __tablename__ = "envelope"
    __table_args__ = (
        sa.CheckConstraint("committed_krw >= 0 AND committed_krw <= amount_krw", name="within"),
        sa.CheckConstraint("planned_awards IS NULL OR awards <= planned_awards", name="awards"),
        sa.CheckConstraint("awards >= 0", name="awards_positive"),
    )

    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle.id"), primary_key=True, autoincrement=False)
    amount_krw: Mapped[int]
    committed_krw: Mapped[int] = mapped_column(default=0)
    planned_awards: Mapped[int | None]
    awards: Mapped[int] = mapped_column(default=0)


class Allocation(Numbered, Sealed, Base):
    """Money reserved for an approved case, in the same transaction as the decision."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "hearing"),
        sa.CheckConstraint("amount_krw > 0", name="amount"),
        sa.CheckConstraint("cap_krw IS NULL OR amount_krw <= cap_krw", name="cap"),
    )
    SEALED: ClassVar = ("case_id", "hearing", "cycle_id", "amount_krw", "cap_krw", "reserved_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    hearing: Mapped[int] = mapped_column(default=1)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("envelope.cycle_id"), index=True)
    amount_krw: Mapped[int]
    cap_krw: Mapped[int | None]
    reserved_at: Mapped[datetime]


class AllocationRelease(Numbered, Sealed, Base):
    """Money given back to the envelope: what a reconsidered case had reserved, once something else takes its place."""

    __tablename__ = "allocation_release"
    SEALED: ClassVar = ("case_id", "allocation_id", "cycle_id", "amount_krw", "released_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), index=True)
    allocation_id: Mapped[int] = mapped_column(sa.ForeignKey("allocation.id"), unique=True)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("envelope.cycle_id"), index=True)
    amount_krw: Mapped[int]
    released_at: Mapped[datetime]


class Decision(Numbered, Sealed, Base):
    """What the Minister decided, a record of its own beside the committee's resolution. That of a later hearing
    takes effect in the place of the one before, which stays on record."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "hearing"),
        sa.CheckConstraint("outcome IN ('approve', 'reject')", name="outcome"),
        sa.CheckConstraint("(outcome = 'approve') = (amount_krw IS NOT NULL)", name="amount"),
    )
    SEALED: ClassVar = (
        "case_id",
        "hearing",
        "resolution_id",
        "outcome",
        "amount_krw",
        "reason",
        "departs",
        "decided_on",
        "decided_at",
        "decided_by",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    hearing: Mapped[int] = mapped_column(default=1)
    resolution_id: Mapped[int] = mapped_column(sa.ForeignKey("resolution.id"))
    outcome: Mapped[str] = mapped_column(sa.String(10))
    amount_krw: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    departs: Mapped[bool] = mapped_column(default=False)
    decided_on: Mapped[date]
    decided_at: Mapped[datetime]
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class Announcement(Numbered, Base):
    """Decided now, announced together: the cases of a round and the set time."""

    __tablename__ = "announcement"

    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle.id"), index=True)
    announce_at: Mapped[datetime]
    set_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    set_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


def _code_hash(context: Any) -> str | None:
    """For rows that are written in bulk."""
    return digest_of(context.get_current_parameters()["content"])


class Letter(Numbered, Sealed, Base):
    """A notice to a party in both languages, with its reasons and appeal routes, as it was served."""

    __tablename__ = "letter"
    __table_args__ = (sa.UniqueConstraint("case_id", "kind"),)
    SEALED: ClassVar = ("case_id", "kind", "number", "content", "issued_on", "previewed_by", "served_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    content: Mapped[dict[str, Any]]
    issued_on: Mapped[date]
    previewed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    served_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    """When the applicant first opened it."""
    code_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True, default=_code_hash)
    """By which the code on a printed letter is looked up (app/letter_code.py); follows from the content."""

    @validates("content")
    def _follow(self, key: str, content: dict[str, Any]) -> dict[str, Any]:
        self.code_hash = digest_of(content)
        return content
