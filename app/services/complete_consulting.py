"""K13: complete the consulting: every item judged, feasibility report and task scope written."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.models import Case
from app.queries.consulting import consulting_of
from app.services.act import act_once


def complete_consulting(who: Viewer, number: str, *, revision: int | None = None, once: str | None = None) -> None:
    """Move the case from CONSULTING to CONSULTED."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        consulting = consulting_of(case)
        assert consulting is not None  # the state CONSULTING has one
        consulting.ended_at = now
        return []

    act_once(who, number, "complete_consulting", once=once, revision=revision, change=change)
