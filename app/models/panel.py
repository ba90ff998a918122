"""Panels: what an evaluator can and may be asked, the frozen pool and the draw from it."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class EvaluatorProfile(Numbered, Base):
    """What an evaluator knows, where he works and how many cases a year he takes. Kept by himself and by officers."""

    __tablename__ = "evaluator_profile"
    __table_args__ = (sa.CheckConstraint("yearly_cap BETWEEN 0 AND 100", name="yearly_cap"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), unique=True)
    expertise: Mapped[list[Any]]
    """Keys of the form's sectors (workflows/panel.py EXPERTISE)."""
    institution: Mapped[str] = mapped_column(sa.String(200), default="")
    region: Mapped[str] = mapped_column(sa.String(20), default="")
    yearly_cap: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class PanelPool(Numbered, Sealed, Base):
    """A pool frozen before its seed is known: who may be drawn, how many, and where the seed will be published."""

    __tablename__ = "panel_pool"
    __table_args__ = (sa.UniqueConstraint("case_id", "number"),)
    SEALED: ClassVar = (
        "case_id", "number", "entries", "left_out", "seats", "most_per_institution", "seed_source", "seed_on", "sha256",
        "frozen_at", "frozen_by",
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    number: Mapped[int]
    entries: Mapped[list[Any]]
    """[{"id": account, "institution": key}] in order of account"""
    left_out: Mapped[list[Any]]
    """[{"id": account, "code": why}]: who holds the role and may not be drawn"""
    seats: Mapped[int]
    most_per_institution: Mapped[int]
    seed_source: Mapped[str] = mapped_column(sa.Text)
    seed_on: Mapped[date]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class PanelDraw(Numbered, Sealed, Base):
    """The draw from a frozen pool: the seed as published and the order it gave. Anyone can draw it again."""

    __tablename__ = "panel_draw"
    SEALED: ClassVar = ("case_id", "pool_id", "seed", "drawn", "drawn_at", "drawn_by")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), index=True)
    pool_id: Mapped[int] = mapped_column(sa.ForeignKey("panel_pool.id"), unique=True)
    seed: Mapped[str] = mapped_column(sa.Text)
    drawn: Mapped[list[Any]]
    """[{"id", "ticket", "place", "drawn": seat or None}] in the order of the tickets"""
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
