"""What is checked of a definition before it may load: its names, its graph, its words. Never tries a fact.

`verify` reads the definition alone; that its conditions can be met is asked by modelcheck.py, and the
clocks are checked in verify_clocks.py. Every fault says in words of the office what is wrong and where.
"""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from workflows.facts import FACTS
from workflows.fault import Fault, fault
from workflows.guards import GUARDS
from workflows.schema import Definition, GuardUse, Transition, Words
from workflows.verify_clocks import clock_faults

NOTIFIABLE = frozenset({"applicant", "officers", "consultant", "evaluators", "clerks", "members", "minister"})
"""The groups of people a transition may notify."""

ASSUMABLE = frozenset({"seats", "recused", "recused_count_for_quorum"})
"""What a definition may assume beside the facts themselves."""

HANGUL = re.compile("[가-힣]")
Item = TypeVar("Item", bound=Hashable)


def verify(definition: Definition) -> list[Fault]:
    """Every fault of the definition, in the order in which one would mend them; empty if it may load.

    Names come first: while a name is unknown, walking the graph would only repeat the same news.
    """
    named = [*_names(definition), *_guards(definition), *_doubles(definition), *_words(definition)]
    if named:
        return named
    return [*_graph(definition), *_turns(definition), *_outcomes(definition), *clock_faults(definition)]


# Names ----------------------------------------------------------------------------------------------------


def _names(definition: Definition) -> Iterator[Fault]:
    known: dict[str, Iterable[str]] = {
        "state": definition.states,
        "phase": [phase.key for phase in definition.phases],
        "role": definition.roles,
        "clock": definition.clocks,
        "group": NOTIFIABLE,
        "trigger": {transition.trigger for transition in definition.transitions},
        "fact": {*FACTS, *ASSUMABLE},
    }
    for kind, where, name in _uses(definition):
        if name is not None and name not in known[kind]:
            yield fault(f"unknown_{kind}", where, name=name)


def _uses(definition: Definition) -> Iterator[tuple[str, str, str | None]]:
    """Every use of a name: its kind, where it stands, and the name."""
    yield "state", "initial", definition.initial
    for where, state in definition.states.items():
        yield from (("phase", where, state.phase), ("role", where, state.turn), ("state", where, state.veil))
    for transition in definition.transitions:
        where = transition.code
        yield from (("state", where, name) for name in (*transition.sources, transition.to))
        yield from (("role", where, name) for name in transition.who)
        yield from (("clock", where, name) for name in (*transition.starts, *transition.stops))
        yield from (("group", where, name) for name in transition.notify)
    for where, clock in definition.clocks.items():
        yield from (("role", where, clock.holder), ("trigger", where, clock.trigger))
    yield from (("fact", "assume", name) for name in definition.assume)


def _guards(definition: Definition) -> Iterator[Fault]:
    for transition in definition.transitions:
        for use in transition.guards:
            yield from _guard(transition, use)


def _guard(transition: Transition, use: GuardUse) -> Iterator[Fault]:
    where, rule = transition.code, GUARDS.get(use.name)
    if rule is None:
        yield fault("unknown_guard", where, name=use.name)
        return
    wanted = set(list(inspect.signature(rule.check).parameters)[2:])
    for name in sorted(wanted - set(use.params)):
        yield fault("parameter_missing", where, guard=use.name, name=name)
    for name, value in sorted(use.params.items()):
        if name not in wanted:
            yield fault("parameter_unknown", where, guard=use.name, name=name)
        elif type(value) is not int:
            yield fault("parameter_not_whole", where, guard=use.name, name=name)
    for name in rule.reads:
        if name not in FACTS:
            yield fault("unknown_fact", where, name=name)


def _doubles(definition: Definition) -> Iterator[Fault]:
    transitions = definition.transitions
    for code in _twice(transition.code for transition in transitions):
        yield fault("code_twice", code)
    for key in _twice(phase.key for phase in definition.phases):
        yield fault("phase_twice", key)
    for state, trigger in _twice((state, t.trigger) for t in transitions for state in t.sources):
        yield fault("ambiguous", state, name=trigger)
    for code, guard in _twice((t.code, use.name) for t in transitions for use in t.guards):
        yield fault("guard_twice", code, name=guard)


def _twice(items: Iterable[Item]) -> list[Item]:
    return [item for item, count in Counter(items).items() if count > 1]


# Words ----------------------------------------------------------------------------------------------------


def _words(definition: Definition) -> Iterator[Fault]:
    for where, words in _labels(definition):
        if not HANGUL.search(words.ko) or HANGUL.search(words.en) or not words.en.strip():
            yield fault("label_language", where)
    sources = [(definition.id, definition.source), *((t.code, t.source) for t in definition.transitions)]
    sources += [(name, clock.article) for name, clock in definition.clocks.items()]
    for where, source in sources:
        if not source.strip():
            yield fault("no_source", where)


