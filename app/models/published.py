"""Projects and totals as the ministry or the press published them, with their source; never recomputed."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class PublishedProject(Numbered, Base):
    """Where the record of a real, decided project comes from, beside the case that holds it."""

    __tablename__ = "published_project"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), unique=True)
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    place_ko: Mapped[str] = mapped_column(sa.String(200), default="")
    place_en: Mapped[str] = mapped_column(sa.String(200), default="")
    """The place in both languages; empty where the source does not name it."""
    place_level: Mapped[str | None] = mapped_column(sa.String(10))
    source: Mapped[str] = mapped_column(sa.Text)


class PublishedTotal(Numbered, Base):
    """A total as published."""

    __tablename__ = "published_total"

    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    content: Mapped[dict[str, Any]]
