"""K05a: ask for more time to answer a supplement request, twice at most (민원처리법 시행령 제24조)."""

from datetime import date, datetime

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.models import Case
from app.queries.applications import open_supplement, own_case
from app.services import clocks
from app.services.act import act_once


def ask_more_time(who: Viewer, number: str, reason: str, due_on: date, revision: int | None, once: str) -> None:
    """Move the date of the request to `due_on`, a day in Seoul that must lie after the date set so far.

    Raises:
        NotFound: not a case of this person's organisation.
        Stale: the case moved on in the meantime.
        Refused: no reason, both extensions used, a date that is not later, or a delegate asked.
    """
    asked = open_supplement(own_case(who, number))
    latest = max(asked.due_on, clock.today()) if asked else clock.today()

    def change(case: Case, now: datetime) -> list[Sealed]:
        found = open_supplement(case)
        assert found is not None
        found.extensions += 1
        found.due_on = due_on
        clocks.reset(case, "supplement", due_on)
        return []

    act_once(
        who,
        number,
        "ask_more_time",
        once=once,
        inputs={"in_reason": reason, "in_days_ahead": (due_on - latest).days},
        revision=revision,
        data={"reason": reason, "due_on": due_on.isoformat()},
        change=change,
    )
