"""The order in which the demo is lived through: steps with their time, one line of them for all cases.

Times of day are drawn from the name of the case, so that they look lived in and are the same on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zlib import crc32

from app import clock
from workflows.holidays_kr import Calendar

AS_OF = date(2026, 11, 20)
"""The last working day the demo knows of; what would come later has not happened yet."""
EARLIEST = clock.from_seoul("2020-01-01T00:00")
OFFICE = 9 * 60 + 20
HOURS = 7 * 60
_calendar = Calendar()


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done at a moment."""

    at: datetime
    run: Callable[[], object]


@dataclass
class Diary:
    """The steps of one case or sitting; each comes after the one before."""

    name: str
    steps: list[Step] = field(default_factory=list)
    _last: datetime = EARLIEST

    def on(self, day: str | date, run: Callable[[], object], minutes: int | None = None) -> None:
        """Something done on a day, at the minute of the day given or at one drawn from the name."""
        drawn = OFFICE + self._draw() % HOURS if minutes is None else minutes
        when = clock.from_seoul(f"{day}T00:00") + timedelta(minutes=drawn, seconds=self._draw() % 60)
        if when <= self._last:
            when = self._last + timedelta(minutes=4 + self._draw() % 13, seconds=self._draw() % 60)
        self._add(when, run)

    def at(self, moment: str | datetime, run: Callable[[], object]) -> None:
        """Something done at that very moment."""
        self._add(datetime.fromisoformat(moment) if isinstance(moment, str) else moment, run)

    def aside(self, moment: str, run: Callable[[], object]) -> None:
        """The same, beside the order of the others (a message)."""
        self.steps.append(Step(datetime.fromisoformat(moment), run))

    def _add(self, when: datetime, run: Callable[[], object]) -> None:
        self._last = max(self._last, when)
        self.steps.append(Step(when, run))

    def _draw(self) -> int:
        return crc32(f"{self.name} {len(self.steps)}".encode())


def working_day(day: str | date, ahead: int) -> date:
    """The day `ahead` working days later (or earlier), never after AS_OF."""
    found, step = date.fromisoformat(str(day)), timedelta(days=1 if ahead >= 0 else -1)
    for _ in range(abs(ahead)):
        found += step
        while _calendar.is_off(found):
            found += step
    return min(found, AS_OF)


def live_through(diaries: list[Diary]) -> None:
    """Do all steps in the order of their time, each as if it were then."""
    steps = [step for diary in diaries for step in diary.steps]
    for step in sorted(steps, key=lambda one: one.at):
        with clock.pretend(step.at):
            step.run()
