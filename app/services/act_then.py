"""`act` behind the form's once-key: a repeated POST changes nothing and leads where the first one led."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.authz import Viewer
from app.base import canonical
from app.db import unit_of_work
from app.errors import Known
from app.models import Case
from app.services.act import Change, act_within
from app.services.once import earlier_result, remember
from workflows.engine import Refused


def act_then(
    who: Viewer,
    number: str,
    trigger: str,
    *,
    once: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    revision: int | None = None,
    data: Mapping[str, Any] | None = None,
    change: Change | None = None,
    after: Callable[[Case], None] | None = None,
) -> None:
    """`act`, done once for each `once` key. `after` runs in the same transaction, once the event is recorded.

    Two equal POSTs at one moment: the second waits for the case, then meets what the first has done (a refusal,
    or the key that is unique), is rolled back and counts as done. Rows are flushed where they are needed and not
    before each query, which saves statements.

    Raises:
        NotFound, Stale, Refused: as `act`.
        Invalid: the key came before with another content.
    """
    body = canonical({"number": number, "trigger": trigger, "inputs": inputs, "data": data})
    try:
        with unit_of_work() as session, session.no_autoflush:
            if once and earlier_result(who, once, body) is not None:
                return
            case = act_within(who, number, trigger, inputs, revision, data, change)
            if after is not None:
                after(case)
            if once:
                remember(who, once, body, case.number)
    except (Refused, Known, IntegrityError):
        if not once or earlier_result(who, once, body) is None:
            raise
