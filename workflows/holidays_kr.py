"""Korean public holidays with substitutes, and what an operator adds or removes.

Never guesses a year it has no calendar for.

Source: 공휴일에 관한 법률 and 관공서의 공휴일에 관한 규정 Art. 2 (holidays) and 3 (substitutes), as the
`holidays` library keeps them. 노동절 (1 May) and 제헌절 (17 July) are public holidays since 2026, both with
substitutes; 1 January and 현충일 have none; 설날 and 추석 only against a Sunday or another holiday. Before
2026 1 May was a holiday of employees (근로자의 날), not a public holiday, and does not move a deadline.
Temporary holidays are announced weeks ahead: that is what `add` is for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

FIRST_YEAR, LAST_YEAR = 1948, 2100  # what the lunar tables of the library cover
SATURDAY = 5


class NoCalendar(ValueError):
    """A day outside the years whose holidays are known."""


@cache
def of_year(year: int) -> Mapping[date, str]:
    """The public holidays of one year with their Korean names. Raises NoCalendar outside 1948-2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoCalendar(f"no public holidays are known for {year}")
    return dict(holidays.country_holidays("KR", years=year, language="ko"))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The public holidays, with days added (a temporary holiday) and removed by the operator."""

    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a public holiday (Sundays aside)."""
        return day in self.added or (day in of_year(day.year) and day not in self.removed)

    def is_off(self, day: date) -> bool:
        """Whether the day is a Saturday, a Sunday or a public holiday (민법 161; 민원처리법 19)."""
        return day.weekday() >= SATURDAY or self.is_holiday(day)


KOREA = Calendar()
