"""Opening and deciding: 스마트도시법 시행령 26②, recusal by 대법원 2008다1521, ties by 헌법 49."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.bad_input import BadInput
from workflows.verdict import Base, Counts, Quorum, Threshold, VotingRule, decide


def item(seats: int, present: int, yes: int, no: int = 0, abstain: int = 0, recused: int = 0) -> Counts:
    return Counts(seats, present, recused, yes, no, abstain, present - recused - yes - no - abstain)


@pytest.mark.parametrize(
    ("counts", "met", "passed"),
    [
        (item(24, 12, 12), False, False),
        (item(24, 13, 7, 6), True, True),
        (item(24, 14, 7, 7), True, False),
        (item(24, 14, 7, 3, 4), True, False),
        (item(24, 20, 10, 8, recused=2), True, True),
        (item(24, 20, 9, 9, recused=2), True, False),
        (item(24, 13, 6, 5, recused=2), True, True),
        (item(25, 13, 7), True, True),
        (item(25, 12, 12), False, False),
        (item(26, 13, 13), False, False),
        (item(1, 1, 1), True, True),
        (item(24, 0, 0), False, False),
        (item(24, 13, 0, recused=13), True, False),
    ],
)
def test_the_national_committee(counts: Counts, met: bool, passed: bool) -> None:
    verdict = decide(counts)
    assert (verdict.quorum_met, verdict.passed, verdict.void) == (met, passed, not met)


@pytest.mark.parametrize(
    ("seats", "quorum", "ayes_at_quorum", "ayes_of_all"),
    [
        (10, 6, 4, 6),
        (16, 9, 5, 9),
        (20, 11, 6, 11),
        (24, 13, 7, 13),
        (25, 13, 7, 13),
        (26, 14, 8, 14),
        (30, 16, 9, 16),
    ],
)
def test_how_many_it_takes(seats: int, quorum: int, ayes_at_quorum: int, ayes_of_all: int) -> None:
    assert decide(item(seats, quorum, 0)).quorum_needed == quorum
    assert decide(item(seats, quorum, 0)).needed == ayes_at_quorum
    assert decide(item(seats, seats, 0)).needed == ayes_of_all


@pytest.mark.parametrize(
    ("rule", "counts", "base", "needed", "passed"),
    [
        (VotingRule(base="present"), item(24, 20, 10, 8, recused=2), 20, 11, False),
        (VotingRule(base="votes_cast"), item(24, 20, 7, 6, 5, recused=2), 13, 7, True),
        (VotingRule(base="votes_cast"), item(24, 20, 0), 0, 1, False),
        (VotingRule(base="seats"), item(24, 20, 12, 8), 24, 13, False),
        (VotingRule(base="seats"), item(24, 20, 13, 7), 24, 13, True),
        (VotingRule(threshold="two_thirds"), item(24, 18, 12, 6), 18, 12, True),
        (VotingRule(threshold="two_thirds"), item(24, 18, 11, 7), 18, 12, False),
        (VotingRule(threshold="two_thirds"), item(24, 19, 13, 6), 19, 13, True),
        (VotingRule(threshold="two_thirds"), item(24, 20, 13, 7), 20, 14, False),
        (VotingRule(threshold="two_thirds"), item(24, 13, 0, recused=13), 0, 1, False),
        (VotingRule(quorum="none"), item(24, 3, 2, 1), 3, 2, True),
        (VotingRule(recused_count_for_quorum=False), item(24, 15, 12, recused=2), 13, 7, True),
    ],
)
def test_other_rules(rule: VotingRule, counts: Counts, base: int, needed: int, passed: bool) -> None:
    verdict = decide(counts, rule)
    assert (verdict.base, verdict.needed, verdict.passed, verdict.void) == (base, needed, passed, False)


def test_recused_members_may_be_left_out_of_the_opening() -> None:
    counts = item(24, 14, 12, recused=2)
    assert decide(counts).quorum_met
    strict = decide(counts, VotingRule(recused_count_for_quorum=False))
    assert strict.void and not strict.passed and "12명(제척 2명 제외)" in strict.words.ko


def test_the_sentence_carries_the_arithmetic() -> None:
    assert decide(item(24, 20, 10, 8, recused=2)).words.ko == (
        "재적 24명의 과반인 13명 이상인 20명이 출석하여 개의 요건을 갖추었고, "
        "제척 2명을 뺀 18명의 과반인 10명이 찬성하여 가결되었습니다."
    )
    assert "10명 이상인 12명이 찬성하여 가결" in decide(item(24, 19, 12, 7)).words.ko
    assert "못 미치는 12명이 출석" in decide(item(24, 12, 7)).words.ko
    assert "7명으로 같아 부결" in decide(item(24, 14, 7, 7)).words.ko
    assert "equal at 7: not carried" in decide(item(24, 14, 7, 7)).words.en
    assert "재적 24명의 과반인 13명에 못 미치는 12명" in decide(item(24, 20, 12, 8), VotingRule(base="seats")).words.ko


@pytest.mark.parametrize(
    ("field", "counts"),
    [
        ("seats", Counts(0, 0, 0, 0, 0, 0, 0)),
        ("seats", Counts(-1, 0, 0, 0, 0, 0, 0)),
        ("present", Counts(24, 25, 0, 0, 0, 0, 0)),
        ("recused_present", Counts(24, 2, 3, 0, 0, 0, 0)),
        ("yes", Counts(24, 20, 2, 19, 0, 0, 0)),
        ("no", Counts(24, 20, 2, 10, 9, 0, 0)),
        ("abstain", Counts(24, 20, 2, 10, 8, 1, 0)),
        ("not_voting", Counts(24, 20, 2, 10, 8, 0, 1)),
        ("no", Counts(24, 20, 2, 10, -1, 0, 0)),
    ],
)
def test_impossible_counts_are_named(field: str, counts: Counts) -> None:
    with pytest.raises(BadInput) as refused:
        decide(counts)
    assert refused.value.field == field


bases: st.SearchStrategy[Base] = st.sampled_from(["present_less_recused", "present", "votes_cast", "seats"])
quorums: st.SearchStrategy[Quorum] = st.sampled_from(["majority_of_seats", "none"])
thresholds: st.SearchStrategy[Threshold] = st.sampled_from(["more_than_half", "two_thirds"])
rules = st.builds(VotingRule, quorums, st.booleans(), bases, thresholds)


@st.composite
def sittings(draw: st.DrawFn) -> Counts:
    seats = draw(st.integers(1, 40))
    present = draw(st.integers(0, seats))
    recused = draw(st.integers(0, present))
    yes = draw(st.integers(0, present - recused))
    no = draw(st.integers(0, present - recused - yes))
    return item(seats, present, yes, no, recused=recused)


@given(sittings(), rules)
def test_a_no_turned_into_a_yes_never_loses_an_item(counts: Counts, rule: VotingRule) -> None:
    if counts.no and decide(counts, rule).passed:
        assert decide(replace(counts, yes=counts.yes + 1, no=counts.no - 1), rule).passed


@given(sittings(), rules)
def test_what_carries_has_more_ayes_than_noes_and_is_never_void(counts: Counts, rule: VotingRule) -> None:
    verdict = decide(counts, rule)
    assert verdict.void is not verdict.quorum_met
    if verdict.passed:
        assert counts.yes > counts.no and verdict.quorum_met and 2 * counts.yes > verdict.base
        assert "가결" in verdict.words.ko and "carried." in verdict.words.en
