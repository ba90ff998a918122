"""Who ranks where.

Parts added up exactly, the cut-off before the ranking. Never compares a rounded score, never breaks a tie.

The usual Korean tender rule (stated in the 2023 civil service aptitude test, situational judgement 18): one
highest and one lowest score dropped even if several are equal; below the cut-off percentage of a part's
maximum excluded, equal to it admitted; highest total first; a tie goes to the higher technical score.
Scores are Decimal, int or Fraction, never float. None means "not scored"; 0 is a score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal

from workflows.bad_input import BadInput
from workflows.ranking_words import sentence
from workflows.text import Text

Score = Decimal | Fraction | int
Aggregate = Literal["trimmed_mean", "mean", "median", "given"]
ExclusionReason = Literal["below_cutoff", "too_few_ballots"]
TOTAL = "total"
RESERVED = ("id", TOTAL)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score, e.g.

    Part("technical", 80, "trimmed_mean", 1, 1, 5). `max` is the highest possible score.
    """

    key: str
    max: Score
    aggregate: Aggregate
    drop_high: int = 0
    drop_low: int = 0
    min_ballots: int = 1


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Excluded below this percentage of the part's maximum; equal passes."""

    part: str
    percent: Score


@dataclass(frozen=True, slots=True)
class Candidate:
    """`scores` holds each part's ballots; a part that is given has exactly one."""

    id: str
    scores: Mapping[str, Sequence[Score | None]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in the ranking with its exact scores."""

    id: str
    rank: int
    total: Fraction
    parts: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Excluded:
    id: str
    reason: ExclusionReason


@dataclass(frozen=True, slots=True)
class Ranking:
    """In order of rank, equal ones by id; `ties` are the ids that share a rank."""

    ranked: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]
    ties: tuple[tuple[str, ...], ...]
    words: Text


def rank(
    parts: Sequence[Part],
    candidates: Sequence[Candidate],
    cutoff: Cutoff | None = None,
    order: Sequence[str] = (TOTAL,),
) -> Ranking:
    """Rank by the keys of `order` (total or a part's key), highest first.

    Equal in all of them share a rank (1, 2, 2, 4).

    A candidate with fewer scored ballots than min_ballots, or with none left after dropping, is
    too_few_ballots; that is asked before the cut-off. Raises BadInput naming the field: duplicates, unknown
    parts, scores outside 0..max.
    """
    check_rule(parts, cutoff, order)
    _check_candidates(parts, candidates)
    excluded: list[Excluded] = []
    scored: list[tuple[str, dict[str, Fraction]]] = []
    for candidate in sorted(candidates, key=lambda c: c.id):
        sums = {part.key: aggregate(part, candidate.scores[part.key]) for part in parts}
        full = {key: value for key, value in sums.items() if value is not None}
        if len(full) < len(parts):
            excluded.append(Excluded(candidate.id, "too_few_ballots"))
        elif cutoff is not None and full[cutoff.part] < threshold(parts, cutoff):
            excluded.append(Excluded(candidate.id, "below_cutoff"))
        else:
            scored.append((candidate.id, full))
    ranked, ties = _in_order(scored, order)
    return Ranking(ranked, tuple(excluded), ties, sentence(parts, cutoff, ranked, excluded, ties))


def aggregate(part: Part, ballots: Sequence[Score | None]) -> Fraction | None:
    """A part's exact score from its ballots; None when too few were scored."""
    scores = sorted(Fraction(score) for score in ballots if score is not None)
    dropped = part.drop_low + part.drop_high
    if len(scores) < max(part.min_ballots, dropped + 1):
        return None
    kept = scores[part.drop_low : len(scores) - part.drop_high]
    if part.aggregate == "median":
        kept = kept[(len(kept) - 1) // 2 : len(kept) // 2 + 1]
    return sum(kept, Fraction(0)) / len(kept)


def threshold(parts: Sequence[Part], cutoff: Cutoff) -> Fraction:
    """The lowest score that passes the cut-off."""
    highest = next(Fraction(part.max) for part in parts if part.key == cutoff.part)
    return highest * Fraction(cutoff.percent) / 100


def _in_order(
    scored: Sequence[tuple[str, dict[str, Fraction]]], order: Sequence[str]
) -> tuple[tuple[Ranked, ...], tuple[tuple[str, ...], ...]]:
    def merit(entry: tuple[str, dict[str, Fraction]]) -> tuple[Fraction, ...]:
        scores = entry[1] | {TOTAL: sum(entry[1].values(), Fraction(0))}
        return tuple(-scores[key] for key in order)

    ranked: list[Ranked] = []
    ties: list[tuple[str, ...]] = []
    for _, group in groupby(sorted(scored, key=merit), key=merit):
        place, equals = len(ranked) + 1, list(group)
        ranked += [Ranked(id_, place, sum(parts.values(), Fraction(0)), parts) for id_, parts in equals]
        if len(equals) > 1:
            ties.append(tuple(id_ for id_, _ in equals))
    return tuple(ranked), tuple(ties)


def check_rule(parts: Sequence[Part], cutoff: Cutoff | None, order: Sequence[str]) -> None:
    """Whether this rule can rank at all. Raises BadInput naming the field in parts, cutoff or order."""
    _check_parts(parts)
    _check_order(parts, cutoff, order)


def _check_parts(parts: Sequence[Part]) -> None:
    if not parts:
        raise BadInput("parts", "평가 항목이 없습니다.", "there must be at least one part")
    seen: set[str] = set(RESERVED)
    for i, part in enumerate(parts):
        if part.key in seen:
            raise BadInput(f"parts.{i}.key", "이미 쓰인 이름입니다.", "is taken or given twice")
        seen.add(part.key)
        if part.max <= 0:
            raise BadInput(f"parts.{i}.max", "만점은 0보다 커야 합니다.", "must be more than 0")
        for name in ("drop_high", "drop_low", "min_ballots"):
            if getattr(part, name) < 0:
                raise BadInput(f"parts.{i}.{name}", "음수일 수 없습니다.", "cannot be negative")
            if name != "min_ballots" and part.aggregate != "trimmed_mean" and getattr(part, name):
                raise BadInput(
                    f"parts.{i}.{name}", "절사평균에서만 뺄 수 있습니다.", "only a trimmed mean drops scores"
                )
        if part.aggregate == "given" and part.min_ballots > 1:
            raise BadInput(f"parts.{i}.min_ballots", "주어진 점수는 하나뿐입니다.", "a given part has only one score")


def _check_order(parts: Sequence[Part], cutoff: Cutoff | None, order: Sequence[str]) -> None:
    keys = {part.key for part in parts}
    if cutoff is not None and cutoff.part not in keys:
        raise BadInput("cutoff.part", "그런 평가 항목이 없습니다.", "names no part")
    if cutoff is not None and not 0 <= cutoff.percent <= 100:
        raise BadInput("cutoff.percent", "0에서 100 사이여야 합니다.", "must be between 0 and 100")
    if not order:
        raise BadInput("order", "순위를 정할 기준이 없습니다.", "must name at least one key")
    for i, key in enumerate(order):
        if key not in keys | {TOTAL}:
            raise BadInput(f"order.{i}", "그런 평가 항목이 없습니다.", "names no part and is not total")
        if key in order[:i]:
            raise BadInput(f"order.{i}", "기준이 두 번 나옵니다.", "is given twice")


def _check_candidates(parts: Sequence[Part], candidates: Sequence[Candidate]) -> None:
    seen: set[str] = set()
    for i, candidate in enumerate(candidates):
        if candidate.id in seen:
            raise BadInput(f"candidates.{i}.id", "식별자가 두 번 나옵니다.", "is given twice")
        seen.add(candidate.id)
        for key in sorted(candidate.scores.keys() - {part.key for part in parts}):
            raise BadInput(f"candidates.{i}.{key}", "그런 평가 항목이 없습니다.", "names no part")
        for part in parts:
            _check_scores(f"candidates.{i}.{part.key}", part, candidate.scores.get(part.key))


def _check_scores(field: str, part: Part, ballots: Sequence[Score | None] | None) -> None:
    if ballots is None:
        raise BadInput(field, "점수가 빠졌습니다.", "is missing")
    if part.aggregate == "given" and len(ballots) != 1:
        raise BadInput(field, "점수는 하나여야 합니다.", "must be one score")
    for j, score in enumerate(ballots):
        if score is not None and not 0 <= score <= part.max:
            name = field if part.aggregate == "given" else f"{field}.{j}"
            raise BadInput(name, f"0에서 {part.max} 사이여야 합니다.", f"must be between 0 and {part.max}")
