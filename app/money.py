"""Money of a cycle: an award is taken from its envelope under lock, all of it or nothing.

The conditional UPDATE is the lock: of a hundred at once only as many pass as the envelope holds. The
constraints of the table say the same once more. What a reconsidered case holds is given back by a row of its own when
another decision takes the place of the first. Never decides who gets it.
"""

from datetime import datetime

import sqlalchemy as sa

from app.extensions import db
from app.models import Allocation, AllocationRelease, Case, Envelope
from workflows import guards
from workflows.engine import Actor, Refused
from workflows.text import because


def reserve(case: Case, amount_krw: int, cap_krw: int | None, now: datetime) -> Allocation:
    """Take `amount_krw` from the envelope of the cycle. The case is locked already, the envelope after it.

    Raises:
        Refused: over_envelope (by how much), or no_award_left.
    """
    taken = db.session.execute(
        sa.update(Envelope)
        .where(
            Envelope.cycle_id == case.cycle_id,
            Envelope.committed_krw + amount_krw <= Envelope.amount_krw,
            sa.or_(Envelope.planned_awards.is_(None), Envelope.awards < Envelope.planned_awards),
        )
        .values(committed_krw=Envelope.committed_krw + amount_krw, awards=Envelope.awards + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise _refusal(case, amount_krw)
    row = Allocation(
        case_id=case.id,
        hearing=case.hearing,
        cycle_id=case.cycle_id,
        amount_krw=amount_krw,
        cap_krw=cap_krw,
        reserved_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def held(case: Case) -> Allocation | None:
    """What the case has reserved and not given back."""
    back = sa.exists().where(AllocationRelease.allocation_id == Allocation.id)
    query = sa.select(Allocation).where(Allocation.case_id == case.id, ~back)
    return db.session.scalar(query.order_by(Allocation.id.desc()).limit(1))


def release(case: Case, now: datetime) -> AllocationRelease | None:
    """Give what the case holds back to its envelope, all of it; None where it holds nothing.

    The case is locked already, the envelope after it: until the transaction ends nobody else can take the money.
    """
    found = held(case)
    if found is None:
        return None
    db.session.execute(
        sa.update(Envelope)
        .where(Envelope.cycle_id == found.cycle_id)
        .values(committed_krw=Envelope.committed_krw - found.amount_krw, awards=Envelope.awards - 1)
        .execution_options(synchronize_session=False)
    )
    row = AllocationRelease(
        case_id=case.id,
        allocation_id=found.id,
        cycle_id=found.cycle_id,
        amount_krw=found.amount_krw,
        released_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _refusal(case: Case, amount_krw: int) -> Refused:
    """Why the envelope did not hold it, by what it holds now."""
    envelope = db.session.get(Envelope, case.cycle_id, populate_existing=True)
    left = envelope.amount_krw - envelope.committed_krw if envelope else 0
    nobody = Actor(None, frozenset())
    reason = guards.amount_within_envelope({"in_amount_krw": amount_krw, "envelope_left_krw": left}, nobody)
    if reason is None:
        reason = because("no_award_left", "선정 예정 건수를 모두 채웠습니다.", "All planned awards are taken.")
    return Refused(reason)
