"""Organisations and the people who act for them. A delegate may draft, never sign or submit."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered

KINDS = (
    "central_government",
    "local_government",
    "public_institution",
    "international_organisation",
    "university",
    "company",
    "ministry",
    "embassy",
    "trade_centre",
    "secretariat",
)
MEMBER_ROLES = ("signatory", "delegate")


class Organisation(Numbered, Base):
    """An applicant, a partner, or a body asked for its opinion."""

    __tablename__ = "organisation"
    __table_args__ = (sa.CheckConstraint("kind IN ({})".format(", ".join(f"'{k}'" for k in KINDS)), name="kind"),)

    name_ko: Mapped[str] = mapped_column(sa.String(200), default="")
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[str] = mapped_column(sa.String(30))
    country: Mapped[str] = mapped_column(sa.String(2))
    register_number: Mapped[str | None] = mapped_column(sa.String(40))
    size_class: Mapped[str | None] = mapped_column(sa.String(20))
    created_at: Mapped[datetime]


class Membership(Numbered, Base):
    """A person acting for an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "organisation_id"),
        sa.CheckConstraint("role IN ('signatory', 'delegate')", name="role"),
        sa.Index(None, "organisation_id"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(sa.String(20))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
