"""Where a condition of an approval stands, from its steps in order. Pure: reads no row and no clock.

OPEN until proof comes; EVIDENCED until an officer has looked; then ACCEPTED, or sent back (OPEN again), or BREACHED.
CARRIED: settled elsewhere with a reason, so that the case may be closed over it. The date moves only by a step.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from workflows.text import Text

State = Literal["open", "evidenced", "accepted", "breached", "carried"]
Act = Literal["evidence", "accept", "send_back", "breach", "ask_change", "grant_change", "refuse_change", "carry"]

LABELS: dict[State, Text] = {
    "open": Text("이행 전", "Open"),
    "evidenced": Text("확인 대기", "Awaiting review"),
    "accepted": Text("이행 확인", "Accepted"),
    "breached": Text("불이행", "Breached"),
    "carried": Text("이관", "Carried over"),
}
TONES: dict[State, str] = {
    "open": "neutral",
    "evidenced": "info",
    "accepted": "success",
    "breached": "danger",
    "carried": "warning",
}
ACTS: dict[Act, Text] = {
    "evidence": Text("이행자료 제출", "Proof handed in"),
    "accept": Text("이행 확인", "Accepted"),
    "send_back": Text("이행자료 보완 요구", "Sent back"),
    "breach": Text("불이행 확인", "Found breached"),
    "ask_change": Text("변경 신청", "Change asked for"),
    "grant_change": Text("변경 승인", "Change granted"),
    "refuse_change": Text("변경 불승인", "Change refused"),
    "carry": Text("이관", "Carried over"),
}
SETTLED: frozenset[State] = frozenset({"accepted", "breached", "carried"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `due` is the date asked for, granted, or set with a sending back."""

    act: Act
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """State, the date that holds now (None: throughout the project), and whether a change waits for an answer."""

    state: State
    due: date | None
    change_asked: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come."""
        return self.state in SETTLED

    def late(self, today: date) -> bool:
        """Whether the date has passed while the condition is not settled."""
        return not self.settled and self.due is not None and self.due < today


class OutOfOrder(ValueError):
    """A step that cannot follow the one before."""


def standing(due: date | None, steps: Iterable[Step]) -> Standing:
    """Where a condition with the date `due` stands after `steps`. Raises OutOfOrder."""
    now = Standing("open", due)
    for step in steps:
        now = after(now, step)
    return now


def after(now: Standing, step: Step) -> Standing:
    """One step further. Raises OutOfOrder."""
    if now.settled or not _may(now, step.act):
        raise OutOfOrder(f"{step.act} after {now.state}")
    match step.act:
        case "evidence":
            return replace(now, state="evidenced")
        case "accept":
            return Standing("accepted", now.due)
        case "breach":
            return Standing("breached", now.due)
        case "carry":
            return Standing("carried", now.due)
        case "send_back":
            return replace(now, state="open", due=step.due or now.due)
        case "ask_change":
            return replace(now, change_asked=True)
        case "grant_change":
            return replace(now, change_asked=False, due=step.due or now.due)
        case "refuse_change":
            return replace(now, change_asked=False)


def _may(now: Standing, act: Act) -> bool:
    match act:
        case "evidence":
            return now.state == "open"
        case "accept" | "send_back":
            return now.state == "evidenced"
        case "ask_change":
            return now.state == "open" and not now.change_asked
        case "grant_change" | "refuse_change":
            return now.change_asked
        case "breach" | "carry":
            return True
