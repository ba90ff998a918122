"""What is read of each table to recompute its seals, and the canonical text made straight from what is stored.

JSON columns are read as the text that lies in the database and hashed as it is: they are stored in the same
canonical form that was hashed (app/extensions.py), so one changed byte changes the hash, and nothing is parsed
and written out again (a third of the time).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

import sqlalchemy as sa

from app.base import Base, Sealed
from app.models import Case, Event, Letter


@dataclass(frozen=True, slots=True)
class Shape:
    """A sealed table: its model, its columns to select, and how its content is written."""

    model: type[Any]
    columns: tuple[Any, ...]
    write: Callable[[Mapping[str, Any]], str]

    @property
    def name(self) -> str:
        """The table's name, as it stands in seals."""
        return str(self.model.__tablename__)

    def seal(self, values: Mapping[str, Any]) -> str:
        """sha256 over the sealed columns: column -> value, JSON as the text that is stored."""
        return sha256(self.write(values).encode("utf-8")).hexdigest()


def _moment(value: datetime) -> str:
    return f'"{value.astimezone(UTC).isoformat(timespec="microseconds")}"'


PLAIN: dict[type[Any], Callable[[Any], str]] = {
    str: encode_basestring,
    int: str,
    type(None): lambda value: "null",
    bool: lambda value: "true" if value else "false",
    datetime: _moment,
    date: lambda value: f'"{value.isoformat()}"',
}


def plain(value: Any) -> str:
    """One value as `app.base.canonical` writes it.

    Raises:
        ValueError: the database holds something that the column could never have been given.
    """
    try:
        return PLAIN[type(value)](value)
    except KeyError:
        raise ValueError(f"cannot be written: {type(value)}") from None


def raw(column: Any) -> Any:
    """The column to select: of JSON the text as it is stored."""
    return sa.cast(column, sa.Text).label(column.key) if isinstance(column.type, sa.JSON) else column


def _writer(model: type[Any]) -> Callable[[Mapping[str, Any]], str]:
    parts = [(f'"{name}":', name, isinstance(model.__table__.c[name].type, sa.JSON)) for name in sorted(model.SEALED)]

    def write(values: Mapping[str, Any]) -> str:
        return "{" + ",".join([k + (values[n] if is_json else plain(values[n])) for k, n, is_json in parts]) + "}"

    return write


NOT_YET = {"letter": Letter.served_at.is_not(None)}
"""Rows that are vouched for only from a certain moment: a letter once it is served."""


@cache
def sealed_shapes() -> tuple[Shape, ...]:
    """Every sealed table but the case itself, and those that the chain of a sitting vouches for."""
    models = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealed)]
    found = []
    for model in sorted(models, key=lambda m: m.__tablename__):
        if model is not Case and "case_id" in model.__table__.c:
            wanted = dict.fromkeys(("id", "case_id", *model.SEALED))
            found.append(Shape(model, tuple(raw(model.__table__.c[n]) for n in wanted), _writer(model)))
    return tuple(found)


CASE_ALSO = ("id", "seq", "head", "turn", "turn_since", "due_on")


@cache
def case_shape() -> Shape:
    """The case: what is sealed of it, and the columns that follow from its events."""
    wanted = dict.fromkeys((*CASE_ALSO, *Case.SEALED))
    return Shape(Case, tuple(raw(Case.__table__.c[n]) for n in wanted), _writer(Case))


EVENT_COLUMNS: Sequence[Any] = tuple(raw(column) for column in Event.__table__.c)


@cache
def shape_of(model: type[Any]) -> Shape:
    """The shape of one sealed model."""
    return case_shape() if model is Case else next(s for s in sealed_shapes() if s.model is model)


def event_hash(event: Any, number: str) -> str:
    """What `Event.compute_hash` gives, from a row whose JSON columns are the stored text."""
    text = (
        f'{{"actor":{plain(event.actor_id)},"at":{plain(event.at)},"case":{plain(number)},'
        f'"code":{plain(event.code)},"data":{event.data},"facts":{event.facts},"from":{plain(event.from_state)},'
        f'"prev":{plain(event.prev_hash)},"roles":{event.roles},"seals":{event.seals},"seq":{plain(event.seq)},'
        f'"shown":{plain(event.shown)},"to":{plain(event.to_state)},"trigger":{plain(event.trigger)}}}'
    )
    return sha256(text.encode("utf-8")).hexdigest()
