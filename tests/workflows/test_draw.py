"""The draw against its own description, drawn here once more by other code, and its chance over many seeds."""

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.bad_input import BadInput
from workflows.draw import Entry, canonical_seed, draw, pool_fingerprint

POOL = [Entry(3, "b"), Entry(1, "a"), Entry(2, "a"), Entry(7), Entry(5)]


def by_hand(entries: list[Entry], seats: int, most: int, seed: str) -> list[int]:
    """Steps 1 to 4 of the description, written anew."""
    lines = "\n".join([f"{seats}\t{most}"] + [f"{e.id}\t{e.institution}" for e in sorted(entries, key=lambda e: e.id)])
    pool = sha256(lines.encode()).hexdigest()
    order = sorted(entries, key=lambda e: sha256(f"{pool}\n{seed}\n{e.id}".encode()).hexdigest())
    seated: list[Entry] = []
    for entry in order:
        if len(seated) < seats and not (
            entry.institution and sum(e.institution == entry.institution for e in seated) >= most
        ):
            seated.append(entry)
    return [e.id for e in seated]


def test_a_known_draw_stays_as_it_is() -> None:
    assert pool_fingerprint(POOL, 3, 1) == sha256(b"3\t1\n1\ta\n2\ta\n3\tb\n5\t\n7\t").hexdigest()
    found = draw(POOL, 3, 1, "3 11 19 27 33 41")
    assert [one.id for one in found if one.seat] == by_hand(POOL, 3, 1, "3 11 19 27 33 41")
    assert [one.id for one in found] == [one.id for one in draw(POOL[::-1], 3, 1, " 3  11 19\n27 33 41 ")]


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from(["", "a", "b"])), max_size=12), st.integers(1, 6),
       st.integers(1, 2), st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12))  # fmt: skip
def test_the_draw_is_what_its_description_says(people, seats, most, seed) -> None:
    entries = [Entry(id_, institution) for id_, institution in dict(people).items()]
    found = draw(entries, seats, most, seed)
    assert [one.id for one in found if one.seat] == by_hand(entries, seats, most, canonical_seed(seed))
    assert [one.seat for one in found if one.seat] == list(range(1, 1 + sum(bool(o.seat) for o in found)))
    assert [one.place for one in found] == list(range(1, len(entries) + 1))
    assert all((one.seat is None) + (one.substitute is None) + (not one.crowded) == 2 for one in found)


def test_another_seed_or_another_pool_gives_another_order() -> None:
    orders = {tuple(one.id for one in draw(POOL, 3, 1, str(n))) for n in range(40)}
    assert len(orders) > 20
    assert [t.ticket for t in draw(POOL, 3, 1, "x")] != [t.ticket for t in draw(POOL[:-1], 3, 1, "x")]


def test_everyone_has_an_equal_chance_over_many_seeds() -> None:
    entries = [Entry(n) for n in range(1, 11)]
    drawn = Counter(one.id for n in range(2000) for one in draw(entries, 3, 1, f"seed {n}") if one.seat)
    assert all(500 < drawn[n] < 700 for n in range(1, 11)), drawn


def test_no_institution_is_not_an_institution() -> None:
    assert sum(bool(one.seat) for one in draw([Entry(1), Entry(2), Entry(3)], 3, 1, "x")) == 3


@pytest.mark.parametrize(
    ("entries", "seats", "most", "seed", "field"),
    [
        (POOL, 0, 1, "x", "seats"),
        (POOL, 1, 0, "x", "most_per_institution"),
        (POOL, 1, 1, " \n", "seed"),
        ([Entry(1), Entry(1)], 1, 1, "x", "entries"),
        ([Entry(1, "a\tb")], 1, 1, "x", "entries"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_its_field(entries, seats, most, seed, field) -> None:
    with pytest.raises(BadInput) as wrong:
        draw(entries, seats, most, seed)
    assert wrong.value.field == field
