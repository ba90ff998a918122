"""One function a rule: (facts, actor, parameters) -> None, or the Reason shown to the person who is refused.

Never reads a clock, a row or a request: all it knows is in `facts`. `reads` names the facts; `FACTS` in
facts.py says what each one means and which values the world can give it (the model check tries them).
A guard with `on_input` judges what was typed and is left out while a page only asks what could be done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from workflows.text import Reason

Facts = Mapping[str, Any]


class Actor(Protocol):
    """What a guard may know of the person."""

    @property
    def id(self) -> int | None:
        """The account."""


Check = Callable[..., Reason | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A registered rule."""

    check: Check
    reads: tuple[str, ...]
    on_input: bool
    needs: tuple[str, ...] = ()
    """Triggers without which the rule is a dead end: the acts that meet it, and the way out when it fails."""


GUARDS: dict[str, Guard] = {}


def guard(*reads: str, on_input: bool = False, needs: tuple[str, ...] = ()) -> Callable[[Check], Check]:
    """Register a rule under its function's name, with the facts it reads."""

    def register(check: Check) -> Check:
        GUARDS[check.__name__] = Guard(check, reads, on_input, needs)
        return check

    return register
