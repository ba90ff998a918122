"""The case: one application from first draft to result, its sections, versions and attachments."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed

NO_DEADLINE = date(9999, 12, 31)
"""Stands in `due_on` for "nothing is due", so that one index orders every queue."""


class Case(Numbered, Sealed, Base):
    """One application. `state` and `seq` are a cache of its last event; only `record` writes them."""

    __tablename__ = "case"
    __table_args__ = (
        sa.Index(None, "definition_id", "state", "due_on", "id"),
        sa.Index(None, "definition_id", "due_on", "id"),
        sa.Index(None, "state", "due_on", "id"),
        sa.Index(None, "turn", "due_on", "id"),
        sa.Index(None, "assignee_id", "due_on", "id"),
        sa.Index(None, "cycle_id", "due_on", "id"),
        sa.Index(None, "due_on", "id"),
        sa.Index(None, "organisation_id", "state"),
        sa.Index(None, "organisation_id", "cycle_id", "state", "city"),  # submit reads only this; else 41 ms of 100,000
        sa.Index(None, "country", "cycle_id"),
        sa.Index(None, "cycle_id", "state"),
        sa.Index(None, "state", "received_at"),
        sa.CheckConstraint("imported OR state IN ('DRAFT', 'WITHDRAWN') OR received_at IS NOT NULL", name="received"),
        sa.CheckConstraint("imported OR outcome IS NULL OR decided_on IS NOT NULL", name="decided"),
        sa.CheckConstraint("awarded_krw IS NULL OR outcome = 'approve'", name="awarded"),
        sa.CheckConstraint("seq >= 0", name="seq"),
    )
    SEALED: ClassVar = (
        "number",
        "state",
        "definition_id",
        "definition_version",
        "form_version",
        "organisation_id",
        "cycle_id",
        "cycle_revision",
        "created_at",
        "created_by",
        "received_at",
        "assignee_id",
        "title_ko",
        "title_en",
        "country",
        "city",
        "lat",
        "lon",
        "requested_krw",
        "awarded_krw",
        "outcome",
        "decided_on",
        "reserve_rank",
        "announce_at",
        "announced_at",
        "result_note",
        "hearing",
        "decline_proposed_by",
        "decline_reason",
        "imported",
        "eligibility",
    )

    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    definition_id: Mapped[str] = mapped_column(sa.String(60))
    definition_version: Mapped[int]
    form_version: Mapped[int] = mapped_column(default=1)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle.id"))
    cycle_revision: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(sa.String(20))
    seq: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(sa.String(64), default="")

    title_ko: Mapped[str] = mapped_column(sa.String(300), default="")
    title_en: Mapped[str] = mapped_column(sa.String(300), default="")
    country: Mapped[str | None] = mapped_column(sa.String(2))
    city: Mapped[str] = mapped_column(sa.String(200), default="")
    lat: Mapped[str | None] = mapped_column(sa.String(12))
    lon: Mapped[str | None] = mapped_column(sa.String(12))
    requested_krw: Mapped[int | None]

    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    received_at: Mapped[datetime | None]
    turn: Mapped[str | None] = mapped_column(sa.String(20))
    turn_since: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(default=NO_DEADLINE)
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    outcome: Mapped[str | None] = mapped_column(sa.String(30))
    decided_on: Mapped[date | None]
    awarded_krw: Mapped[int | None]
    reserve_rank: Mapped[int | None]
    announce_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    result_note: Mapped[str | None] = mapped_column(sa.Text)
    hearing: Mapped[int] = mapped_column(default=1)
    """1, or 2 once an objection was upheld and the case is heard anew."""
    decline_proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decline_reason: Mapped[str | None] = mapped_column(sa.Text)
    imported: Mapped[bool] = mapped_column(default=False)
    """A real project taken from publications: what they do not say stays blank."""
    eligibility: Mapped[dict[str, Any]] = mapped_column(default=dict)
    search: Mapped[str] = mapped_column(sa.Text, default="")
    """Two-letter pieces of title, city, number and organisation (queries/search.py)."""


class Section(Numbered, Base):
    """One page of the draft. Every save moves `revision`; a stale save is refused with both texts."""

    __tablename__ = "section"
    __table_args__ = (sa.UniqueConstraint("case_id", "key"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    revision: Mapped[int] = mapped_column(default=1)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    complete: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class Version(Numbered, Sealed, Base):
    """What was submitted, frozen: the version evaluated is the version decided."""

    __tablename__ = "version"
    __table_args__ = (sa.UniqueConstraint("case_id", "number"),)
    SEALED: ClassVar = ("case_id", "number", "answers", "files", "sha256", "made_at", "made_by", "reason")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    number: Mapped[int]
    answers: Mapped[dict[str, Any]]
    files: Mapped[list[Any]]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(sa.String(40))


class Attachment(Numbered, Base):
    """A file of a case; its content lies in the file store under its hash."""

    __tablename__ = "attachment"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index(None, "case_id", "slot"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    slot: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(255))
    kind: Mapped[str] = mapped_column(sa.String(10))
    media_type: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    removed_at: Mapped[datetime | None]


class Counter(Base):
    """How many cases are in each state: written with the state, equal to a recount at any time."""

    __tablename__ = "counter"
    __table_args__ = (sa.CheckConstraint("n >= 0", name="n"),)

    definition_id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    cycle_id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class NumberSeries(Base):
    """The last number given out in a series; numbers are never used again."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
