"""What every table shares: naming of constraints, instants in UTC, and the seal over a row's content."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from json import dumps
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(sa.types.TypeDecorator[datetime]):
    """A UTC instant; refuses one without a zone, gives back one with it on either database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store in UTC (SQLite keeps no zone)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give it back with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Json = sa.JSON()


class Base(DeclarativeBase):
    """Base of all models."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        int: sa.BigInteger,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class Numbered:
    """A surrogate key."""

    id: Mapped[int] = mapped_column(Id, primary_key=True)


class Written(str):
    """Text that is canonical JSON already, so that bulk loads write it once for its hash and its column."""

    __slots__ = ()


def canonical(value: Any) -> str:
    """The one way a value is written before it is hashed: sorted keys, no spaces, Hangul as it is."""
    if type(value) is Written:
        return value
    return dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"cannot be written canonically: {type(value)}")


def fingerprint(value: Any) -> str:
    """sha256 over the canonical form, in hex."""
    return sha256(canonical(value).encode("utf-8")).hexdigest()


class Sealed:
    """A row whose content an event vouches for: `seal()` goes into the event, `audit verify` recomputes it."""

    SEALED: ClassVar[Sequence[str]] = ()

    def seal(self) -> str:
        """sha256 over the sealed columns."""
        return fingerprint({name: getattr(self, name) for name in self.SEALED})
