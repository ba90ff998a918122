"""What may be done now, and doing it. The only importer of `transitions`; never writes, never reads time.

`offers` says what this person may do in this state, and for what not: why. `fire` carries one trigger out
on paper and returns an Outcome, or raises Refused with its reason. The service stores what comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from transitions import EventData, Machine

from workflows import guards
from workflows.schema import Definition, Transition
from workflows.text import Reason, Text, because

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the account and the roles it has *on this case*."""

    id: int | None
    roles: frozenset[str]


class Refused(Exception):
    """A guard, a role or the state says no; carries the reason that is shown."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that could be done from here."""

    transition: Transition
    reason: Reason | None
    mine: bool

    @property
    def trigger(self) -> str:
        """The trigger's stable name."""
        return self.transition.trigger

    @property
    def label(self) -> Text:
        """What the button says."""
        return self.transition.label.text

    @property
    def allowed(self) -> bool:
        """Whether nothing stands in the way."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a trigger: to be stored as one event by `record`."""

    transition: Transition
    from_state: str
    to_state: str
    facts: dict[str, Any]


class Seen(Mapping[str, Any]):
    """Facts that remember which of them were looked at, so that an event holds what its guards saw."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.used: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        self.used[key] = self._facts[key]
        return self.used[key]

    def __iter__(self) -> Any:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


@dataclass(slots=True)
class _Token:
    """The thing the machine moves. Made for one call and thrown away: rows never enter the machine."""

    state: str
    facts: Seen
    actor: Actor
    transition: Transition


@cache
def machine(definition: Definition) -> Machine:
    """The one shared machine of a definition version (no model, no auto transitions, no queue)."""
    built = Machine(
        model=None,
        states=list(definition.states),
        initial=definition.initial,
        auto_transitions=False,
        queued=False,
        send_event=True,
    )
    for transition in definition.transitions:
        built.add_transition(transition.trigger, list(transition.sources), transition.to, conditions=[_allowed])
    return built


def _allowed(event: EventData) -> bool:
    """The one condition on every arrow: role first, then each guard; says no by raising its reason."""
    token = cast(_Token, event.model)
    reason = refusal(token.transition, token.facts, token.actor)
    if reason is not None:
        raise Refused(reason)
    return True


def refusal(transition: Transition, facts: Facts, actor: Actor, asking: bool = False) -> Reason | None:
    """Why `actor` may not, or None. While only `asking`, guards on what is still to be typed are left out."""
    if not actor.roles & set(transition.who):
        return because("not_your_role", "이 업무를 처리할 권한이 없습니다.", "This is not yours to do.")
    for use in transition.guards:
        rule = guards.GUARDS[use.name]
        if asking and rule.on_input:
            continue
        reason = rule.check(facts, actor, **use.params)
        if reason is not None:
            return reason
    return None


def offers(definition: Definition, state: str, facts: Facts, actor: Actor) -> list[Offer]:
    """Everything that leaves `state`: what this actor may do, what not and why, and what is for others."""
    out = []
    for transition in definition.leaving(state):
        mine = bool(actor.roles & set(transition.who))
        out.append(Offer(transition, refusal(transition, facts, actor, asking=True), mine))
    return out


def fire(definition: Definition, state: str, trigger: str, facts: Facts, actor: Actor) -> Outcome:
    """Carry `trigger` out from `state`.

    Raises:
        Refused: not from this state, not by this actor, or a guard says no.
    """
    transition = definition.find(state, trigger)
    if transition is None:
        label = definition.states[state].label
        raise Refused(
            because(
                "not_from_this_state",
                f"‘{label.ko}’ 단계에서는 처리할 수 없습니다.",
                f"This cannot be done while the case is “{label.en}”.",
            )
        )
    token = _Token(state, Seen(facts), actor, transition)
    machine(definition).events[trigger].trigger(token)
    return Outcome(transition, state, token.state, token.facts.used)
