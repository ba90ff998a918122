"""The vote: what is moved, the sealed ballots, what they said once opened, and what was resolved."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class Motion(Numbered, Sealed, Base):
    """What is put to the vote: a motion on the case, or an amendment to the motion it follows."""

    __tablename__ = "motion"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('approve', 'approve_with_conditions', 'reject', 'reserve')", name="outcome"),
        sa.CheckConstraint("kind IN ('main', 'amendment')", name="kind"),
        sa.UniqueConstraint("item_id", "round"),
    )
    SEALED: ClassVar = (
        "case_id",
        "item_id",
        "round",
        "kind",
        "follows_id",
        "secret",
        "outcome",
        "amount_krw",
        "text",
        "conditions",
        "put_by",
        "put_at",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), index=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(sa.String(12), default="main")
    follows_id: Mapped[int | None] = mapped_column(sa.ForeignKey("motion.id"))
    """The motion this one amends, or that it puts again after an amendment or a void vote."""
    secret: Mapped[bool] = mapped_column(default=False)
    """Whether the ballot on it is secret; only where the committee's rule allows it."""
    outcome: Mapped[str] = mapped_column(sa.String(30))
    amount_krw: Mapped[int | None]
    text: Mapped[str] = mapped_column(sa.Text)
    conditions: Mapped[list[Any]] = mapped_column(default=list)
    put_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    put_at: Mapped[datetime]


class Ballot(Numbered, Sealed, Base):
    """That a member has voted, and a commitment to how. One a member and round; never changed.

    Nothing here tells the choice: `commitment` is salted, `sealed` is locked with a key outside the database.
    A secret ballot has neither: its paper lies in `ballot_paper`, without a name.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "round", "user_id"),
        sa.CheckConstraint("channel IN ('screen', 'paper')", name="channel"),
        sa.CheckConstraint(
            "channel <> 'paper' OR (entered_by IS NOT NULL AND confirmed_by IS NOT NULL AND entered_by <> confirmed_by)",
            name="two_people",
        ),
        sa.CheckConstraint("(commitment IS NULL) = (sealed IS NULL)", name="sealed"),
        sa.Index(None, "case_id"),
    )
    SEALED: ClassVar = (
        "case_id",
        "item_id",
        "round",
        "user_id",
        "channel",
        "late",
        "commitment",
        "entered_by",
        "confirmed_by",
        "cast_at",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    channel: Mapped[str] = mapped_column(sa.String(8), default="screen")
    late: Mapped[bool] = mapped_column(default=False)
    """Written deliberation: it came after the window; on record, not counted."""
    commitment: Mapped[str | None] = mapped_column(sa.String(64))
    """sha256 over the canonical JSON of item, round, voter, choice and salt (workflows/commitment.py)."""
    sealed: Mapped[str | None] = mapped_column(sa.Text)
    """Choice and salt, locked until the chair closes the vote (app/ballot_box.py)."""
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    cast_at: Mapped[datetime]


class BallotPaper(Base):
    """A paper of a secret ballot: no person, no time, a random key, so that no order tells whose it is.

    It goes when it is opened: PostgreSQL keeps the transaction with each row, and that is the one of the ballot.
    """

    __tablename__ = "ballot_paper"
    __table_args__ = (sa.Index(None, "item_id", "round"), {"sqlite_with_rowid": False})

    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    commitment: Mapped[str] = mapped_column(sa.String(64), unique=True)
    sealed: Mapped[str] = mapped_column(sa.Text)


class PaperEntry(Numbered, Base):
    """A paper ballot that the clerk has typed in; it becomes a ballot when a second person types the same."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        sa.CheckConstraint("result IN ('confirmed', 'mismatch', 'taken_back')", name="result"),
        sa.Index(None, "item_id", "round"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    commitment: Mapped[str] = mapped_column(sa.String(64))
    sealed: Mapped[str] = mapped_column(sa.Text)
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[datetime]
    result: Mapped[str | None] = mapped_column(sa.String(12))
    settled_at: Mapped[datetime | None]


class OpenedBallot(Numbered, Sealed, Base):
    """What a ballot said, written when the chair closed the vote. Of a secret ballot without the person."""

    __tablename__ = "opened_ballot"
    __table_args__ = (
        sa.CheckConstraint("choice IN ('yes', 'no', 'abstain')", name="choice"),
        sa.CheckConstraint("(ballot_id IS NULL) = (user_id IS NULL)", name="secret"),
        sa.UniqueConstraint("commitment"),
        sa.Index(None, "item_id", "round"),
        sa.Index(None, "case_id"),
    )
    SEALED: ClassVar = (
        "case_id",
        "item_id",
        "round",
        "ballot_id",
        "user_id",
        "choice",
        "salt",
        "commitment",
        "counted",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    ballot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ballot.id"), unique=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    choice: Mapped[str] = mapped_column(sa.String(10))
    salt: Mapped[str] = mapped_column(sa.String(64))
    commitment: Mapped[str] = mapped_column(sa.String(64))
    counted: Mapped[bool] = mapped_column(default=True)
    """False for a late paper, and for who declared a conflict after voting."""


class Resolution(Numbered, Sealed, Base):
    """What the committee resolved, with the counts and the rule it rests on. Never writes the decision."""

    __tablename__ = "resolution"
    __table_args__ = (sa.UniqueConstraint("item_id", "round"), sa.Index(None, "case_id"))
    SEALED: ClassVar = (
        "case_id",
        "item_id",
        "round",
        "outcome",
        "amount_krw",
        "counts",
        "rule",
        "verdict",
        "text",
        "resolved_at",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    outcome: Mapped[str] = mapped_column(sa.String(30))
    amount_krw: Mapped[int | None]
    counts: Mapped[dict[str, Any]]
    rule: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(sa.Text)
    resolved_at: Mapped[datetime]


class VoidedVote(Numbered, Sealed, Base):
    """A vote that the chair declared void, with the reason. The round and its resolution stay on record."""

    __tablename__ = "voided_vote"
    __table_args__ = (
        sa.CheckConstraint("code IN ('quorum_defect', 'undeclared_conflict', 'count_error', 'other')", name="code"),
        sa.UniqueConstraint("item_id", "round"),
        sa.Index(None, "case_id"),
    )
    SEALED: ClassVar = ("case_id", "item_id", "round", "resolution_id", "code", "reason", "voided_by", "voided_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    resolution_id: Mapped[int] = mapped_column(sa.ForeignKey("resolution.id"), unique=True)
    code: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text)
    voided_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    voided_at: Mapped[datetime]


class Dissent(Numbered, Sealed, Base):
    """A statement that a member attaches to the vote after its close (소수의견)."""

    __tablename__ = "dissent"
    __table_args__ = (sa.UniqueConstraint("item_id", "round", "user_id"), sa.Index(None, "case_id"))
    SEALED: ClassVar = ("case_id", "item_id", "round", "user_id", "text", "written_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
