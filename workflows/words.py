"""How amounts, days and counts are written in the two languages.

Money is never rounded; scores only here, after deciding.
"""

from datetime import date
from fractions import Fraction

from workflows.particles import josa
from workflows.text import Text

__all__ = ["count_of", "day", "four_places", "josa", "listing", "money", "score"]

MYRIADS = ("", "만", "억", "조", "경", "해")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def money(krw: int) -> Text:
    """An amount in won: 480000000 is "4억 8,000만 원" and "KRW 480 million"; 500000001 is "5억 1원"."""
    sign = "-" if krw < 0 else ""
    return Text(sign + _won(abs(krw)), sign + _krw(abs(krw)))


def _won(amount: int) -> str:
    groups: list[str] = []
    for unit in MYRIADS[:-1]:
        amount, group = divmod(amount, 10_000)
        if group:
            groups.append(f"{group:,}{unit}")
    if amount:
        groups.append(f"{amount:,}{MYRIADS[-1]}")
    text = " ".join(reversed(groups)) or "0"
    return f"{text}원" if text[-1].isdigit() else f"{text} 원"


def _krw(amount: int) -> str:
    """Millions as long as that is exact; otherwise the whole figure, so that the last won can be read."""
    if amount and amount % 1_000_000 == 0:
        return f"KRW {amount // 1_000_000:,} million"
    return f"KRW {amount:,}"


def day(value: date) -> Text:
    """A date: "2026. 11. 22." and "22 Nov 2026"."""
    month = MONTHS[value.month - 1]
    return Text(f"{value.year}. {value.month}. {value.day}.", f"{value.day} {month} {value.year}")


def count_of(number: int, ko: str, en: str, plural: str = "") -> Text:
    """A counted thing.

    Count_of(2, "명", "member") is "2명" and "2 members"; `plural` where adding s is wrong.
    """
    noun = en if number == 1 else plural or f"{en}s"
    return Text(f"{number:,}{ko}", f"{number:,} {noun}")


def listing(items: list[str], most: int = 5) -> Text:
    """Names in a row, the first `most` of them and how many more."""
    shown, more = ", ".join(items[:most]), len(items) - most
    if more <= 0:
        return Text(shown, shown)
    return Text(f"{shown} 외 {more:,}건", f"{shown} and {more:,} more")


def four_places(value: Fraction) -> str:
    """A score that is not negative as a decimal string, half-up to 4 places.

    2/3 is "0.6667", 84.5 is "84.5000".
    """
    units = (value * 20_000 + 1) // 2
    return f"{units // 10_000}.{units % 10_000:04d}"


def score(value: Fraction) -> str:
    """A score as people read it: four places without the zeros at the end."""
    return four_places(value).rstrip("0").removesuffix(".")
