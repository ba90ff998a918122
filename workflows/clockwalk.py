"""Walks a definition as a case would and notes which clocks may run in which state. Never counts a day.

Each clock is walked alone: whether one runs does not hang on another, and all of them together would be
more situations than a faulty definition should be able to make us visit.
"""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.schema import Definition, Transition

Ways = dict[str, set[bool]]
"""state -> whether it is so there; both, if that depends on the way taken."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a case can come into; guards count as met."""

    running: dict[str, Ways]
    """clock -> the states that can be reached, and whether it runs in them."""
    paused: Ways
    """The states that can be reached, and whether the clocks stand still in them."""

    def states_with(self, clock: str) -> set[str]:
        """The states in which `clock` may run."""
        return {state for state, ways in self.running[clock].items() if True in ways}

    def clocks_in(self, state: str) -> set[str]:
        """The clocks that may run in `state`."""
        return {clock for clock, ways in self.running.items() if True in ways.get(state, ())}


def walk(definition: Definition) -> Walk:
    """Everything reachable from the initial state of a definition whose names are known."""
    running = {clock: _ways(definition, _runs_after(clock)) for clock in definition.clocks}
    return Walk(running, _ways(definition, _still_after))


def _runs_after(clock: str) -> Callable[[Transition, bool], bool]:
    def after(transition: Transition, before: bool) -> bool:
        return clock in transition.starts or (before and clock not in transition.stops)

    return after


def _still_after(transition: Transition, before: bool) -> bool:
    return (before or transition.pauses) and not transition.resumes


def _ways(definition: Definition, after: Callable[[Transition, bool], bool]) -> Ways:
    line = [(definition.initial, False)]
    seen = set(line)
    for state, before in line:
        for transition in definition.leaving(state):
            there = (transition.to or state, after(transition, before))
            if there not in seen:
                seen.add(there)
                line.append(there)
    ways: Ways = {}
    for state, so in seen:
        ways.setdefault(state, set()).add(so)
    return ways
