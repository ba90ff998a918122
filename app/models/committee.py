"""The committee: seats, its rules, sittings with their chain, agenda, attendance and rosters."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed, fingerprint


class Seat(Numbered, Base):
    """A seat on the committee of a programme."""

    __tablename__ = "seat"
    __table_args__ = (
        sa.CheckConstraint("side IN ('government', 'private')", name="side"),
        sa.UniqueConstraint("programme", "user_id"),
    )

    programme: Mapped[str] = mapped_column(sa.String(40))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    side: Mapped[str] = mapped_column(sa.String(12))
    chair: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CommitteeRule(Numbered, Base):
    """How the committee of a programme opens, votes and records from a day on. Append-only; a change is a new row."""

    __tablename__ = "committee_rule"
    __table_args__ = (sa.UniqueConstraint("programme", "number"),)

    programme: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    in_force_on: Mapped[date]
    rule: Mapped[dict[str, Any]]
    """The keys of workflows/committee_rules.py."""
    basis: Mapped[dict[str, Any]]
    """key -> {"ko", "en", "article"}: the article it rests on, or "setting" where the law is silent."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    """None for the rule the programme ships with."""
    entered_at: Mapped[datetime]


class Sitting(Numbered, Base):
    """A meeting of the committee, or a written deliberation. A roll call is a fact with a time, not a guess."""

    __tablename__ = "sitting"
    __table_args__ = (
        sa.CheckConstraint("form IN ('in_person', 'video', 'written')", name="form"),
        sa.CheckConstraint("reason_code IN ('minor', 'urgent', 'quorum_impossible')", name="reason_code"),
        sa.CheckConstraint(
            "form <> 'written' OR (reason_code IS NOT NULL AND opens_at IS NOT NULL AND closes_at IS NOT NULL)",
            name="written",
        ),
    )

    programme: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int] = mapped_column(unique=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(sa.String(200))
    chair_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    agenda_sent_at: Mapped[datetime | None]
    urgency_reason: Mapped[str] = mapped_column(sa.Text, default="")
    roll_called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    rule: Mapped[dict[str, Any]]
    """The committee's rule in force on the day of the sitting, frozen (workflows/committee_rules.py)."""
    seats: Mapped[int]
    """Members in office (재적위원), without those who sit for single items."""
    form: Mapped[str] = mapped_column(sa.String(10), default="in_person")
    reason_code: Mapped[str | None] = mapped_column(sa.String(20))
    """Why in writing (행정기관 소속 위원회법 시행령 제5조제2항); None for a meeting."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    opens_at: Mapped[datetime | None]
    """Written: from when papers are taken; `starts_at` is the same instant."""
    closes_at: Mapped[datetime | None]
    """Written: until when a paper counts."""
    seq: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(sa.String(64), default="")

    VOUCHED: ClassVar = (
        "programme",
        "number",
        "starts_at",
        "place",
        "chair_id",
        "agenda_sent_at",
        "urgency_reason",
        "roll_called_at",
        "ended_at",
        "rule",
        "seats",
        "form",
        "reason_code",
        "reason",
        "opens_at",
        "closes_at",
    )

    def seal(self) -> str:
        """sha256 over what the sitting's own chain vouches for."""
        return fingerprint({name: getattr(self, name) for name in self.VOUCHED})


class SittingEvent(Numbered, Base):
    """What was done at a sitting as a whole. Append-only, numbered per sitting, bound to the one before by its hash."""

    __tablename__ = "sitting_event"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "seq"),)

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    seq: Mapped[int]
    act: Mapped[str] = mapped_column(sa.String(20))
    """One of ACTS."""
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    data: Mapped[dict[str, Any]]
    seals: Mapped[dict[str, Any]]
    """table:id -> sha256 of the sitting and of the seats for single items as the act left them."""
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    def compute_hash(self, number: int) -> str:
        """The hash of this event as it stands, for the sitting `number`."""
        return fingerprint(self.content(number))

    def content(self, number: int) -> dict[str, Any]:
        """What `hash` is the fingerprint of, for the sitting `number`."""
        return {
            "sitting": number,
            "seq": self.seq,
            "act": self.act,
            "at": self.at,
            "actor": self.actor_id,
            "data": self.data,
            "seals": self.seals,
            "prev": self.prev_hash,
        }


ACTS = (
    "plan",
    "change",
    "send_agenda",
    "table",
    "order",
    "seat_for_item",
    "unseat_for_item",
    "call_roll",
    "arrive",
    "leave",
    "observe",
    "end",
    "submit_minutes",
    "review_minutes",
    "sign_minutes",
    "correct_minutes",
    "publish_minutes",
)
"""Acts of a sitting: `call_roll` tells {"present": [accounts]}, `arrive` and `leave` {"person": account}."""


class AgendaItem(Numbered, Base):
    """A case on the agenda of a sitting."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("sitting_id", "case_id"),
        sa.Index(None, "case_id"),
    )

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    position: Mapped[int]
    minutes: Mapped[int] = mapped_column(default=15)
    """How long it is expected to take; the times of the agenda follow from it."""
    not_recommended: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1)
    called_in_at: Mapped[datetime | None]
    """When a member called the item from a written deliberation into a meeting."""


class ItemSeat(Numbered, Base):
    """A member for one item only: the related vice minister or the head of the related local government.

    Source: 스마트도시 조성 및 산업진흥 등에 관한 법률 제23조제3항제3호·제4호.
    """

    __tablename__ = "item_seat"
    __table_args__ = (
        sa.CheckConstraint("capacity IN ('vice_minister', 'local_head')", name="capacity"),
        sa.UniqueConstraint("item_id", "user_id"),
        sa.Index(None, "user_id"),
    )

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    capacity: Mapped[str] = mapped_column(sa.String(20))
    basis: Mapped[str] = mapped_column(sa.Text)
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    VOUCHED: ClassVar = ("item_id", "user_id", "capacity", "basis", "added_by", "added_at", "ended_at")

    def seal(self) -> str:
        """sha256 over what the sitting's chain vouches for."""
        return fingerprint({name: getattr(self, name) for name in self.VOUCHED})


class Attendance(Numbered, Base):
    """Who was present at a sitting, from when to when; by proxy if one is named. An observer is not counted."""

    __tablename__ = "attendance"
    __table_args__ = (sa.Index(None, "sitting_id", "user_id"),)

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    proxy: Mapped[str] = mapped_column(sa.String(120), default="")
    observer: Mapped[bool] = mapped_column(default=False)


class RosterEntry(Numbered, Sealed, Base):
    """One member on the roster of an item, frozen when its vote was opened.

    Every member of the item is on it, the absent too. Who comes in afterwards gets a further entry as present.
    """

    __tablename__ = "roster_entry"
    __table_args__ = (
        sa.CheckConstraint("capacity IN ('seat', 'vice_minister', 'local_head')", name="capacity"),
        sa.UniqueConstraint("item_id", "round", "user_id", "present"),
        sa.Index(None, "case_id"),
    )
    SEALED: ClassVar = (
        "case_id",
        "item_id",
        "round",
        "user_id",
        "capacity",
        "present",
        "entitled",
        "reason",
        "entered_at",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    capacity: Mapped[str] = mapped_column(sa.String(20))
    present: Mapped[bool]
    entitled: Mapped[bool]
    """Whether this member may vote on the item."""
    reason: Mapped[str] = mapped_column(sa.String(20), default="")
    """Empty; absent, recused or chair for who may not vote; late for who came in after the opening."""
    entered_at: Mapped[datetime]
