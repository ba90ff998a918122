"""K10: begin the consulting, with its goals on the record. The consultant must have declared no conflict."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.models import Case
from app.queries.consulting import consulting_of
from app.services.act import act_once


def begin_consulting(
    who: Viewer, number: str, goals: str, *, revision: int | None = None, once: str | None = None
) -> None:
    """Move the case from ELIGIBLE to CONSULTING; the consulting clock starts."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        consulting = consulting_of(case)
        assert consulting is not None  # the guards saw a consultant
        consulting.goals, consulting.started_at = goals, now
        return []

    act_once(
        who,
        number,
        "begin_consulting",
        once=once,
        revision=revision,
        inputs={"in_goals": goals},
        data={"goals": goals},
        change=change,
    )
