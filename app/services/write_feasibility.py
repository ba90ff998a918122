"""K13a: feasibility report and task scope. May be rewritten while consulting runs; events keep every text."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.models import Case
from app.queries.consulting import consulting_of
from app.services.act import act_once


def write_feasibility(
    who: Viewer,
    number: str,
    feasibility: str,
    task_scope: str,
    *,
    revision: int | None = None,
    once: str | None = None,
) -> None:
    """Store both texts; either may still be empty, then consulting cannot be completed yet."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        consulting = consulting_of(case)
        assert consulting is not None  # the state CONSULTING has one
        consulting.feasibility, consulting.task_scope = feasibility, task_scope
        return []

    data = {"feasibility": feasibility, "task_scope": task_scope}
    act_once(who, number, "write_feasibility", once=once, revision=revision, data=data, change=change)
