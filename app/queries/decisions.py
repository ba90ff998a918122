"""What stands behind a decision: resolution, money left, cap, and its place in the round. Never writes."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.extensions import db
from app.letter_kinds import kind_column
from app.models import Allocation, Announcement, Case, Cycle, Decision, Envelope, Letter
from app.money import held
from app.queries.letters import decision_of
from app.queries.sittings import conditions_of, resolution_of
from app.queries.terms import terms_of


@dataclass(frozen=True, slots=True)
class Money:
    """The money of a cycle and of one case in it, KRW; None where there is no envelope or no award."""

    cap_krw: int | None
    envelope_krw: int | None
    committed_krw: int
    left_krw: int
    awards: int
    planned_awards: int | None
    allocation: Allocation | None
    samples: frozenset[str]

    @property
    def awards_left(self) -> int | None:
        """Awards still open; None without a limit."""
        return None if self.planned_awards is None else self.planned_awards - self.awards


def money_of(case: Case) -> Money:
    """Cap, envelope and reservation."""
    cycle = terms_of(case)
    envelope = db.session.get(Envelope, case.cycle_id)
    row = held(case)
    return Money(
        cap_krw=cycle.cap_krw,
        envelope_krw=envelope.amount_krw if envelope else None,
        committed_krw=envelope.committed_krw if envelope else 0,
        left_krw=envelope.amount_krw - envelope.committed_krw if envelope else 0,
        awards=envelope.awards if envelope else 0,
        planned_awards=envelope.planned_awards if envelope else None,
        allocation=row,
        samples=frozenset(cycle.settings.get("samples") or ()),
    )


def decisions_of(case: Case) -> list[Decision]:
    """Every decision on the case, the one in effect first."""
    query = sa.select(Decision).where(Decision.case_id == case.id).order_by(Decision.hearing.desc())
    return list(db.session.scalars(query))


def free_rank(case: Case) -> int:
    """The next reserve rank of the cycle that nobody has."""
    query = sa.select(sa.func.max(Case.reserve_rank)).where(Case.cycle_id == case.cycle_id, Case.state == "RESERVED")
    return (db.session.scalar(query) or 0) + 1


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A case of a round that waits for the announcement."""

    case: Case
    letter: Letter | None


def waiting_of(cycle: Cycle) -> list[DecidedCase]:
    """The decided cases of a cycle with their letters, by number."""
    query = (
        sa.select(Case, Letter)
        .outerjoin(Letter, sa.and_(Letter.case_id == Case.id, Letter.kind == kind_column()))
        .where(Case.cycle_id == cycle.id, Case.state == "DECIDED")
        .order_by(Case.number)
    )
    return [DecidedCase(case, letter) for case, letter in db.session.execute(query)]


def announcement_of(cycle: Cycle) -> Announcement | None:
    """The time set last for the cycle."""
    query = sa.select(Announcement).where(Announcement.cycle_id == cycle.id)
    return db.session.scalar(query.order_by(Announcement.id.desc()).limit(1))


__all__ = [
    "DecidedCase",
    "Decision",
    "Money",
    "announcement_of",
    "conditions_of",
    "decision_of",
    "decisions_of",
    "free_rank",
    "money_of",
    "resolution_of",
    "waiting_of",
]
