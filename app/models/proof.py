"""What strangers hold the record against: the keys that sign, and the daily roots over every chain."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, fingerprint


class SigningKey(Numbered, Base):
    """The public half of an Ed25519 key (RFC 8032). The newest one signs; an older one stays to verify with."""

    __tablename__ = "signing_key"

    key_id: Mapped[str] = mapped_column(sa.String(16), unique=True)
    """The first 16 hex digits of the sha256 of the public key."""
    public_key: Mapped[str] = mapped_column(sa.String(64))
    """32 bytes in hex."""
    made_at: Mapped[datetime]


class DailyRoot(Numbered, Base):
    """The Merkle root over the last hash of every chain, once a day, bound to the root before it."""

    __tablename__ = "daily_root"
    __table_args__ = (sa.CheckConstraint("chains >= 0", name="chains"),)

    day: Mapped[date] = mapped_column(unique=True)
    """The day in Seoul on which it was made."""
    chains: Mapped[int]
    """How many leaves the tree has."""
    root: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))
    key_id: Mapped[str] = mapped_column(sa.String(16))
    signature: Mapped[str] = mapped_column(sa.String(128))
    """Ed25519 over the 64 ASCII characters of `hash`, 64 bytes in hex."""

    def content(self) -> dict[str, object]:
        """What `hash` is the fingerprint of."""
        return {
            "day": self.day,
            "chains": self.chains,
            "root": self.root,
            "made_at": self.made_at,
            "prev": self.prev_hash,
        }

    def compute_hash(self) -> str:
        """The hash of this root as it stands."""
        return fingerprint(self.content())


class DailyLeaf(Numbered, Base):
    """A chain whose last hash was new on the day of a root. The tree of a day is the last leaf of every position."""

    __tablename__ = "daily_leaf"
    __table_args__ = (sa.UniqueConstraint("root_id", "position"), sa.Index(None, "chain", "root_id"))

    root_id: Mapped[int] = mapped_column(sa.ForeignKey("daily_root.id"))
    position: Mapped[int]
    """Its place in the tree, counted from 0 in the order in which chains were first seen."""
    chain: Mapped[str] = mapped_column(sa.String(40))
    """"case:" and the case's number, or "sitting:" and the sitting's."""
    seq: Mapped[int]
    head: Mapped[str] = mapped_column(sa.String(64))
