"""Rows on their way into the database: ids given ahead (seals name them), written in bulk, counted once a batch."""

from collections import Counter as Tally
from collections import defaultdict
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.audit.shapes import shape_of
from app.base import Written, canonical
from app.db import unit_of_work
from app.extensions import db
from app.models import Case, Counter, Envelope, NumberSeries

Row = dict[str, Any]


class Store:
    """One batch after another. `flush` writes everything since the last one in a unit of work of its own."""

    def __init__(self) -> None:
        self._rows: dict[type[Any], list[Row]] = defaultdict(list)
        self._last: dict[type[Any], int] = {}
        self._numbers: dict[str, int] = {}
        self.envelopes: dict[int, Row] = {}
        for envelope in db.session.scalars(sa.select(Envelope)):
            self.envelopes[envelope.cycle_id] = {
                "amount_krw": envelope.amount_krw,
                "committed_krw": envelope.committed_krw,
                "planned_awards": envelope.planned_awards,
                "awards": envelope.awards,
            }

    def next_id(self, model: type[Any]) -> int:
        """The next id of a table. Nobody else may write to it meanwhile."""
        if model not in self._last:
            self._last[model] = db.session.scalar(sa.select(sa.func.max(model.id))) or 0
        self._last[model] += 1
        return self._last[model]

    def next_number(self, series: str) -> str:
        """The next case number of a series such as KCN-2027."""
        if series not in self._numbers:
            query = sa.select(NumberSeries.last).where(NumberSeries.series == series)
            self._numbers[series] = db.session.scalar(query) or 0
        self._numbers[series] += 1
        return f"{series}-{self._numbers[series]:04d}"

    def add(self, model: type[Any], **values: Any) -> Row:
        """A row with its id, and what its sealed columns are when nothing is said; may be changed until the flush."""
        row = {"id": self.next_id(model), **_unsaid(model), **values}
        self._rows[model].append(row)
        return row

    def flush(self) -> None:
        """Write the batch: tables in the order of their references, then what is counted."""
        with unit_of_work() as session:
            order = {table.name: place for place, table in enumerate(db.metadata.sorted_tables)}
            for model in sorted(self._rows, key=lambda m: order[m.__tablename__]):
                session.execute(sa.insert(model.__table__), self._rows[model])
            self._count(session)
            self._write_numbers(session)
            for cycle_id, values in self.envelopes.items():
                session.execute(sa.update(Envelope).where(Envelope.cycle_id == cycle_id).values(**values))
        self._rows.clear()

    def _count(self, session: Any) -> None:
        tally = Tally((row["definition_id"], row["cycle_id"], row["state"]) for row in self._rows[Case])
        for (definition_id, cycle_id, state), n in sorted(tally.items()):
            key = {"definition_id": definition_id, "cycle_id": cycle_id, "state": state}
            done = session.execute(sa.update(Counter).filter_by(**key).values(n=Counter.n + n))
            if not done.rowcount:
                session.execute(sa.insert(Counter).values(**key, n=n))

    def _write_numbers(self, session: Any) -> None:
        for series, last in self._numbers.items():
            done = session.execute(sa.update(NumberSeries).filter_by(series=series).values(last=last))
            if not done.rowcount:
                session.execute(sa.insert(NumberSeries).values(series=series, last=last))

    def settle(self) -> None:
        """PostgreSQL hands out ids from sequences, which must follow those given here."""
        if db.engine.dialect.name != "postgresql":
            return
        with unit_of_work() as session:
            for model in self._last:
                name = model.__tablename__
                session.execute(
                    sa.select(
                        sa.func.setval(
                            sa.func.pg_get_serial_sequence(f'"{name}"', "id"),
                            sa.select(sa.func.max(model.id)).scalar_subquery(),
                        )
                    )
                )


@cache
def _unsaid(model: type[Any]) -> dict[str, Any]:
    """The plain defaults of a model's sealed columns: a seal is made before the database fills them in."""
    columns = [model.__table__.c[name] for name in getattr(model, "SEALED", ())]
    return {c.name: c.default.arg for c in columns if c.default is not None and c.default.is_scalar}


@cache
def _json_columns(model: type[Any]) -> tuple[str, ...]:
    return tuple(name for name in model.SEALED if isinstance(model.__table__.c[name].type, sa.JSON))


def seal(model: type[Any], row: Row) -> str:
    """What `Sealed.seal` gives for a row that is still a dict. Its JSON is written here, once for seal and column.

    A sealed column that the story does not tell takes its default, as the models give it.
    """
    for name in model.SEALED:
        if name not in row:
            default = model.__table__.c[name].default
            row[name] = None if default is None else default.arg(None) if default.is_callable else default.arg
    for name in _json_columns(model):
        row[name] = written(row[name])
    return shape_of(model).seal(row)


def written(value: Any) -> Written:
    """The value as it is hashed and stored."""
    return value if type(value) is Written else Written(canonical(value))
