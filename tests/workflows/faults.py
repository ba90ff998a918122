"""Slips of the pen in a definition, made one at a time and everywhere they can be made."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Seeded = tuple[str, str, dict[str, Any]]
"""The kind of slip, where it was made, and the definition with it."""


def seeded(data: dict[str, Any]) -> Iterator[Seeded]:
    """Every slip in the plain data of a definition (which is left as it is)."""
    for kind, where, path, value in _slips(data):
        copy = deepcopy(data)
        home = copy
        for step in path[:-1]:
            home = home[step]
        if value is DROP:
            del home[path[-1]]
        else:
            home[path[-1]] = value
        yield kind, where, copy


DROP = object()
Slip = tuple[str, str, tuple[Any, ...], Any]


def _slips(data: dict[str, Any]) -> Iterator[Slip]:
    yield from _state_slips(data)
    for index, transition in enumerate(data["transitions"]):
        yield from _transition_slips(data, transition, ("transitions", index))
    yield from _clock_slips(data)
    yield "start elsewhere", data["initial"], ("initial",), "SCREENING"
    for role in data["roles"]:
        yield "drop a role", role, ("roles", role), DROP
    for index, phase in enumerate(data["phases"]):
        yield "drop a phase", phase["key"], ("phases", index), DROP


def _state_slips(data: dict[str, Any]) -> Iterator[Slip]:
    for name, state in data["states"].items():
        path = ("states", name)
        yield "drop a state", name, path, DROP
        yield (
            "swap the languages",
            name,
            (*path, "label"),
            {"ko": state["label"]["en"], "en": state["label"]["ko"]},
        )
        yield "end or not", name, (*path, "final"), not state.get("final", False)
        if not state.get("final"):
            yield "nobody's turn", name, (*path, "turn"), None
        if state.get("veil"):
            yield "lift the veil", name, (*path, "veil"), None


def _transition_slips(data: dict[str, Any], transition: dict[str, Any], path: tuple[Any, ...]) -> Iterator[Slip]:
    code, names = transition["code"], list(data["states"])
    yield "drop a transition", code, path, DROP
    yield "misspell a role", code, (*path, "who", 0), transition["who"][0] + "s"
    yield "blank the source", code, (*path, "source"), " "
    if "to" in transition:
        follower = names[(names.index(transition["to"]) + 1) % len(names)]
        yield "aim one further", code, (*path, "to"), follower
        yield "aim back at the start", code, (*path, "to"), data["initial"]
        yield "aim at itself", code, (*path, "to"), transition["from"][0]
        yield "way out or not", code, (*path, "escape"), not transition.get("escape", False)
    for index, use in enumerate(transition.get("guards", [])):
        name = use if isinstance(use, str) else next(iter(use))
        yield "misspell a guard", f"{code} {name}", (*path, "guards", index), name + "e"
        if isinstance(use, dict):
            ((key, value),) = use[name].items()
            for kind, wrong in (
                ("raise a limit", value * 10),
                ("zero a limit", 0),
                ("limit off by one", value + 1),
            ):
                yield kind, f"{code} {name}", (*path, "guards", index), {name: {key: wrong}}
            yield "forget a limit", f"{code} {name}", (*path, "guards", index), name
    for key in ("starts", "stops"):
        for index, clock in enumerate(transition.get(key, [])):
            yield f"{key} one clock less", f"{code} {clock}", (*path, key, index), DROP
            other = next(c for c in data["clocks"] if c not in transition[key])
            yield f"{key} the wrong clock", f"{code} {clock}", (*path, key, index), other
    for key in ("pauses", "resumes"):
        if transition.get(key):
            yield f"{key} no more", code, (*path, key), False


def _clock_slips(data: dict[str, Any]) -> Iterator[Slip]:
    for name, clock in data["clocks"].items():
        yield "drop a clock", name, ("clocks", name), DROP
        yield "misspell a holder", name, ("clocks", name, "holder"), clock["holder"] + "s"
        wrong = "submit" if clock.get("trigger") != "submit" else "close"
        if not clock.get("outlasts"):
            yield "point a clock wrongly", name, ("clocks", name, "trigger"), wrong
        else:
            yield "end a clock with the case", name, ("clocks", name, "outlasts"), False
