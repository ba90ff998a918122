"""The Minister's decision: a record of its own beside the committee's resolution, and the money with it.

Decision, envelope, allocation and case change together or not at all. Lock order: case, then envelope.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app import clock, money
from app.authz import Viewer
from app.base import Sealed
from app.errors import NotFound
from app.extensions import db
from app.models import Case, Decision, Resolution
from app.queries.sittings import resolution_of
from app.queries.terms import terms_of
from app.services.act import act_once


def approve(
    who: Viewer,
    number: str,
    amount_krw: int,
    reason: str = "",
    revision: int | None = None,
    once: str = "",
    from_reserve: bool = False,
) -> Case:
    """Approve with `amount_krw`. A departure from the resolution needs its reason; `from_reserve` takes the
    next one of the reserve list.

    Raises as `act`; Refused says by how much the cap or the envelope is exceeded.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        cap = terms_of(case).cap_krw
        decision = _record(who, case, "approve", amount_krw, reason, now)
        freed = freed_by(case, now)
        allocation = money.reserve(case, amount_krw, cap, now)
        case.outcome, case.awarded_krw, case.decided_on = "approve", amount_krw, decision.decided_on
        case.reserve_rank = None
        return [decision, *freed, allocation]

    return act_once(
        who,
        number,
        "approve_reserved" if from_reserve else "approve",
        once,
        inputs={"in_outcome": "approve", "in_amount_krw": amount_krw, "in_reason": reason},
        revision=revision,
        data=_told("approve", amount_krw, reason),
        change=change,
    )


def reject(who: Viewer, number: str, reason: str, revision: int | None = None, once: str = "") -> Case:
    """Reject, with the reason. Raises as `act`."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        decision = _record(who, case, "reject", None, reason, now)
        freed = freed_by(case, now)
        case.outcome, case.decided_on, case.awarded_krw = "reject", decision.decided_on, None
        return [decision, *freed]

    return act_once(
        who,
        number,
        "reject",
        once,
        inputs={"in_outcome": "reject", "in_reason": reason},
        revision=revision,
        data=_told("reject", None, reason),
        change=change,
    )


def _record(who: Viewer, case: Case, outcome: str, amount: int | None, reason: str, now: datetime) -> Decision:
    resolution = resolution_of(case)
    if resolution is None:
        raise NotFound
    row = Decision(
        case_id=case.id,
        hearing=case.hearing,
        resolution_id=resolution.id,
        outcome=outcome,
        amount_krw=amount,
        reason=reason.strip(),
        departs=departs(resolution, outcome, amount),
        decided_on=clock.day_of(now),
        decided_at=now,
        decided_by=who.id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def freed_by(case: Case, now: datetime) -> list[Sealed]:
    """What an earlier hearing reserved is given back, because another decision takes its place."""
    row = money.release(case, now) if case.hearing > 1 else None
    return [row] if row is not None else []


def departs(resolution: Resolution, outcome: str, amount: int | None) -> bool:
    """Whether a decision differs from what the committee resolved, in outcome or amount."""
    resolved = "approve" if resolution.outcome == "approve_with_conditions" else resolution.outcome
    if resolved == "reserve" and outcome == "approve":
        return False
    return resolved != outcome or (outcome == "approve" and resolution.amount_krw != amount)


def _told(outcome: str, amount: int | None, reason: str) -> Mapping[str, Any]:
    return {"outcome": outcome, "amount_krw": amount, "reason": reason.strip()}
