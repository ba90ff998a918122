"""The whole proof, stopping at the first break."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.audit import reading, roots, sittings, totals
from app.audit.chain import Break, check
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Proof:
    """How much was verified, and the first break if there is one."""

    cases: int
    events: int
    broken: Break | None

    @property
    def holds(self) -> bool:
        """Whether the whole record holds."""
        return self.broken is None


def verify(number: str | None = None) -> Proof:
    """Verify every case, or the one of that `number` (whose totals are not a matter of one case).

    Reads one snapshot: nothing that is written meanwhile can look like a break.
    """
    cases = events = 0
    db.session.rollback()
    db.session.connection(execution_options=_snapshot())
    try:
        for found in reading.histories(number):
            broken = found if isinstance(found, Break) else check(found)
            if broken is not None:
                return Proof(cases, events, broken)
            cases += 1
            events += len(found.events) if not isinstance(found, Break) else 0
            db.session.expunge_all()
        broken = next(_beyond(number), None)
        return Proof(cases, events, broken)
    finally:
        db.session.rollback()


def _beyond(number: str | None) -> Iterator[Break]:
    """What no single chain can show."""
    if number is None:
        yield from sittings.breaks()
        yield from totals.breaks()
    yield from roots.breaks(number)


def _snapshot() -> dict[str, str]:
    """PostgreSQL needs to be told; a SQLite transaction is a snapshot by itself."""
    return {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
