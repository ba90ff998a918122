"""The order of an agenda: equal recusals together, fewest comings and goings, stable, never lossy."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from workflows.agenda import EXACT, best_order, movements

OUT = st.lists(st.frozensets(st.integers(1, 5), max_size=3), min_size=0, max_size=7)
MANY = st.lists(st.frozensets(st.integers(1, 24), max_size=4), min_size=0, max_size=50)


def test_leaving_and_returning_are_counted_from_an_empty_corridor_to_an_empty_corridor() -> None:
    out = {1: frozenset({7}), 2: frozenset(), 3: frozenset({7})}
    assert movements([1, 2, 3], out) == 4
    assert movements([1, 3, 2], out) == 2
    assert movements([], out) == 0


def test_items_with_the_same_recusals_stand_together_and_keep_their_order() -> None:
    out = {1: frozenset({7}), 2: frozenset(), 3: frozenset({7}), 4: frozenset()}
    order = best_order([1, 2, 3, 4], out)
    assert (order.before, order.after) == (4, 2) and order.better
    assert order.items in ((1, 3, 2, 4), (2, 4, 1, 3))
    assert "4회에서 2회" in order.words.ko and "2 times instead of 4" in order.words.en


def test_groups_that_share_a_member_are_neighbours() -> None:
    out = {1: frozenset({7}), 2: frozenset({8}), 3: frozenset({7, 8})}
    assert best_order([1, 2, 3], out).items in ((1, 3, 2), (2, 3, 1))


def test_an_order_that_cannot_be_bettered_stays_as_the_clerk_made_it() -> None:
    out = {5: frozenset({7}), 2: frozenset({7}), 9: frozenset()}
    order = best_order([5, 2, 9], out)
    assert order.items == (5, 2, 9) and not order.better and "더 줄지" in order.words.ko
    assert "이유가 없" in best_order([3, 1], {}).words.ko
    assert best_order([], {}).items == ()


@given(OUT)
def test_few_groups_are_ordered_as_well_as_trying_every_order(sets: list[frozenset[int]]) -> None:
    out = dict(enumerate(sets))
    order = best_order(list(out), out)
    least = min(movements(way, out) for way in permutations(out)) if out else 0
    assert order.after == movements(order.items, out) == least
    assert sorted(order.items) == sorted(out)


@given(MANY)
def test_many_groups_are_all_there_together_and_never_worse_than_before(sets: list[frozenset[int]]) -> None:
    out = dict(enumerate(sets))
    order = best_order(list(out), out)
    assert sorted(order.items) == sorted(out) and order.after <= order.before
    assert order.after == movements(order.items, out)
    if order.better:
        runs = [out[a] for a, b in zip(order.items, order.items[1:], strict=False) if out[a] != out[b]]
        assert len(runs) == len(set(runs))


def test_beyond_the_exact_limit_a_shuffled_chain_is_found_again() -> None:
    chain = [frozenset(range(first, first + 3)) for first in range(EXACT + 6)]
    shuffled = chain[::2] + chain[1::2]
    out = dict(enumerate(shuffled))
    order = best_order(list(out), out)
    assert order.after == movements([shuffled.index(group) for group in chain], out)
