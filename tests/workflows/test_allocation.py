"""One envelope divided by score: caps, misfits, equals, to the last won."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.bad_input import BadInput
from workflows.funding import Allocation, FundingRule, Misfit, OverCap, Proposal, TieBreak, allocate

MORNING = datetime.fromisoformat("2026-03-02T09:00:00+09:00")
SAME_MOMENT = datetime.fromisoformat("2026-03-02T00:00:00+00:00")


def ask(id_: str, score: str, amount: int, received: datetime | None = MORNING) -> Proposal:
    return Proposal(id_, Decimal(score), amount, received)


def rule(
    envelope: int,
    misfit: Misfit = "skip",
    over_cap: OverCap = "refuse",
    cap: int | None = None,
    most: int | None = None,
    tie: tuple[TieBreak, ...] = (),
) -> FundingRule:
    return FundingRule(envelope, misfit, over_cap, cap, most, tie)


def outcome(found: Allocation) -> dict[str, int | str]:
    return {a.id: a.amount_krw for a in found.funded} | {r.id: r.reason for r in found.not_funded}


A, B, C, E = ask("A", "90", 60), ask("B", "80", 50), ask("C", "70", 40), ask("E", "70", 40)


@pytest.mark.parametrize(
    ("given_rule", "proposals", "expected", "remaining"),
    [
        # exactly the envelope; one won less
        (rule(150), [A, B, C], {"A": 60, "B": 50, "C": 40}, 0),
        (rule(149), [A, B, C], {"A": 60, "B": 50, "C": "over_envelope"}, 39),
        # skip tries the next, stop ends it
        (rule(100), [A, B, C], {"A": 60, "B": "over_envelope", "C": 40}, 0),
        (rule(100, "stop"), [A, B, C], {"A": 60, "B": "over_envelope", "C": "below_cut"}, 40),
        # the cap: refused, or reduced to it; a refused one ends nothing
        (rule(150, "stop", cap=59), [A, B, C], {"A": "over_cap", "B": 50, "C": 40}, 60),
        (rule(150, cap=60), [A], {"A": 60}, 90),
        (rule(150, over_cap="reduce", cap=45), [A, B, C], {"A": 45, "B": 45, "C": 40}, 20),
        (rule(100, "stop", cap=50), [B, ask("X", "75", 51), C], {"B": 50, "X": "over_cap", "C": 40}, 10),
        (
            rule(40, "stop", cap=50),
            [B, ask("X", "75", 51), C],
            {"B": "over_envelope", "X": "over_cap", "C": "below_cut"},
            40,
        ),
        # the number of awards
        (rule(150, most=1), [A, B, C], {"A": 60, "B": "over_count", "C": "over_count"}, 90),
        (rule(150, "stop", most=1), [A, B, C], {"A": 60, "B": "over_count", "C": "below_cut"}, 90),
        (rule(150, most=0), [A], {"A": "over_count"}, 150),
        (rule(70, most=1), [A, B], {"A": 60, "B": "over_count"}, 10),
        # equals: all of them, or none without a tie-break
        (rule(140), [A, C, E], {"A": 60, "C": 40, "E": 40}, 0),
        (rule(139), [A, C, E], {"A": 60, "C": "tie_undeclared", "E": "tie_undeclared"}, 79),
        (rule(200, most=2), [A, C, E], {"A": 60, "C": "tie_undeclared", "E": "tie_undeclared"}, 140),
        (
            rule(139),
            [A, C, E, ask("Z", "10", 5)],
            {"A": 60, "C": "tie_undeclared", "E": "tie_undeclared", "Z": 5},
            74,
        ),
        (
            rule(139, "stop"),
            [A, C, E, ask("Z", "10", 5)],
            {"A": 60, "C": "tie_undeclared", "E": "tie_undeclared", "Z": "below_cut"},
            79,
        ),
        (rule(50, "stop"), [A, C, E], {"A": "over_envelope", "C": "below_cut", "E": "below_cut"}, 50),
        # one of two equals asks too much: the other has no equal left
        (rule(45, cap=40), [C, ask("E", "70", 41)], {"C": 40, "E": "over_cap"}, 5),
        # 70 and 70.0 are the same score
        (rule(40), [C, ask("E", "70.0", 40)], {"C": "tie_undeclared", "E": "tie_undeclared"}, 40),
        # nothing to divide, nobody to fund
        (rule(0), [A], {"A": "over_envelope"}, 0),
        (rule(100), [], {}, 100),
    ],
)
def test_an_envelope_is_divided(
    given_rule: FundingRule, proposals: list[Proposal], expected: dict[str, int | str], remaining: int
) -> None:
    found = allocate(given_rule, proposals)
    assert outcome(found) == expected
    assert found.remaining_krw == remaining


def test_earlier_receipt_breaks_a_tie_by_the_moment_and_not_by_its_zone() -> None:
    by_receipt = rule(139, tie=("earlier_receipt",))
    later = ask("C", "70", 40, MORNING + timedelta(seconds=1))
    assert outcome(allocate(by_receipt, [A, later, E])) == {"A": 60, "E": 40, "C": "over_envelope"}
    same = ask("C", "70", 40, SAME_MOMENT)
    assert outcome(allocate(by_receipt, [A, same, E])) == {
        "A": 60,
        "C": "tie_undeclared",
        "E": "tie_undeclared",
    }


def test_without_a_tie_break_receipt_is_not_even_needed() -> None:
    assert outcome(allocate(rule(80), [ask("C", "70", 40, None), E])) == {"C": 40, "E": 40}


def test_the_sentence_carries_the_arithmetic() -> None:
    million = 1_000_000
    found = allocate(
        rule(1_500 * million, cap=500 * million),
        [ask("P1", "84.5", 480 * million), ask("P2", "80", 500 * million + 1)],
    )
    assert found.words.ko == (
        "예산 15억 원 가운데 1건에 4억 8,000만 원을 배정하여(P1 4억 8,000만 원) 10억 2,000만 원이 남습니다. "
        "과제당 상한 초과 1건: P2."
    )
    assert "leaving KRW 1,020 million. 1 over the cap: P2." in found.words.en
    assert "배정한 과제가 없습니다" in allocate(rule(1), [A]).words.ko


@pytest.mark.parametrize(
    ("field", "given_rule", "proposals"),
    [
        ("envelope_krw", rule(-1), []),
        ("cap_krw", rule(1, cap=0), []),
        ("max_awards", rule(1, most=-1), []),
        ("proposals.1.id", rule(1), [A, A]),
        ("proposals.0.score", rule(1), [ask("A", "-1", 5)]),
        ("proposals.0.requested_krw", rule(1), [ask("A", "1", 0)]),
        ("proposals.1.received_at", rule(1, tie=("earlier_receipt",)), [A, ask("B", "1", 5, None)]),
        ("proposals.0.received_at", rule(1), [ask("A", "1", 5, MORNING.replace(tzinfo=None))]),
    ],
)
def test_what_cannot_be_is_named(field: str, given_rule: FundingRule, proposals: list[Proposal]) -> None:
    with pytest.raises(BadInput) as refused:
        allocate(given_rule, proposals)
    assert refused.value.field == field


amounts = st.integers(1, 100)
proposals = st.lists(st.tuples(st.integers(0, 5), amounts, st.integers(0, 3)), max_size=8).map(
    lambda rows: [ask(f"P{i}", str(s), a, MORNING + timedelta(hours=h)) for i, (s, a, h) in enumerate(rows)]
)
rules = st.builds(
    FundingRule,
    st.integers(0, 400),
    st.sampled_from(["skip", "stop"]),
    st.sampled_from(["refuse", "reduce"]),
    st.none() | amounts,
    st.none() | st.integers(0, 5),
    st.sampled_from([(), ("earlier_receipt",)]),
)


@given(rules, proposals)
def test_never_more_than_the_envelope_the_cap_or_the_number(by: FundingRule, asked: list[Proposal]) -> None:
    found = allocate(by, asked)
    spent = sum(award.amount_krw for award in found.funded)
    assert spent <= by.envelope_krw and found.remaining_krw == by.envelope_krw - spent
    assert all(by.cap_krw is None or award.amount_krw <= by.cap_krw for award in found.funded)
    assert by.max_awards is None or len(found.funded) <= by.max_awards
    assert sorted(outcome(found)) == sorted(p.id for p in asked)


@given(rules, proposals)
def test_the_order_in_which_proposals_come_changes_nothing(by: FundingRule, asked: list[Proposal]) -> None:
    assert allocate(by, asked[::-1]) == allocate(by, asked)


@given(rules, proposals)
def test_equals_without_a_tie_break_are_treated_alike(by: FundingRule, asked: list[Proposal]) -> None:
    result = outcome(allocate(by, asked))
    if not by.tie_break:
        for score in {p.score for p in asked}:
            fates = [result[p.id] for p in asked if p.score == score and result[p.id] != "over_cap"]
            assert len({fate if isinstance(fate, str) else "funded" for fate in fates}) <= 1
