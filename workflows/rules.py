"""The four rules of law by name, JSON in and JSON out, as the contract promises.

Decides nothing: the pure functions do.

`run_rule(name, parse(text))` is what `flask rule NAME` and the API call; the application calls the
functions themselves.
"""

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import TypeAdapter, ValidationError

from workflows import deadlines, funding, rule_inputs, scoring, verdict
from workflows.bad_input import BadInput
from workflows.holidays_kr import Calendar
from workflows.rule_faults import as_bad_input
from workflows.text import Text
from workflows.words import four_places

__all__ = ["NAMES", "BadInput", "parse", "run_rule"]

Answer = dict[str, Any]
NAME: TypeAdapter[str] = TypeAdapter(rule_inputs.Name)


def parse(text: str) -> object:
    """JSON as Python values with every number exact.

    Int or Decimal, never float. Raises BadInput ("input") if it is none.

    A key given twice is refused by its name. NaN and infinities become a Decimal that no field accepts, so
    that the field is named.
    """
    try:
        return json.loads(text, parse_float=_exact, parse_int=_whole, parse_constant=Decimal, object_pairs_hook=_object)
    except (json.JSONDecodeError, RecursionError) as fault:
        raise BadInput("input", "JSON 형식이 아닙니다.", "is not JSON") from fault


def run_rule(name: str, json_obj: object) -> Answer:
    """The answer of one rule as plain JSON values.

    Raises BadInput naming the field, "name" for an unknown rule.
    """
    if name not in RULES:
        raise BadInput("name", f"그런 규칙이 없습니다: {name}", f"no such rule: {name}")
    shape, decide = RULES[name]
    if not isinstance(json_obj, dict):
        raise BadInput("input", "JSON 객체여야 합니다.", "must be a JSON object")
    try:
        given = shape.model_validate(json_obj)
    except ValidationError as fault:
        raise as_bad_input(fault) from fault
    return decide(given)


def _deadline(given: rule_inputs.DeadlineShape) -> Answer:
    both = sorted(set(given.holidays.add) & set(given.holidays.remove))
    if both:
        raise BadInput("holidays.remove", "더한 날을 뺄 수 없습니다.", f"{both[0]} is both added and removed")
    found = deadlines.deadline(
        given.rule,
        given.start,
        _length("length", given.length),
        [deadlines.Pause(pause.sent, pause.received) for pause in given.pauses],
        None if given.cap is None else _length("cap", given.cap),
        Calendar(frozenset(given.holidays.add), frozenset(given.holidays.remove)),
    )
    cap_due = None if found.cap_due is None else found.cap_due.isoformat()
    return {"due": found.due.isoformat(), "cap_due": cap_due, "words": _words(found.words)}


def _length(field: str, shape: rule_inputs.LengthShape) -> deadlines.Length:
    units: tuple[deadlines.Unit, ...] = ("days", "months", "years")
    given = [deadlines.Length(count, unit) for unit in units if (count := getattr(shape, unit)) is not None]
    if len(given) != 1:
        raise BadInput(
            field,
            "days, months, years 가운데 하나만 적으십시오.",
            "must have exactly one of days, months, years",
        )
    return given[0]


def _verdict(given: rule_inputs.VerdictShape) -> Answer:
    rule = verdict.VotingRule(**given.rule.model_dump())
    found = verdict.decide(verdict.Counts(**given.model_dump(exclude={"rule"})), rule)
    return {
        "quorum_needed": found.quorum_needed,
        "quorum_met": found.quorum_met,
        "base": found.base,
        "needed": found.needed,
        "passed": found.passed,
        "void": found.void,
        "words": _words(found.words),
    }


def _ranking(given: rule_inputs.RankingShape) -> Answer:
    parts = [_part(i, shape) for i, shape in enumerate(given.parts)]
    cutoff = None if given.cutoff is None else scoring.Cutoff(given.cutoff.part, given.cutoff.percent)
    scoring.check_rule(parts, cutoff, given.order)
    candidates = [_candidate(i, entry, parts) for i, entry in enumerate(given.candidates)]
    found = scoring.rank(parts, candidates, cutoff, given.order)
    return {
        "ranked": [
            {
                "id": entry.id,
                "rank": entry.rank,
                "total": four_places(entry.total),
                "parts": {key: four_places(value) for key, value in entry.parts.items()},
            }
            for entry in found.ranked
        ],
        "excluded": [{"id": entry.id, "reason": entry.reason} for entry in found.excluded],
        "ties": [list(tie) for tie in found.ties],
        "words": _words(found.words),
    }


