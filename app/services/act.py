"""The one way a case is changed: load, authorise, see that the page was fresh, fire, record."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import clock, log
from app.authz import Viewer, standing_on
from app.base import Sealed, canonical
from app.db import unit_of_work
from app.errors import NotFound, Stale
from app.extensions import db
from app.models import Case
from app.queries.cases import case_for
from app.queries.facts import CaseFacts
from app.queries.proposal import Draft
from app.services.once import earlier_result, take
from app.services.record import record
from workflows import engine, schema
from workflows.engine import Refused
from workflows.text import because

Change = Callable[[Case, datetime], list[Sealed] | None]
DECLARE_FIRST = because("declare_first", "이해관계를 먼저 신고해 주십시오.", "Declare your interests first.")
"""Who advises does nothing on a case before he has declared, nor while he is asked anew (이해충돌방지법 제5조).
Evaluators and members are kept by the guards of their own acts."""
SYSTEM = Viewer(id=0, email="", name_ko="시스템", name_en="The system", locale="ko", session_id=0, token="")
"""What the worker is to the facts; it holds no grant and reads no page."""


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
    due_on: date | None = None,
) -> Case:
    """`act` inside a unit of work that is already open (several cases at once, the demo, the worker).

    `due_on`: the date that the act sets for the clock it starts; None leaves it to the rule.
    """
    return act_on(who, case_for(who, number, lock=True), trigger, inputs, revision, data, change, due_on)


def act_on(
    who: Viewer,
    case: Case,
    trigger: str,
    inputs: Mapping[str, Any] | None = None,
    revision: int | None = None,
    data: Mapping[str, Any] | None = None,
    change: Change | None = None,
    due_on: date | None = None,
    draft: Draft | None = None,
) -> Case:
    """`act_within` on a case that `case_for` has given and locked in this unit of work.

    `draft`: the sections and attachments, where they have been read since.
    """
    standing = standing_on(who, case)
    if revision is not None and revision != case.seq:
        raise Stale
    definition = schema.load(case.definition_id, case.definition_version)
    if definition.find(case.state, trigger) is None and not standing.roles:
        raise NotFound
    if standing.undeclared == "consultant" and not standing.papers and trigger != "declare_consulting":
        raise Refused(DECLARE_FIRST)
    facts = CaseFacts(case, who, inputs, draft)
    outcome = engine.fire(definition, case.state, trigger, facts, standing.actor(who))
    return _carry_out(case, outcome, definition, who, standing.roles, data, change, due_on)


def act_once(
    who: Viewer,
    number: str,
    trigger: str,
    once: str | None = None,
    *,
    inputs: Mapping[str, Any] | None = None,
    revision: int | None = None,
    data: Mapping[str, Any] | None = None,
    change: Change | None = None,
    due_on: date | None = None,
    after: Callable[[Case], None] | None = None,
) -> Case:
    """`act` for a form that may be sent twice: the second time nothing is done and the case comes back as it is.

    `once`: the key the form carried; None or empty where there is no form. It is taken first, so that of two at one
    moment the second waits, finds it taken and undoes nothing but itself. `after` runs in the same transaction, once
    the event is recorded.

    Raises:
        NotFound, Stale, Refused: as `act`.
        Invalid: the key came before with another content.
    """
    body = canonical({"number": number, "trigger": trigger, "inputs": inputs, "data": data})
    try:
        with unit_of_work():
            if once:
                take(who, once, body, number)
            case = act_within(who, number, trigger, inputs, revision, data, change, due_on)
            if after is not None:
                after(case)
            return case
    except IntegrityError:
        if not once or earlier_result(who, once, body) is None:
            raise
        return db.session.scalars(sa.select(Case).where(Case.number == number)).one()


def act_as_system(
    number: str,
    trigger: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    change: Change | None = None,
) -> Case:
    """Fire what the definition lets the system do (announce at the set time). Call inside a unit of work.

    Raises:
        Refused: the state or a guard says no, or the system has no part in it.
    """
    query = sa.select(Case).where(Case.number == number).with_for_update(of=Case)
    case = db.session.scalars(query.execution_options(populate_existing=True)).one()
    definition = schema.load(case.definition_id, case.definition_version)
    roles = frozenset({"system"})
    facts = CaseFacts(case, SYSTEM, inputs)
    outcome = engine.fire(definition, case.state, trigger, facts, engine.Actor(None, roles))
    return _carry_out(case, outcome, definition, None, roles, data, change)


def _carry_out(
    case: Case,
    outcome: engine.Outcome,
    definition: schema.Definition,
    who: Viewer | None,
    roles: frozenset[str],
    data: Mapping[str, Any] | None,
    change: Change | None,
    due_on: date | None = None,
) -> Case:
    """The rows of the act, then the event that vouches for them."""
    now = clock.now()
    seals = (change(case, now) if change else None) or []
    record(case, outcome, definition, who, roles, now, data or {}, seals, due_on)
    log.note("transition", case=case.number, trigger=outcome.transition.trigger, to=case.state, seq=case.seq)
    return case
