"""How a panel scored, said in figures: spread, what lies far out, and how severe each evaluator was.

Exact fractions until a value is shown. A diagnosis never changes a score and never leaves one out: it shows
what the declared rule dropped and what a reader should look at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

FAR_OUT = Fraction(15, 100)
"""A score further from the median than this share of the maximum is pointed out."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Scores of one criterion or stage. `abstained` are those who gave none."""

    lowest: Fraction
    highest: Fraction
    mean: Fraction
    middle: Fraction
    count: int
    abstained: int

    @property
    def range(self) -> Fraction:
        """Highest less lowest."""
        return self.highest - self.lowest


def spread(scores: Sequence[Fraction | None]) -> Spread | None:
    """The spread of what was scored; None where nothing was."""
    given = sorted(score for score in scores if score is not None)
    if not given:
        return None
    mean = sum(given, Fraction(0)) / len(given)
    return Spread(given[0], given[-1], mean, Fraction(median(given)), len(given), len(scores) - len(given))


def far_out(scores: Mapping[int, Fraction | None], top: Fraction | int, share: Fraction = FAR_OUT) -> frozenset[int]:
    """Whose score lies further from the median than `share` of the maximum; nobody among fewer than three scores."""
    found = spread(list(scores.values()))
    if found is None or found.count < 3:
        return frozenset()
    return frozenset(
        who for who, score in scores.items() if score is not None and abs(score - found.middle) > top * share
    )


def dropped(scores: Mapping[int, Fraction | None], high: int, low: int) -> tuple[frozenset[int], frozenset[int]]:
    """Whose scores a trimmed mean leaves out: (highest, lowest). Of equal ones the lowest key is named: which of
    them is dropped changes no sum."""
    order = sorted((score, who) for who, score in scores.items() if score is not None)
    if len(order) <= high + low:
        return frozenset(), frozenset()
    tops = sorted(order, key=lambda pair: (-pair[0], pair[1]))[:high]
    rest = [pair for pair in order if pair not in tops]
    return frozenset(who for _, who in tops), frozenset(who for _, who in rest[:low])


@dataclass(frozen=True, slots=True)
class Severity:
    """One evaluator against the others on the same sheets: negative is severe, positive is lenient."""

    evaluator: int
    difference: Fraction
    """Mean over the shared cases of (his total less the mean of the others' totals)."""
    cases: int


def severities(totals: Mapping[str, Mapping[int, Fraction | None]]) -> tuple[Severity, ...]:
    """Severity of everyone over several case-stages, the severest first. A total by nobody else is not compared."""
    gaps: dict[int, list[Fraction]] = {}
    for sheets in totals.values():
        given = {who: total for who, total in sheets.items() if total is not None}
        for who, total in given.items():
            others = [other for key, other in given.items() if key != who]
            if others:
                gaps.setdefault(who, []).append(total - sum(others, Fraction(0)) / len(others))
    found = [Severity(who, sum(gap, Fraction(0)) / len(gap), len(gap)) for who, gap in gaps.items()]
    return tuple(sorted(found, key=lambda one: (one.difference, one.evaluator)))
