"""Ranking by the usual Korean tender rule: trimmed mean, cut-off first, declared order, shared ranks."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.bad_input import BadInput
from workflows.scoring import Aggregate, Candidate, Cutoff, Part, Ranking, Score, aggregate, rank

TECHNICAL = Part("technical", 80, "trimmed_mean", 1, 1, 5)
PRICE = Part("price", 20, "given")


def candidate(id_: str, technical: Sequence[Score | None], price: Score | None = 10) -> Candidate:
    return Candidate(id_, {"technical": technical, "price": [price]})


def tender(*candidates: Candidate, order: Sequence[str] = ("total", "technical")) -> Ranking:
    return rank([TECHNICAL, PRICE], candidates, Cutoff("technical", 85), order)


def places(ranking: Ranking) -> dict[str, int]:
    return {entry.id: entry.rank for entry in ranking.ranked}


@pytest.mark.parametrize(
    ("how", "drop_high", "drop_low", "ballots", "expected"),
    [
        ("trimmed_mean", 1, 1, [68, Decimal("70.5"), 71, 66, 72], Fraction(419, 6)),
        ("trimmed_mean", 1, 1, [70, 70, 70, 60, 60], Fraction(200, 3)),
        ("trimmed_mean", 0, 2, [10, 20, 30], Fraction(30)),
        ("trimmed_mean", 1, 1, [70, None, 60], None),
        ("trimmed_mean", 2, 1, [70, 60], None),
        ("mean", 0, 0, [0, 70], Fraction(35)),
        ("mean", 0, 0, [None, 70], Fraction(70)),
        ("mean", 0, 0, [], None),
        ("mean", 0, 0, [None], None),
        ("mean", 0, 0, [Decimal("0.1"), Decimal("0.2")], Fraction(3, 20)),
        ("median", 0, 0, [3, 1, 2], Fraction(2)),
        ("median", 0, 0, [4, 1, 2, 3], Fraction(5, 2)),
        ("median", 0, 0, [7], Fraction(7)),
        ("given", 0, 0, [0], Fraction(0)),
        ("given", 0, 0, [None], None),
    ],
)
def test_a_part_is_added_up_exactly(
    how: Aggregate, drop_high: int, drop_low: int, ballots: list[Score | None], expected: Fraction | None
) -> None:
    assert aggregate(Part("x", 80, how, drop_high, drop_low), ballots) == expected


def test_equal_to_the_cutoff_passes_and_just_below_is_excluded() -> None:
    found = tender(candidate("at", [68] * 5), candidate("below", [67, 68, 68, Decimal("67.9999999999"), 68]))
    assert places(found) == {"at": 1}
    assert [(e.id, e.reason) for e in found.excluded] == [("below", "below_cutoff")]
    assert "80점 만점의 85%인 68점 미만" in found.words.ko and "85% of 80" in found.words.en


def test_too_few_ballots_is_asked_before_the_cutoff() -> None:
    found = tender(candidate("few", [10, 10, 10, 10, None]), candidate("no price", [70] * 5, None))
    assert [(e.id, e.reason) for e in found.excluded] == [
        ("few", "too_few_ballots"),
        ("no price", "too_few_ballots"),
    ]
    assert found.ranked == () and "few" in found.words.en


def test_a_tie_goes_to_the_next_key_and_what_stays_equal_shares_a_rank() -> None:
    found = tender(
        candidate("A", [70] * 5, 12),
        candidate("B", [72] * 5, 10),
        candidate("E", [69] * 5, 10),
        candidate("C", [69] * 5, 10),
        candidate("D", [68] * 5, 10),
    )
    assert places(found) == {"B": 1, "A": 2, "C": 3, "E": 3, "D": 5}
    assert found.ties == (("C", "E"),)
    assert "C, E는 모든 기준에서 같아 공동 3위입니다." in found.words.ko
    assert "1위는 B(72 + 10 = 82점)입니다." in found.words.ko


def test_scores_are_compared_exactly_and_not_as_they_are_shown() -> None:
    parts = [Part("x", 10, "mean")]
    found = rank(
        parts,
        [Candidate("third", {"x": [0, 0, 1]}), Candidate("more", {"x": [Decimal("0.33333333333333333334")]})],
    )
    assert places(found) == {"more": 1, "third": 2}


def test_order_without_total_and_shared_first_place() -> None:
    found = tender(candidate("A", [70] * 5, 20), candidate("B", [71] * 5, 0), order=["technical"])
    assert places(found) == {"B": 1, "A": 2}
    shared = tender(candidate("A", [70] * 5), candidate("B", [70] * 5))
    assert "공동 1위" in shared.words.ko and "1위는" not in shared.words.ko
    single = rank([Part("x", 10, "mean")], [Candidate("A", {"x": [7]})])
    assert "1위는 A(7점)입니다." in single.words.ko


def test_nobody_to_rank_is_an_empty_ranking() -> None:
    found = tender()
    assert (found.ranked, found.excluded, found.ties) == ((), (), ())


A = candidate("A", [70] * 5)


@pytest.mark.parametrize(
    ("field", "parts", "candidates", "cutoff", "order"),
    [
        ("parts", [], [], None, ["total"]),
        ("parts.1.key", [TECHNICAL, TECHNICAL], [], None, ["total"]),
        ("parts.0.key", [Part("total", 10, "mean")], [], None, ["total"]),
        ("parts.0.key", [Part("id", 10, "mean")], [], None, ["total"]),
        ("parts.0.max", [Part("x", 0, "mean")], [], None, ["total"]),
        ("parts.0.drop_high", [Part("x", 9, "mean", 1)], [], None, ["total"]),
        ("parts.0.drop_low", [Part("x", 9, "trimmed_mean", 1, -1)], [], None, ["total"]),
        ("parts.0.min_ballots", [Part("x", 9, "mean", 0, 0, -1)], [], None, ["total"]),
        ("parts.0.min_ballots", [Part("x", 9, "given", 0, 0, 2)], [], None, ["total"]),
        ("cutoff.part", [TECHNICAL, PRICE], [], Cutoff("merit", 85), ["total"]),
        ("cutoff.percent", [TECHNICAL, PRICE], [], Cutoff("price", Decimal("100.1")), ["total"]),
        ("cutoff.percent", [TECHNICAL, PRICE], [], Cutoff("price", -1), ["total"]),
        ("order", [TECHNICAL, PRICE], [], None, []),
        ("order.1", [TECHNICAL, PRICE], [], None, ["total", "merit"]),
        ("order.1", [TECHNICAL, PRICE], [], None, ["total", "total"]),
        ("candidates.1.id", [TECHNICAL, PRICE], [A, A], None, ["total"]),
        ("candidates.0.merit", [PRICE], [Candidate("A", {"merit": [1]})], None, ["total"]),
        ("candidates.0.price", [PRICE], [Candidate("A", {})], None, ["total"]),
        ("candidates.0.price", [PRICE], [Candidate("A", {"price": [1, 2]})], None, ["total"]),
        ("candidates.0.price", [PRICE], [Candidate("A", {"price": [21]})], None, ["total"]),
        ("candidates.0.technical.1", [TECHNICAL], [Candidate("A", {"technical": [1, -1]})], None, ["total"]),
        ("candidates.0.technical.0", [TECHNICAL], [Candidate("A", {"technical": [81]})], None, ["total"]),
    ],
)
def test_what_cannot_be_ranked_is_named(
    field: str, parts: list[Part], candidates: list[Candidate], cutoff: Cutoff | None, order: list[str]
) -> None:
    with pytest.raises(BadInput) as refused:
        rank(parts, candidates, cutoff, order)
    assert refused.value.field == field


ballots = st.lists(st.none() | st.integers(0, 80), min_size=3, max_size=7)


@st.composite
def fields(draw: st.DrawFn) -> list[Candidate]:
    return [
        candidate(f"C{i}", draw(ballots), draw(st.none() | st.integers(0, 20))) for i in range(draw(st.integers(0, 6)))
    ]


@given(fields(), st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_come_changes_nothing(field: list[Candidate], random: Random) -> None:
    shuffled = random.sample(field, len(field))
    assert tender(*shuffled) == tender(*field)


@given(fields())
def test_everyone_is_ranked_or_excluded_once_and_ranks_follow_totals(field: list[Candidate]) -> None:
    found = tender(*field)
    names = [entry.id for entry in found.ranked] + [entry.id for entry in found.excluded]
    assert sorted(names) == sorted(c.id for c in field)
    for entry in found.ranked:
        better = [other for other in found.ranked if other.rank < entry.rank]
        assert entry.rank == len(better) + 1
        assert all(other.total >= entry.total for other in better)
        assert entry.parts["technical"] >= 68