def _labels(definition: Definition) -> Iterator[tuple[str, Words]]:
    yield definition.id, definition.label
    yield from definition.roles.items()
    yield from ((phase.key, phase.label) for phase in definition.phases)
    for name, state in definition.states.items():
        yield from ((name, state.label), (name, state.next))
    yield from ((transition.code, transition.label) for transition in definition.transitions)
    for name, clock in definition.clocks.items():
        yield from ((name, clock.label), (name, clock.lapse))


# Graph ----------------------------------------------------------------------------------------------------


def any_way(_: Transition) -> bool:
    """Lets every transition through."""
    return True


def reached(definition: Definition, start: str, allow: Callable[[Transition], bool] = any_way) -> dict[str, int]:
    """The states that can be come to from `start`, with the fewest steps, over what `allow` lets through."""
    steps, line = {start: 0}, [start]
    for state in line:
        for transition in definition.leaving(state):
            if transition.to and transition.to not in steps and allow(transition):
                steps[transition.to] = steps[state] + 1
                line.append(transition.to)
    return steps


def _graph(definition: Definition) -> Iterator[Fault]:
    ahead = {name: reached(definition, name) for name in definition.states}
    busy = {role for transition in definition.transitions for role in transition.who}
    for name in definition.states:
        if name not in ahead[definition.initial]:
            yield fault("unreachable", name)
        if not any(definition.states[there].final for there in ahead[name]):
            yield fault("no_end", name)
    yield from (fault("idle_role", role) for role in definition.roles if role not in busy)
    lived = {state.phase for state in definition.states.values()}
    yield from (fault("empty_phase", phase.key) for phase in definition.phases if phase.key not in lived)
    for transition in definition.transitions:
        yield from _needs(definition, transition, ahead)


def _needs(definition: Definition, transition: Transition, ahead: dict[str, dict[str, int]]) -> Iterator[Fault]:
    """What a condition needs (the act that meets it, the way out when it fails) is there, here or earlier."""
    for use in transition.guards:
        for trigger in GUARDS[use.name].needs:
            homes = [state for t in definition.transitions if t.trigger == trigger for state in t.sources]
            if any(not any(state in ahead[home] for home in homes) for state in transition.sources):
                yield fault("need_missing", transition.code, guard=use.name, name=trigger)


def _turns(definition: Definition) -> Iterator[Fault]:
    """A state that waits has an owner who can move the case on, or do what a condition on its way needs."""
    serving = {need for t in definition.transitions for use in t.guards for need in GUARDS[use.name].needs}
    for name, state in definition.states.items():
        leaving = definition.leaving(name)
        if state.final:
            if leaving or state.turn:
                yield fault("end_goes_on", name)
        elif state.turn is None:
            yield fault("nobodys_turn", name)
        elif not any(_moves_on(t, state.turn, serving) for t in leaving):
            yield fault("owner_powerless", name, name=state.turn)


def _moves_on(transition: Transition, role: str, serving: set[str]) -> bool:
    moves = transition.to is not None or transition.trigger in serving
    return role in transition.who and moves and not transition.escape


# Outcomes -------------------------------------------------------------------------------------------------


def _outcomes(definition: Definition) -> Iterator[Fault]:
    """An end is a decision or marked as a way out; what is decided stays decided; nothing shows too early."""
    steps = reached(definition, definition.initial)
    masks = {state.veil for state in definition.states.values()} - {None}
    for transition in definition.transitions:
        if transition.to is None:
            if transition.escape:
                yield fault("act_escapes", transition.code)
            continue
        target = definition.states[transition.to]
        yield from _ending(transition, target.final, target.decided)
        for source in transition.sources:
            forward = steps.get(source, 0) < steps.get(transition.to, 0)
            if definition.states[source].decided and not target.decided and forward:
                yield fault("undecided", transition.code)
        if (transition.shown == "after") != (target.veil is not None or transition.to in masks):
            yield fault("outcome_shows", transition.code)
    for name, state in definition.states.items():
        if state.veil and definition.states[state.veil].veil:
            yield fault("veiled_veil", name)


def _ending(transition: Transition, final: bool, decided: bool) -> Iterator[Fault]:
    if not final:
        if transition.escape:
            yield fault("escape_goes_on", transition.code)
        return
    if transition.escape == decided:
        yield fault("end_unmarked", transition.code)
    if not transition.final_act:
        yield fault("end_unwarned", transition.code)
    if "applicant" not in transition.notify:
        yield fault("end_unserved", transition.code)
