"""Interests: what people declared of their own, what the desk found, whom a party challenged, and people's ties."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed

CAPACITIES = ("consultant", "evaluator", "member")
TIE_KINDS = ("employment", "officer", "advisory", "holding", "family")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))


class Declaration(Numbered, Sealed, Base):
    """What a person declared about a case before its papers opened. A change is a new row; the last counts.

    A row "asked" is no answer: it says that the question was put anew, and why (`ground`). Until it is answered the
    papers stay closed.
    """

    __tablename__ = "declaration"
    __table_args__ = (
        sa.CheckConstraint("answer IN ('none', 'conflict', 'asked')", name="answer"),
        sa.CheckConstraint("capacity IN ('consultant', 'evaluator', 'member')", name="capacity"),
        sa.UniqueConstraint("case_id", "user_id", "capacity", "number"),
        sa.Index(None, "user_id", "case_id"),
    )
    SEALED: ClassVar = (
        "case_id", "user_id", "capacity", "number", "answer", "ground", "rule_set", "grounds", "declared_at",
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    capacity: Mapped[str] = mapped_column(sa.String(12))
    number: Mapped[int] = mapped_column(default=1)
    answer: Mapped[str] = mapped_column(sa.String(10))
    ground: Mapped[str] = mapped_column(sa.Text, default="")
    rule_set: Mapped[str] = mapped_column(sa.String(60), default="")
    """The set of grounds that was in force (workflows/interest_rules.py); empty on rows written before there was one."""
    grounds: Mapped[list[Any]] = mapped_column(default=list)
    """Keys of that set."""
    declared_at: Mapped[datetime]


class Finding(Numbered, Sealed, Base):
    """What the secretariat found of a person and a case: excluded by law, clear, or unsure. The last counts.

    "clear" lifts an exclusion found before; it never lifts what the person declared or the committee decided.
    """

    __tablename__ = "interest_finding"
    __table_args__ = (
        sa.CheckConstraint("answer IN ('excluded', 'clear', 'unsure')", name="answer"),
        sa.CheckConstraint(_one_of("capacity", CAPACITIES), name="capacity"),
        sa.UniqueConstraint("case_id", "user_id", "number"),
        sa.Index(None, "user_id", "case_id"),
    )
    SEALED: ClassVar = (
        "case_id", "user_id", "capacity", "number", "answer", "ground", "article", "reason", "rule_set", "checks",
        "found_by", "found_at",
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    capacity: Mapped[str] = mapped_column(sa.String(12))
    number: Mapped[int] = mapped_column(default=1)
    answer: Mapped[str] = mapped_column(sa.String(10))
    ground: Mapped[str] = mapped_column(sa.String(40), default="")
    article: Mapped[str] = mapped_column(sa.String(300), default="")
    reason: Mapped[str] = mapped_column(sa.Text)
    rule_set: Mapped[str] = mapped_column(sa.String(60))
    checks: Mapped[dict[str, Any]]
    """check key -> found, none or unknown: what lay side by side when it was decided"""
    found_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    found_at: Mapped[datetime]


class Challenge(Numbered, Sealed, Base):
    """The applicant asks that a person take no part (기피신청). Once for each person and case."""

    __tablename__ = "challenge"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "user_id"),
        sa.Index(None, "user_id", "case_id"),
    )
    SEALED: ClassVar = ("case_id", "user_id", "reason", "evidence", "rule_set", "filed_by", "filed_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    rule_set: Mapped[str] = mapped_column(sa.String(60))
    filed_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    filed_at: Mapped[datetime]


class ChallengeRuling(Numbered, Sealed, Base):
    """What the committee decided on a challenge, without the member challenged: counts, rule, verdict, reason."""

    __tablename__ = "challenge_ruling"
    __table_args__ = (sa.Index(None, "case_id"),)
    SEALED: ClassVar = (
        "case_id", "challenge_id", "upheld", "counts", "rule", "verdict", "reason", "decided_on", "recorded_by",
        "recorded_at",
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    challenge_id: Mapped[int] = mapped_column(sa.ForeignKey("challenge.id"), unique=True)
    upheld: Mapped[bool]
    counts: Mapped[dict[str, Any]]
    rule: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(sa.Text)
    decided_on: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    recorded_at: Mapped[datetime]


class Affiliation(Numbered, Base):
    """A tie of a person with an organisation, as he or an administrator entered it. Never changed, only withdrawn."""

    __tablename__ = "affiliation"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", TIE_KINDS), name="kind"),
        sa.CheckConstraint("source IN ('self', 'administrator')", name="source"),
        sa.CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="span"),
        sa.Index(None, "user_id", "withdrawn_at"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    organisation: Mapped[str] = mapped_column(sa.String(200))
    register_number: Mapped[str] = mapped_column(sa.String(40), default="")
    kind: Mapped[str] = mapped_column(sa.String(12))
    since: Mapped[date | None]
    until: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.String(14))
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class TiesStated(Numbered, Base):
    """That a person said his list of ties is complete (an empty list too). Without it, no match is "not checked"."""

    __tablename__ = "ties_stated"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), unique=True)
    stated_at: Mapped[datetime]
