"""Programme > cycle: what a round allows. Editable by administrators; every revision is kept."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class Programme(Numbered, Base):
    """A public programme, such as K-City Network."""

    __tablename__ = "programme"

    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    prefix: Mapped[str] = mapped_column(sa.String(8), unique=True)
    name_ko: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))


class Cycle(Numbered, Base):
    """One fiscal year of one type. `settings` holds criteria, scoring, clocks and committee rule as data."""

    __tablename__ = "cycle"
    __table_args__ = (
        sa.UniqueConstraint("definition_id", "fiscal_year"),
        sa.CheckConstraint("cap_krw IS NULL OR cap_krw > 0", name="cap_positive"),
        sa.CheckConstraint("always_open OR closes_at IS NOT NULL OR opens_at IS NULL", name="window"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    definition_id: Mapped[str] = mapped_column(sa.String(60))
    form_version: Mapped[int] = mapped_column(default=1)
    fiscal_year: Mapped[int]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    always_open: Mapped[bool] = mapped_column(default=False)
    cut_off_on: Mapped[date | None]
    decision_month: Mapped[str | None] = mapped_column(sa.String(7))
    cap_krw: Mapped[int | None]
    planned_awards: Mapped[int | None]
    matching_rule: Mapped[str | None] = mapped_column(sa.String(40))
    legal_regime: Mapped[str | None] = mapped_column(sa.String(40))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=1)


class CycleRevision(Numbered, Base):
    """What a cycle said at one time, and who changed it why."""

    __tablename__ = "cycle_revision"
    __table_args__ = (sa.UniqueConstraint("cycle_id", "revision"),)

    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle.id"))
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    changed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    changed_at: Mapped[datetime]