def _part(i: int, shape: rule_inputs.PartShape) -> scoring.Part:
    """The part; a trimmed mean must say how many it drops."""
    for name in ("drop_high", "drop_low"):
        if shape.aggregate == "trimmed_mean" and getattr(shape, name) is None:
            raise BadInput(f"parts.{i}.{name}", "절사평균에는 필요합니다.", "is needed for a trimmed mean")
    high, low = shape.drop_high or 0, shape.drop_low or 0
    return scoring.Part(shape.key, shape.max, shape.aggregate, high, low, shape.min_ballots)


def _candidate(i: int, entry: dict[str, object], parts: list[scoring.Part]) -> scoring.Candidate:
    """A candidate's ballots, read with the parts' own keys."""
    given = {part.key: part.aggregate == "given" for part in parts}
    scores: dict[str, list[scoring.Score | None]] = {}
    for key, value in entry.items():
        field = f"candidates.{i}.{key}"
        if key == "id":
            continue
        if given.get(key, False):
            scores[key] = [_score(field, value)]
        elif key not in given:
            raise BadInput(field, "그런 평가 항목이 없습니다.", "names no part")
        elif isinstance(value, list):
            scores[key] = [_score(f"{field}.{j}", ballot) for j, ballot in enumerate(value)]
        else:
            raise BadInput(field, "점수 목록이어야 합니다.", "must be a list of scores")
    try:
        return scoring.Candidate(NAME.validate_python(entry.get("id"), strict=True), scores)
    except ValidationError as fault:
        raise BadInput(f"candidates.{i}.id", "식별자가 필요합니다.", "must be a text") from fault


def _score(field: str, value: object) -> Decimal | None:
    try:
        return None if value is None else rule_inputs.exact(value)
    except ValueError as fault:
        raise BadInput(field, "점수가 아닙니다.", str(fault)) from fault


def _allocation(given: rule_inputs.AllocationShape) -> Answer:
    rule = funding.FundingRule(
        given.envelope_krw,
        given.misfit,
        given.over_cap,
        given.cap_krw,
        given.max_awards,
        tuple(given.tie_break),
    )
    found = funding.allocate(
        rule, [funding.Proposal(p.id, p.score, p.requested_krw, p.received_at) for p in given.proposals]
    )
    return {
        "funded": [{"id": award.id, "amount_krw": award.amount_krw} for award in found.funded],
        "not_funded": [{"id": entry.id, "reason": entry.reason} for entry in found.not_funded],
        "remaining_krw": found.remaining_krw,
        "words": _words(found.words),
    }


def _words(text: Text) -> dict[str, str]:
    return {"ko": text.ko, "en": text.en}


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if not key.isprintable():
            raise BadInput("input", "항목 이름을 읽을 수 없습니다.", "has a key that cannot be read")
        if key in found:
            raise BadInput(key, "같은 항목이 두 번 나옵니다.", "is given twice")
        found[key] = value
    return found


def _exact(figure: str) -> Decimal:
    try:
        return Decimal(figure)
    except InvalidOperation:  # an exponent beyond all measure
        return Decimal("NaN")


def _whole(figure: str) -> int | Decimal:
    """Python refuses to read thousands of digits as an int; no field accepts such a number anyway."""
    return int(figure) if len(figure) <= 100 else Decimal("NaN")


RULES: dict[str, tuple[type[rule_inputs.Shape], Callable[[Any], Answer]]] = {
    "deadline": (rule_inputs.DeadlineShape, _deadline),
    "verdict": (rule_inputs.VerdictShape, _verdict),
    "ranking": (rule_inputs.RankingShape, _ranking),
    "allocation": (rule_inputs.AllocationShape, _allocation),
}
NAMES = tuple(RULES)
