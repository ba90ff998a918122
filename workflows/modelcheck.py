"""Whether the conditions of a definition can be met, asked of the real guards. Never judges one real case.

Every condition is tried with every value that facts.py says the world can give it. Two things are looked
for: an arrow that can never be used, and a state from which no decision can be reached once the ways out
(withdraw, return, lapse) are taken away, under each assumption the definition makes about the world.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from workflows.bad_input import BadInput
from workflows.engine import Actor
from workflows.facts import FACTS
from workflows.fault import Fault, fault
from workflows.guards import GUARDS
from workflows.schema import Definition, GuardUse, Transition
from workflows.verdict import NATIONAL_COMMITTEE, Counts, decide
from workflows.verify import ASSUMABLE, reached

Samples = Mapping[str, tuple[Any, ...]]
Assumption = dict[str, Any]

SOMEBODY = Actor(1, frozenset())
"""Who acts while a condition is tried; facts that name a person have samples with and without this one."""


def check(definition: Definition) -> list[Fault]:
    """Every fault that shows only when conditions are tried, in a definition that `verify` lets pass."""
    worlds, impossible = [], []
    for assumption in assumptions(definition):
        try:
            worlds.append((assumption, samples(assumption)))
        except BadInput:
            impossible.append(fault("assumption_impossible", "assume", assumed=_said(assumption)))
    if impossible:
        return impossible
    faults = [*_limits(definition), *_never(definition, [world for _, world in worlds])]
    for assumption, world in worlds:
        faults += [found for found in _starved(definition, assumption, world) if found not in faults]
    return faults


def assumptions(definition: Definition) -> list[Assumption]:
    """Every combination of the values the definition assumes; one empty combination if it assumes nothing."""
    return [dict(zip(definition.assume, values, strict=True)) for values in product(*definition.assume.values())]


def samples(assumption: Assumption) -> Samples:
    """The values each fact can take while `assumption` holds.

    Raises:
        BadInput: more people are recused than there are seats, or the like.
    """
    fixed = {name: (value,) for name, value in assumption.items() if name not in ASSUMABLE}
    return {**FACTS, **_committee(assumption), **fixed}


def _committee(assumption: Assumption) -> Samples:
    """What seats and recusals leave of the facts of a sitting, by the law of verdict.py."""
    if "seats" not in assumption:
        return {}
    seats, recused = assumption["seats"], assumption.get("recused", 0)
    counted = assumption.get("recused_count_for_quorum", NATIONAL_COMMITTEE.recused_count_for_quorum)
    everyone = Counts(seats, seats, recused, yes=0, no=0, abstain=0, not_voting=0)
    needed = decide(everyone).quorum_needed
    most = everyone.present if counted else everyone.may_vote
    return {
        "quorum_needed": (needed,),
        "quorum_present": tuple(sorted({0, min(needed, most), most})),
        "ballots_cast": tuple(sorted({0, everyone.may_vote})),
    }


def refusing(guards: tuple[GuardUse, ...], world: Samples) -> tuple[str, ...] | None:
    """The guards that can never be met together in `world`; None if all can.

    Guards that share no fact are tried apart: that is quicker, and names only those that are at odds.
    """
    for group in _groups(guards):
        if not any(_met(group, facts) for facts in _worlds(group, world)):
            return tuple(use.name for use in group)
    return None


def _groups(guards: tuple[GuardUse, ...]) -> list[list[GuardUse]]:
    groups: list[list[GuardUse]] = []
    for use in guards:
        joined = [group for group in groups if _reads(group) & set(GUARDS[use.name].reads)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(one for group in joined for one in group), use])
    return groups


def _reads(guards: list[GuardUse]) -> set[str]:
    return {name for use in guards for name in GUARDS[use.name].reads}


def _worlds(guards: list[GuardUse], world: Samples) -> Iterator[dict[str, Any]]:
    names = sorted(_reads(guards))
    for values in product(*(world[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def _met(guards: list[GuardUse], facts: Mapping[str, Any]) -> bool:
    return all(GUARDS[use.name].check(facts, SOMEBODY, **use.params) is None for use in guards)


def _never(definition: Definition, worlds: list[Samples]) -> Iterator[Fault]:
    """Transitions and acts that nobody can ever use, whatever the facts."""
    for transition in definition.transitions:
        refused = [refusing(transition.guards, world) for world in worlds]
        if all(refused):
            yield fault("never_met", transition.code, guards=", ".join(refused[0] or ()))


def _limits(definition: Definition) -> Iterator[Fault]:
    """A limit that no sample stands on either side of is a limit that nothing proves, and likely a slip."""
    for transition in definition.transitions:
        for use in transition.guards:
            for name, value in use.params.items():
                here = _answers(use, use.params)
                beside = [_answers(use, {**use.params, name: value + step}) for step in (-1, 1)]
                if here in beside:
                    yield fault("limit_untried", transition.code, guard=use.name, value=value)


def _answers(use: GuardUse, params: Mapping[str, int]) -> list[bool]:
    tried = GuardUse(name=use.name, params=dict(params))
    return [_met([tried], facts) for facts in _worlds([tried], FACTS)]


def _starved(definition: Definition, assumption: Assumption, world: Samples) -> Iterator[Fault]:
    """States from which no decision can be reached, each at the arrow where the way is blocked."""
    blocked = {t.code: refusing(t.guards, world) for t in _ways(definition)}
    passable = {code for code, guards in blocked.items() if guards is None}
    hopeful = _hopeful(definition, passable)
    drawn = _hopeful(definition, set(blocked))
    for name in reached(definition, definition.initial):
        if name not in drawn and not definition.states[name].final:
            yield fault("no_decision", name)
        for transition in definition.leaving(name) if name not in hopeful else ():
            guards = blocked.get(transition.code)
            if guards and transition.to in hopeful:
                said, names = _said(assumption), ", ".join(guards)
                yield fault("starved", name, assumed=said, name=transition.trigger, guards=names)


def _ways(definition: Definition) -> list[Transition]:
    """The arrows people can take that are no way out."""
    by_hand = [transition for transition in definition.transitions if set(transition.who) != {"system"}]
    return [transition for transition in by_hand if transition.to and not transition.escape]


def _hopeful(definition: Definition, codes: set[str]) -> set[str]:
    """The states from which a decision can be reached over the transitions in `codes`."""

    def allow(transition: Transition) -> bool:
        return transition.code in codes

    decided = {name for name, state in definition.states.items() if state.decided}
    return {name for name in definition.states if decided & set(reached(definition, name, allow))}


def _said(assumption: Assumption) -> str:
    return ", ".join(f"{name} = {value}" for name, value in assumption.items()) or "-"
