"""Walks a definition as a case would and notes which clocks may run in which state. Never counts a day."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflows.schema import Definition, Transition

Situation = tuple[str, frozenset[str], bool]
"""State, clocks that run in it, whether those that ran before stand still."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a case can come into, and the steps between."""

    running: dict[str, set[frozenset[str]]] = field(default_factory=dict)
    """state -> the sets of clocks that may run in it, one for each way of coming there."""
    paused: dict[str, set[bool]] = field(default_factory=dict)
    """state -> whether clocks stand still in it; both, if that depends on the way."""
    steps: list[tuple[Situation, Transition, Situation]] = field(default_factory=list)

    def states_with(self, clock: str) -> set[str]:
        """The states in which `clock` may run."""
        return {state for state, ways in self.running.items() if any(clock in way for way in ways)}


def walk(definition: Definition) -> Walk:
    """Everything reachable from the initial state, guards counting as met; expects names that are known."""
    start: Situation = (definition.initial, frozenset(), False)
    found, seen, line = Walk(), {start}, [start]
    for here in line:
        found.running.setdefault(here[0], set()).add(here[1])
        found.paused.setdefault(here[0], set()).add(here[2])
        for transition, there in _next(definition, here):
            found.steps.append((here, transition, there))
            if there not in seen:
                seen.add(there)
                line.append(there)
    return found


def _next(definition: Definition, here: Situation) -> Iterator[tuple[Transition, Situation]]:
    state, clocks, paused = here
    for transition in definition.leaving(state):
        running = (clocks - set(transition.stops)) | set(transition.starts)
        still = (paused or transition.pauses) and not transition.resumes
        yield transition, (transition.to or state, running, still)
