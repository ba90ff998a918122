"""K12f: give the consulting more time, with the applicant's consent and as often as the cycle allows."""

from datetime import date, datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Case, CaseClock, Event
from app.queries.terms import terms_of
from app.services import clocks
from app.services.act import act_once
from workflows.engine import Refused
from workflows.text import because


def extend_consulting(
    who: Viewer,
    number: str,
    due_on: date,
    reason: str,
    consent: bool,
    *,
    revision: int | None = None,
    once: str | None = None,
) -> None:
    """Move the end of the consulting to `due_on`: later than now set, by no more than its first length.

    Raises:
        Refused: no reason, no consent, no extension left, or a date outside those bounds.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        _check(case, due_on)
        return []

    act_once(
        who,
        number,
        "extend_consulting",
        once=once,
        revision=revision,
        inputs={"in_reason": reason, "in_consent": consent},
        data={"due_on": due_on.isoformat(), "reason": reason},
        change=change,
        after=lambda case: clocks.reset(case, "consulting", due_on),
    )


def consulting_clock(case: Case) -> CaseClock | None:
    """The running consulting clock."""
    query = sa.select(CaseClock).where(
        CaseClock.case_id == case.id, CaseClock.key == "consulting", CaseClock.stopped_at.is_(None)
    )
    return db.session.scalar(query.limit(1))


def _check(case: Case, due_on: date) -> None:
    cycle = terms_of(case)
    most = int(cycle.settings.get("consulting_extensions", 1))
    used = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Event)
        .where(Event.case_id == case.id, Event.trigger == "extend_consulting")
    )
    if (used or 0) >= most:
        times = f"{most} time{'s' if most > 1 else ''}"
        raise Refused(
            because(
                "no_extension_left",
                f"컨설팅 기간은 {most}번까지 연장할 수 있습니다.",
                f"Consulting can be extended {times} at most.",
            )
        )
    running = consulting_clock(case)
    if running is not None and not 0 < (due_on - running.due_on).days <= running.days:
        raise Refused(
            because(
                "date_out_of_range",
                f"새 기한은 현재 기한 다음 날부터 {running.days}일 이내로 정해 주십시오.",
                f"The new date must lie 1 to {running.days} days after the present one.",
            )
        )
