"""What minutes are made of: their parts, and when a recused member was out of the room.

The content is one JSON object that the record of the sitting gives (app/queries/minutes_record.py):

    sitting    number, programme, form, place, times, chair, seats, rule, the head of the sitting's chain
    observers  {"ko", "en"}
    members    who was there: name, side, stays [{"from", "to"}], proxy, observer
    items      position, case, title, gist, steps [{"trigger", "at", "by", "reason"}],
               recusals [{"name", "left", "back"}], rounds [motion, votes, receipts, counts, verdict, outcome,
               dissents, void]

Source: 공공기록물 관리에 관한 법률 시행령 제18조제2항 (name, organ, date and place, attendees and observers, order of
business, items, gist of statements, decisions and the content of votes).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.text import Text

OPENS = ("open_item",)
ENDS = ("close_ballot", "close_round", "defer", "call_in")
KINDS: dict[str, Text] = {
    "gist": Text("발언 요지", "Gist of what was said"),
    "vote": Text("의결안과 표결 내용", "Motion and content of the vote"),
    "dissent": Text("소수의견", "Dissenting statements"),
}
CONTENT_KEYS = ("sitting", "observers", "members", "items")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is disclosed or not as a whole. `position`: its item, None for the attendance."""

    key: str
    name: Text
    position: int | None


def part_key(position: int, kind: str) -> str:
    """The key of a part of an item."""
    return f"item-{position}-{kind}"


def parts(content: Mapping[str, Any]) -> list[Part]:
    """The parts of these minutes, in order; dissents only where there are some."""
    found = [Part("attendance", Text("참석자", "Attendance"), None)]
    for item in content["items"]:
        position = item["position"]
        kinds = ["gist", "vote"]
        if any(round_["dissents"] for round_ in item["rounds"]):
            kinds.append("dissent")
        for kind in kinds:
            name = Text(f"안건 {position} · {KINDS[kind].ko}", f"Item {position} · {KINDS[kind].en}")
            found.append(Part(part_key(position, kind), name, position))
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when an item was deliberated; `end` None: it was never ended."""

    start: datetime
    end: datetime | None


def spans(steps: Sequence[tuple[str, datetime]]) -> list[Span]:
    """The times of deliberation from the steps of an item, (trigger, at) in order."""
    found: list[Span] = []
    start: datetime | None = None
    for trigger, at in steps:
        if trigger in OPENS and start is None:
            start = at
        elif trigger in ENDS and start is not None:
            found.append(Span(start, at))
            start = None
    return [*found, Span(start, None)] if start is not None else found


def away(deliberated: Sequence[Span], stays: Sequence[Span]) -> list[Span]:
    """When a recused member left and came back: each time his item was deliberated while he was at the sitting.

    Who did not come back before the end of his stay has no time of return.
    """
    out = []
    for span in deliberated:
        here = next((s for s in stays if s.start <= span.start and (s.end is None or s.end > span.start)), None)
        if here is None:
            continue
        back = span.end
        if back is not None and here.end is not None and here.end <= back:
            later = [s.start for s in stays if s.start >= here.end]
            back = max(min(later), back) if later else None
        out.append(Span(span.start, back))
    return out
