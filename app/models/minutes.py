"""Minutes of a sitting: the working draft, frozen versions, signatures, corrections, what is published."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class MinutesDraft(Numbered, Base):
    """What the clerk writes; everything else in the minutes comes from the record of the sitting.

    Source: 공공기록물 관리에 관한 법률 시행령 제18조제2항 (gist of statements, attendees and observers).
    """

    __tablename__ = "minutes_draft"

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    observers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{"ko", "en"}: who sat in without being a member (배석자)."""
    gists: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """item id -> {"ko", "en"}: the gist of what was said."""
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class Minutes(Numbered, Sealed, Base):
    """The minutes as they were put to review: frozen. The version that chair and clerk sign is the minutes."""

    __tablename__ = "minutes"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "number"),)
    SEALED: ClassVar = ("sitting_id", "number", "content", "sha256", "made_at", "made_by")

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    """workflows/minutes.py says what stands in it."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Over the canonical form of `content`: what is signed."""
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class MinutesReview(Numbered, Sealed, Base):
    """What a second person said of a version: found right, or sent back with the reason."""

    __tablename__ = "minutes_review"
    __table_args__ = (sa.CheckConstraint("passed OR reason <> ''", name="reason"),)
    SEALED: ClassVar = ("sitting_id", "minutes_id", "passed", "reason", "reviewed_by", "reviewed_at")

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes.id"), unique=True)
    passed: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    reviewed_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    reviewed_at: Mapped[datetime]


class MinutesCorrection(Numbered, Sealed, Base):
    """An addition to signed minutes that says what is wrong in them, and why. The minutes stay as they are."""

    __tablename__ = "minutes_correction"
    __table_args__ = (
        sa.UniqueConstraint("minutes_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )
    SEALED: ClassVar = ("sitting_id", "minutes_id", "number", "part", "text", "reason", "sha256", "made_at", "made_by")

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes.id"))
    number: Mapped[int]
    part: Mapped[str] = mapped_column(sa.String(40))
    """The part it belongs to, as in `workflows.minutes.parts`: who may not read that part reads no correction of it."""
    text: Mapped[dict[str, Any]]
    """{"ko", "en"}"""
    reason: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class MinutesSignature(Numbered, Sealed, Base):
    """A signature: this account, in this capacity, at this time, over this hash. One a capacity, never taken back."""

    __tablename__ = "minutes_signature"
    __table_args__ = (
        sa.CheckConstraint("capacity IN ('chair', 'clerk')", name="capacity"),
        sa.UniqueConstraint("minutes_id", "correction", "capacity"),
        sa.UniqueConstraint("minutes_id", "correction", "user_id"),
    )
    SEALED: ClassVar = (
        "sitting_id",
        "minutes_id",
        "correction",
        "capacity",
        "user_id",
        "session_id",
        "signed_at",
        "sha256",
        "without",
    )

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes.id"))
    correction: Mapped[int] = mapped_column(default=0)
    """Number of the correction that is signed; 0 for the minutes themselves."""
    capacity: Mapped[str] = mapped_column(sa.String(8))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    session_id: Mapped[int] = mapped_column(default=0)
    """The signed-in browser it came from."""
    signed_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    without: Mapped[list[Any]] = mapped_column(default=list)
    """Items (positions) from which the signer was recused: the signature is not for these."""


class MinutesPublication(Numbered, Sealed, Base):
    """Which parts of signed minutes the public reads, from when. A change is a new row; the last counts."""

    __tablename__ = "minutes_publication"
    __table_args__ = (sa.UniqueConstraint("minutes_id", "number"),)
    SEALED: ClassVar = ("sitting_id", "minutes_id", "number", "disclosure", "published_by", "published_at")

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes.id"))
    number: Mapped[int]
    disclosure: Mapped[dict[str, Any]]
    """part -> {"rule": public|on_request|closed, "ground", "until": ISO day or None, "reason"} (workflows/disclosure.py)."""
    published_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    published_at: Mapped[datetime]
