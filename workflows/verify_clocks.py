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
    doubled = {
        (transition.code, name)
        for (_, clocks, _), transition, _ in found.steps
        for name in transition.starts
        if transition.to and name in clocks and name not in transition.stops
    }
    for code, name in sorted(doubled):
        yield fault("starts_twice", code, name=name)


def _by_state(definition: Definition, found: Walk) -> Iterator[Fault]:
    by_act = {name for t in definition.transitions if not t.to for name in (*t.starts, *t.stops)}
    for state, ways in found.running.items():
        sometimes = frozenset().union(*ways) - frozenset.intersection(*ways) - by_act
        for name in sorted(sometimes):
            yield fault("clock_by_way", state, name=name)
        if definition.states[state].final:
            for name in sorted(frozenset().union(*ways)):
                if not definition.clocks[name].outlasts:
                    yield fault("clock_after_end", state, name=name)


def _pauses(definition: Definition, found: Walk) -> Iterator[Fault]:
    idle = set()
    for (_, clocks, paused), transition, _ in found.steps:
        if transition.pauses and transition.resumes:
            idle.add(("pause_and_resume", transition.code))
        elif transition.pauses and (paused or not clocks):
            idle.add(("pause_idle", transition.code))
        elif transition.resumes and not paused:
            idle.add(("resume_idle", transition.code))
    yield from (fault(code, where) for code, where in sorted(idle))
    for name, ways in found.paused.items():
        if definition.states[name].final:
            continue
        if len(ways) > 1:
            yield fault("pause_by_way", name)
        elif True in ways and not any(transition.resumes for transition in definition.leaving(name)):
            yield fault("never_resumed", name)
