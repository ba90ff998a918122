"""`act` behind the form's once-key: a repeated POST changes nothing and leads where the first one led."""

from collections.abc import Callable, Mapping
from typing import Any

from app.authz import Viewer
from app.base import canonical
from app.db import unit_of_work
from app.errors import NotFound
from app.models import Case
from app.queries.cases import case_for
from app.services.act import Change, act_within
from app.services.once import earlier_result, remember


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

    The key is looked up under the case's lock, so that two equal POSTs at one moment are one act.

    Raises:
        NotFound, Stale, Refused: as `act`.
        Invalid: the key came before with another content.
    """
    body = canonical({"number": number, "trigger": trigger, "inputs": inputs, "data": data})
    with unit_of_work():
        if once and _done(who, number, once, body):
            return
        case = act_within(who, number, trigger, inputs, revision, data, change)
        if after is not None:
            after(case)
        if once:
            remember(who, once, body, case.number)


def _done(who: Viewer, number: str, once: str, body: str) -> bool:
    """Whether this form was sent before; whoever closed the file to himself by it is not told 'not found'."""
    try:
        case_for(who, number, lock=True)
    except NotFound:
        if earlier_result(who, once, body) is None:
            raise
        return True
    return earlier_result(who, once, body) is not None
