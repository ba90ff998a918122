"""Spread, outliers, drops and severity against sums made here by hand."""

from fractions import Fraction as F

from hypothesis import given
from hypothesis import strategies as st

from workflows.diagnosis import dropped, far_out, severities, spread
from workflows.scoring import Part, aggregate

scores = st.dictionaries(st.integers(1, 9), st.one_of(st.none(), st.integers(0, 100).map(F)), max_size=9)


def test_a_spread_counts_zeros_and_tells_abstentions_apart() -> None:
    found = spread([F(0), F(10), None, F(5), F(9)])
    assert found is not None
    assert (found.lowest, found.highest, found.mean, found.middle, found.range) == (0, 10, F(6), F(7), 10)
    assert (found.count, found.abstained) == (4, 1)
    assert spread([None]) is None


def test_far_out_is_a_distance_from_the_median_and_equal_is_not_beyond() -> None:
    assert far_out({1: F(80), 2: F(80), 3: F(65), 4: F("64.9"), 5: None, 6: F(80)}, 100) == {4}
    assert far_out({1: F(0), 2: F(100)}, 100) == frozenset(), "two are no panel to lie outside of"


def test_dropped_is_what_the_rule_leaves_out_and_of_equals_one() -> None:
    assert dropped({1: F(5), 2: F(9), 3: F(9), 4: F(1)}, 1, 1) == (frozenset({2}), frozenset({4}))
    assert dropped({1: F(5), 2: F(5)}, 1, 1) == (frozenset(), frozenset())


@given(scores, st.integers(0, 2), st.integers(0, 2))
def test_what_is_left_after_the_drops_is_what_the_ranking_rule_means(given_, high, low) -> None:
    tops, lows = dropped(given_, high, low)
    kept = [s for who, s in given_.items() if s is not None and who not in tops | lows]
    exact = aggregate(Part("p", 100, "trimmed_mean", high, low), list(given_.values()))
    if exact is not None:
        assert sum(kept, F(0)) / len(kept) == exact
    assert not tops & lows


def test_severity_compares_with_the_others_on_the_same_sheets_only() -> None:
    found = severities({"a": {1: F(60), 2: F(80), 3: F(100)}, "b": {1: F(50), 2: F(70), 4: None}, "c": {4: F(10)}})
    assert [(one.evaluator, one.difference, one.cases) for one in found] == [
        (1, F(-30 - 20, 2), 2),
        (2, F(0 + 20, 2), 2),
        (3, F(30), 1),
    ]


@given(st.dictionaries(st.text(min_size=1, max_size=3), scores, max_size=5))
def test_severities_of_one_full_panel_cancel_out(totals) -> None:
    people = {who for sheets in totals.values() for who, total in sheets.items() if total is not None}
    full = {key: {who: sheets.get(who) or F(0) for who in people} for key, sheets in totals.items()}
    assert sum((one.difference for one in severities(full)), F(0)) == 0
