"""K11 and K14: not taken up, or ended. A decline needs two officers: one proposes, another confirms."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.models import Case
from app.queries.cases import case_for
from app.queries.consulting import consulting_of
from app.services.act import act_once


def propose_decline(
    who: Viewer, number: str, reason: str, *, revision: int | None = None, once: str | None = None
) -> None:
    """Propose not to take the proposal up for consulting; the applicant learns nothing of it yet."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        case.decline_proposed_by, case.decline_reason = who.id, reason
        return []

    act_once(
        who,
        number,
        "propose_decline",
        once=once,
        revision=revision,
        inputs={"in_reason": reason},
        data={"reason": reason},
        change=change,
    )


def confirm_decline(who: Viewer, number: str, *, revision: int | None = None, once: str | None = None) -> None:
    """Confirm what another officer proposed; the reasons he gave reach the applicant."""
    reason = case_for(who, number).decline_reason or ""
    act_once(who, number, "confirm_decline", once=once, revision=revision, data={"reason": reason})


def end_consulting(
    who: Viewer, number: str, reason: str, *, revision: int | None = None, once: str | None = None
) -> None:
    """End a consulting that cannot lead to a feasible project or was given up."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        consulting = consulting_of(case)
        if consulting is not None:
            consulting.ended_at = now
        return []

    act_once(
        who,
        number,
        "end_consulting",
        once=once,
        revision=revision,
        inputs={"in_reason": reason},
        data={"reason": reason},
        change=change,
    )
