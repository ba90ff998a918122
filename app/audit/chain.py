"""One case against its own history: numbering, hashes, seals, the engine, and what the case row caches of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.audit import votes
from app.audit.shapes import case_shape, event_hash
from workflows import engine, schema
from workflows.schema import Definition
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that does not hold: of which case, at which step, in a sentence."""

    number: str
    seq: int
    text: Text


@dataclass(slots=True)
class History:
    """A case as it lies in the database. `sealed`: "table:id" -> sha256 recomputed from the row now."""

    case: Any
    events: Sequence[Any]
    sealed: Mapping[str, str]
    due_on: Any
    """The due date that the running clocks give."""
    votes: tuple[Sequence[Any], Sequence[Any], Sequence[Any]] = ((), (), ())
    """Ballots, opened ballots and resolutions, as they lie in the database."""
    place: int = 0
    """The step that is being looked at."""


def check(history: History) -> Break | None:
    """The first break of this case, or None."""
    try:
        return next(_breaks(history), None)
    except (LookupError, ValueError, TypeError) as fault:
        # A value that nothing can be made of: no such definition or state, no JSON, another type.
        return _broken(history.case, history.place, "읽을 수 없는 값이 있습니다", f"a value makes no sense ({fault})")


def _breaks(history: History) -> Iterator[Break]:
    case, history.place = history.case, len(history.events)
    definition = _definition(case)
    vouched: dict[str, tuple[str, int]] = {}
    state, turn, since, head = "", None, None, ""
    for place, event in enumerate(history.events, start=1):
        history.place = place
        if event.seq != place:
            yield _broken(case, place, f"{place}번 단계가 없습니다", f"step {place} is missing")
        if event.prev_hash != head:
            yield _broken(case, place, "앞 단계와 이어지지 않습니다", "it is not bound to the step before")
        if event_hash(event, case.number) != event.hash:
            yield _broken(case, place, "단계의 내용이 기록된 지문과 다릅니다", "its content does not match its hash")
        seals = json.loads(event.seals)
        for key, sha in seals.items():
            vouched[key] = (sha, place)
        yield from _replay(history, definition, event, state)
        whose = definition.states[event.to_state].turn
        if state != event.to_state or turn != whose:
            turn, since = whose, event.at
        state, head = event.to_state, event.hash
    yield from _rows(history, vouched)
    for key, fault in votes.faults(*history.votes):
        yield Break(history.case.number, vouched.get(key, ("", 0))[1], fault)
    yield from _cache(history, state, turn, since, head)


def _broken(case: Any, seq: int, ko: str, en: str) -> Break:
    return Break(case.number, seq, Text(ko, en))


def _definition(case: Any) -> Definition:
    return schema.load(case.definition_id, case.definition_version)


def _replay(history: History, definition: Definition, event: Any, state: str) -> Iterator[Break]:
    """The step once more through the engine: from the state before, with the roles and facts that were seen."""
    case = history.case
    if event.from_state != (state or definition.initial):
        yield _broken(
            case, event.seq, "앞 단계의 상태에서 시작하지 않았습니다", "it does not start where the case stood"
        )
        return
    fault = _fired(
        definition, event.from_state, event.trigger, event.roles, event.facts, event.actor_id,
        event.to_state, event.code, event.shown,
    )  # fmt: skip
    if fault is not None:
        yield Break(case.number, event.seq, fault)


@lru_cache(maxsize=1 << 15)
def _fired(
    definition: Definition,
    state: str,
    trigger: str,
    roles: str,
    facts: str,
    actor_id: int | None,
    to_state: str,
    code: str,
    shown: str,
) -> Text | None:
    """What the engine says against the step; equal steps are asked once (most steps of a year are)."""
    seen = json.loads(facts)
    actor = engine.Actor(actor_id, frozenset(json.loads(roles)))
    try:
        outcome = engine.fire(definition, state, trigger, seen, actor)
    except engine.Refused as refused:
        said = refused.reason.text
        return Text(f"업무 규칙이 이 단계를 거부합니다 ({said.ko})", f"the rules refuse this step ({said.en})")
    except KeyError as missing:
        return Text(f"규칙이 본 사실이 없습니다: {missing}", f"a fact that a guard saw is missing: {missing}")
    done = (outcome.to_state, outcome.transition.code, outcome.transition.shown)
    if done != (to_state, code, shown):
        return Text("업무 규칙의 결과와 다릅니다", "it is not what the rules make of it")
    return None


def _rows(history: History, vouched: Mapping[str, tuple[str, int]]) -> Iterator[Break]:
    """Each sealed row against the last step that vouches for it, and no row without one."""
    case = history.case
    mine = f"case:{case.id}"
    for key, (sha, place) in vouched.items():
        now = case_shape().seal(case._mapping) if key == mine else history.sealed.get(key)
        if now is None:
            yield _broken(case, place, f"기록 {key}이(가) 없습니다", f"the row {key} is gone")
        elif now != sha:
            yield _broken(case, place, f"기록 {key}의 내용이 바뀌었습니다", f"the row {key} was changed")
    for key in history.sealed.keys() - vouched.keys():
        yield _broken(case, case.seq, f"어느 단계에도 없는 기록입니다: {key}", f"no step vouches for the row {key}")


def _cache(history: History, state: str, turn: str | None, since: Any, head: str) -> Iterator[Break]:
    """What the case row repeats of its history."""
    case, last = history.case, len(history.events)
    if not last:
        if (case.state, case.seq, case.head) != (_definition(case).initial, 0, ""):
            yield _broken(case, 0, "기록 없이 진행된 사건입니다", "it has moved without a history")
        return
    checks = (
        (case.state == state, "사건의 상태", "the case's state"),
        (case.seq == last, "사건의 단계 수", "the case's number of steps"),
        (case.head == head, "사건의 마지막 지문", "the case's last hash"),
        (case.turn == turn, "처리할 차례", "whose turn it is"),
        (case.turn_since == since, "차례가 된 시각", "since when it is whose turn"),
        (case.due_on == history.due_on, "처리기한", "the due date"),
    )
    for holds, ko, en in checks:
        if not holds:
            yield _broken(case, last, f"{ko}이(가) 기록과 다릅니다", f"{en} does not follow from the history")
