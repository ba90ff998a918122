"""The only reader of time. Instants are UTC; days of law are days in Seoul."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """This instant, UTC, to the microsecond."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Inside, it is `moment`.

    Only for the demo and synthetic data, whose cases were lived through in the past; never for a service or page.
    """
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> date:
    """Today's date in Seoul: the date that deadlines are counted from."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The date in Seoul on which `moment` falls."""
    return moment.astimezone(SEOUL).date()


def seoul(moment: datetime) -> datetime:
    """`moment` as the clock on the wall in Seoul shows it."""
    return moment.astimezone(SEOUL)


def from_seoul(text: str) -> datetime:
    """A UTC instant from a Seoul wall time such as "2026-12-01T14:00".

    Raises:
        ValueError: not a date and time.
    """
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)
