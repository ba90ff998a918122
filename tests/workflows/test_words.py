"""How the house writes amounts, days, counts, scores and Korean particles."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import words
from workflows.particles import BOTH


@pytest.mark.parametrize(
    ("krw", "ko", "en"),
    [
        (480_000_000, "4억 8,000만 원", "KRW 480 million"),
        (500_000_000, "5억 원", "KRW 500 million"),
        (500_000_001, "5억 1원", "KRW 500,000,001"),
        (0, "0원", "KRW 0"),
        (9_500, "9,500원", "KRW 9,500"),
        (10_000, "1만 원", "KRW 10,000"),
        (1_000_000, "100만 원", "KRW 1 million"),
        (1_500_000_000, "15억 원", "KRW 1,500 million"),
        (1_200_000_000_000, "1조 2,000억 원", "KRW 1,200,000 million"),
        (-480_000_000, "-4억 8,000만 원", "-KRW 480 million"),
        (12_345_678, "1,234만 5,678원", "KRW 12,345,678"),
        (10**24, "10,000해 원", "KRW 1,000,000,000,000,000,000 million"),
    ],
)
def test_an_amount_is_written_exactly(krw: int, ko: str, en: str) -> None:
    assert words.money(krw) == (ko, en)


@given(st.integers(min_value=0, max_value=10**19))
def test_no_won_is_lost_in_writing(krw: int) -> None:
    units = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
    total = 0
    for group in words.money(krw).ko.removesuffix("원").split():
        total += int(group.rstrip("만억조경").replace(",", "")) * units.get(group[-1], 1)
    assert total == krw


@pytest.mark.parametrize(
    ("word", "object_", "by"),
    [
        ("의결", "을", "로"),
        ("보완 요청", "을", "으로"),
        ("위원회", "를", "로"),
        ("서울", "을", "로"),
        ("인천(Incheon)", "을", "으로"),
        ("“스마트 도시”", "를", "로"),
        ("「민법」", "을", "으로"),
        ("(가)", "를", "로"),
        ("의결 (안)", "을", "로"),
        ("의결)", "을", "로"),
        ("2026. 11. 22.", "을", "로"),
        ("2026. 11. 25.", "을", "로"),
        ("0", "을", "으로"),
        ("10", "을", "으로"),
        ("12", "를", "로"),
        ("3", "을", "으로"),
        ("7", "을", "로"),
        ("1,000", "을", "으로"),
        ("10000", "을", "으로"),
        ("1000000000000", "를", "로"),
        ("3.5", "를", "로"),
        ("4.10", "을", "으로"),
        ("KCN-2026-0001", "을", "로"),
        ("85%", "를", "로"),
        ("100㎡", "을", "으로"),
        ("KIND", "를", "로"),
        ("URL", "을", "로"),
        ("PM", "을", "으로"),
        ("A", "를", "로"),
        ("R", "을", "로"),
        ("Bandung", "을", "으로"),
        ("Nepal", "을", "로"),
        ("Jakarta", "를", "로"),
        ("Tashkent", "를", "로"),
        ("Khon Kaen", "을", "으로"),
    ],
)
def test_a_particle_fits_the_way_a_word_is_read(word: str, object_: str, by: str) -> None:
    assert words.josa(word, "을/를") == word + object_
    assert words.josa(word, "으로/로") == word + by


@pytest.mark.parametrize("word", ["Bishkek", "Gaziantep", "Rome", "", "()", "漢", "…"])
def test_where_the_reading_is_unsure_both_particles_are_written(word: str) -> None:
    for pair, both in BOTH.items():
        assert words.josa(word, pair) == word + both


@pytest.mark.parametrize(
    ("pair", "after_consonant", "after_vowel"),
    [("이/가", "의결이", "회의가"), ("은/는", "의결은", "회의는"), ("과/와", "의결과", "회의와")],
)
def test_each_pair_has_its_two_forms(pair: str, after_consonant: str, after_vowel: str) -> None:
    assert words.josa("의결", pair) == after_consonant
    assert words.josa("회의", pair) == after_vowel


def test_an_unknown_pair_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="no such pair"):
        words.josa("의결", "를/을")


def test_days_counts_lists_and_scores() -> None:
    assert words.day(date(2026, 11, 22)) == ("2026. 11. 22.", "22 Nov 2026")
    assert words.day(date(2027, 1, 6)) == ("2027. 1. 6.", "6 Jan 2027")
    assert words.count_of(1, "명", "member") == ("1명", "1 member")
    assert words.count_of(1200, "명", "member") == ("1,200명", "1,200 members")
    assert words.count_of(2, "개국", "country", "countries") == ("2개국", "2 countries")
    assert words.listing(["A", "B"]) == ("A, B", "A, B")
    assert words.listing(["A", "B", "C"], most=2) == ("A, B 외 1건", "A, B and 1 more")


@pytest.mark.parametrize(
    ("value", "exact", "short"),
    [
        (Fraction(2, 3), "0.6667", "0.6667"),
        (Fraction(169, 2), "84.5000", "84.5"),
        (Fraction(100), "100.0000", "100"),
        (Fraction(0), "0.0000", "0"),
        (Fraction(5, 100_000), "0.0001", "0.0001"),
        (Fraction(49_999, 1_000_000_000), "0.0000", "0"),
    ],
)
def test_a_score_is_rounded_half_up_to_four_places(value: Fraction, exact: str, short: str) -> None:
    assert words.four_places(value) == exact
    assert words.score(value) == short
