"""The one way a case is changed: load, authorise, see that the page was fresh, fire, record."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app import clock, log
from app.authz import Viewer, standing_on
from app.base import Sealed
from app.db import unit_of_work
from app.errors import NotFound, Stale
from app.models import Case
from app.queries.cases import case_for
from app.queries.facts import CaseFacts
from app.services.record import record
from workflows import engine, schema

Change = Callable[[Case, datetime], list[Sealed] | None]


def act(
    who: Viewer,
    number: str,
    trigger: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    revision: int | None = None,
    data: Mapping[str, Any] | None = None,
    change: Change | None = None,
) -> Case:
    """Fire `trigger` on the case `number` as `who`, and store everything that follows from it together.

    `inputs`: what was typed, as the facts named `in_...` that guards judge. `data`: what the timeline tells.
    `revision`: the case's `seq` the page was made from; None for acts that may run beside each other (ballots,
    scores, messages). `change`: writes the rows of this act, after the guards have agreed; returns those to seal.

    Raises:
        NotFound: no such case, or this person may not know of it.
        Stale: the page was older than the case.
        Refused: a role, the state or a guard says no; carries the reason.
    """
    with unit_of_work():
        return act_within(who, number, trigger, inputs, revision, data, change)


def act_within(
    who: Viewer,
    number: str,
    trigger: str,
    inputs: Mapping[str, Any] | None = None,
    revision: int | None = None,
    data: Mapping[str, Any] | None = None,
    change: Change | None = None,
) -> Case:
    """`act` inside a unit of work that is already open (several cases at once, the demo, the worker)."""
    case = case_for(who, number, lock=True)
    standing = standing_on(who, case)
    if revision is not None and revision != case.seq:
        raise Stale
    definition = schema.load(case.definition_id, case.definition_version)
    if definition.find(case.state, trigger) is None and not standing.roles:
        raise NotFound
    facts = CaseFacts(case, who, inputs)
    outcome = engine.fire(definition, case.state, trigger, facts, standing.actor(who))
    now = clock.now()
    seals = (change(case, now) if change else None) or []
    record(case, outcome, definition, who, standing.roles, now, data or {}, seals)
    log.note("transition", case=case.number, trigger=trigger, to=case.state, seq=case.seq)
    return case
