"""What is checked of the clocks of a definition: started, stopped, paused and resumed to an effect.

Which clocks run in a state must not depend on the way that led there, so that a page, a letter and the
reader of the definition all know them from the state alone. Never counts a day.
"""

from collections.abc import Iterator

from workflows.clockwalk import Walk, walk
from workflows.fault import Fault, fault
from workflows.schema import Definition


def clock_faults(definition: Definition) -> list[Fault]:
    """Every fault in how the clocks are started, stopped, paused and used."""
    found = walk(definition)
    return [
        *_clocks(definition, found),
        *_starts_and_stops(definition, found),
        *_by_state(definition, found),
        *_pauses(definition, found),
    ]


def _clocks(definition: Definition, found: Walk) -> Iterator[Fault]:
    started = {name for transition in definition.transitions for name in transition.starts}
    stopped = {name for transition in definition.transitions for name in transition.stops}
    for name, clock in definition.clocks.items():
        if name not in started:
            yield fault("never_started", name)
        if name not in stopped:
            yield fault("never_stopped", name)
        if clock.outlasts and clock.trigger:
            yield fault("outlasts_and_acts", name)
        for state in sorted(found.states_with(name)):
            if clock.trigger and definition.find(state, clock.trigger) is None:
                yield fault("clock_cannot_act", name, state=state, name=clock.trigger)


def _starts_and_stops(definition: Definition, found: Walk) -> Iterator[Fault]:
    for transition in definition.transitions:
        for name in transition.stops:
            if not found.states_with(name) & set(transition.sources):
                yield fault("stops_nothing", transition.code, name=name)
        for name in transition.starts:
            again = found.states_with(name) & set(transition.sources)
            if again and transition.to and name not in transition.stops:
                yield fault("starts_twice", transition.code, name=name)


def _by_state(definition: Definition, found: Walk) -> Iterator[Fault]:
    by_act = {name for t in definition.transitions if not t.to for name in (*t.starts, *t.stops)}
    for name, ways in found.running.items():
        for state, runs in ways.items():
            if len(runs) > 1 and name not in by_act:
                yield fault("clock_by_way", state, name=name)
            if True in runs and definition.states[state].final and not definition.clocks[name].outlasts:
                yield fault("clock_after_end", state, name=name)


def _pauses(definition: Definition, found: Walk) -> Iterator[Fault]:
    for transition in definition.transitions:
        sources = [state for state in transition.sources if state in found.paused]
        if transition.pauses and transition.resumes:
            yield fault("pause_and_resume", transition.code)
        elif transition.pauses and any(_nothing_to_pause(found, state) for state in sources):
            yield fault("pause_idle", transition.code)
        elif transition.resumes and any(False in found.paused[state] for state in sources):
            yield fault("resume_idle", transition.code)
    for name, ways in found.paused.items():
        if definition.states[name].final:
            continue
        if len(ways) > 1:
            yield fault("pause_by_way", name)
        elif True in ways and not any(transition.resumes for transition in definition.leaving(name)):
            yield fault("never_resumed", name)


def _nothing_to_pause(found: Walk, state: str) -> bool:
    return True in found.paused[state] or not found.clocks_in(state)
