"""When something is due: the four ways Korean law counts days. Never reads the clock.

civil     행정기본법 6①, 민법 157, 160, 161: the first day is out; a last day on a Saturday, Sunday or
          public holiday moves to the next day that is none.
petition  민원처리법 19②: the first day is in; Saturdays, Sundays and holidays are not counted. 19③: months
          and years are counted by the calendar with the first day in, and the last day moves as in the
          civil count. 19① counts periods of 5 days or less in working hours from the minute of receipt; a
          date has no minutes, so the days are counted like the longer ones, which gives the earlier date.
sanction  행정기본법 6②: periods that restrict a right or impose a duty; the first day is in, the last day
          never moves.
backward  the latest day on which a thing may be done before an event ("7 days before the meeting", 위원회법
          9①): the event day and the day of doing are both out, the whole period lies between them; no day
          moves.

Pauses (행정절차법 시행령 11) take out both the day sent and the day received. They are days taken out of
the running count, so they count once when they overlap and not at all before the count runs or after it has
ended. A last day that would move into a pause moves on past it. A cap is counted from the same day by the
same rule without pauses: no pause moves it, and nothing is due after it (스마트도시법 49⑤: "in any case").
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal

from workflows.bad_input import BadInput
from workflows.deadline_words import sentence
from workflows.holidays_kr import FIRST_YEAR, KOREA, LAST_YEAR, Calendar, NoCalendar
from workflows.text import Text

Rule = Literal["civil", "petition", "sanction", "backward"]
Unit = Literal["days", "months", "years"]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Length:
    """How long: Length(30, "days")."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Pause:
    """Days not counted.

    From the day the request was sent to the day the answer was received, both taken out.
    """

    sent: date
    received: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due day and how it came about.

    `last` is the last counted day before it moved or met the cap, `paused` the days taken out between the
    start and `last`.
    """

    due: date
    cap_due: date | None
    last: date
    paused: int
    words: Text


def due(rule: Rule, start: date, length: Length, pauses: Sequence[Pause] = (), holidays: Calendar = KOREA) -> date:
    """The due day without any cap. For backward `start` is the event and the answer lies before it.

    Raises BadInput naming start, length.<unit>, pauses or pauses.<i>.received. Sources: the module's
    docstring.
    """
    return _moved(rule, _last(rule, start, length, pauses, holidays), length, pauses, holidays)


def deadline(
    rule: Rule,
    start: date,
    length: Length,
    pauses: Sequence[Pause] = (),
    cap: Length | None = None,
    holidays: Calendar = KOREA,
) -> Deadline:
    """The due day, the day of the cap (None without one) and the sentence.

    The due day is never after the cap.

    Raises BadInput as `due` does, and for a cap or a pause on a backward count, which has neither.
    """
    if rule == "backward" and cap is not None:
        raise BadInput("cap", "거꾸로 세는 기간에는 상한이 없습니다.", "a backward count has no cap")
    last = _last(rule, start, length, pauses, holidays)
    reached = _moved(rule, last, length, pauses, holidays)
    cap_due = None if cap is None else _named("cap", cap, lambda: due(rule, start, cap, (), holidays))
    paused = 0 if rule == "backward" else _days_out(start, last, pauses)
    words = sentence(rule, start, length, last, reached, paused, cap_due)
    return Deadline(reached if cap_due is None else min(reached, cap_due), cap_due, last, paused, words)


def _last(rule: Rule, start: date, length: Length, pauses: Sequence[Pause], holidays: Calendar) -> date:
    """The last day of the period before it moves.

    The plain count is tried first so that a fault is named rightly.
    """
    breaks = merged(pauses)
    _check(rule, start, length, pauses)
    plain = _named("length", length, lambda: _count(rule, start, length, (), holidays))
    if not breaks:
        return plain
    return _named("pauses", None, lambda: _count(rule, start, length, breaks, holidays))


def _moved(rule: Rule, last: date, length: Length, pauses: Sequence[Pause], holidays: Calendar) -> date:
    """민법 161 for the civil count and for petition periods in months or years.

    Every other last day stays.
    """
    if rule in ("sanction", "backward"):
        return last
    breaks = merged(pauses)

    def roll() -> date:
        day = last
        while holidays.is_off(day) or _is_out(day, breaks):
            day += ONE_DAY
        return day

    return _named("pauses" if pauses else "length", None if pauses else length, roll)


def _count(rule: Rule, start: date, length: Length, breaks: Sequence[Pause], holidays: Calendar) -> date:
    if rule == "backward":
        return _before(start, length)
    if rule == "petition" and length.unit == "days":
        return _working_days(start, length.count, breaks, holidays)
    first = start + ONE_DAY if rule == "civil" else start
    return _stretched(first, _end(first, length), breaks)


def _end(first: date, length: Length) -> date:
    """민법 160: the day before the corresponding day, or the last day of a month that lacks it (160③)."""
    if length.unit == "days":
        return first + timedelta(days=length.count - 1)
    year, month = _month(first, length, 1)
    if first.day > monthrange(year, month)[1]:
        return date(year, month, monthrange(year, month)[1])
    return date(year, month, first.day) - ONE_DAY


def _before(event: date, length: Length) -> date:
    """The latest day from which a whole period (민법 157, 160) still ends before the event day."""
    if length.unit == "days":
        return event - timedelta(days=length.count + 1)
    year, month = _month(event, length, -1)
    return date(year, month, min(event.day, monthrange(year, month)[1])) - ONE_DAY


def _month(day: date, length: Length, direction: int) -> tuple[int, int]:
    months = length.count * (12 if length.unit == "years" else 1)
    year, month = divmod(day.year * 12 + day.month - 1 + direction * months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("outside the calendar")
    return year, month + 1


def _stretched(first: date, last: date, breaks: Sequence[Pause]) -> date:
    """The last day after each pause that meets the running count has pushed it by the days it takes out."""
    for pause in breaks:
        begins = max(pause.sent, first)
        if begins <= last and pause.received >= first:
            last += pause.received - begins + ONE_DAY
    return last


def _working_days(start: date, count: int, breaks: Sequence[Pause], holidays: Calendar) -> date:
    """민원처리법 19②.

    The `count`-th day that is no Saturday, Sunday, holiday or paused day, the first day in.
    """
    day, left = start, count
    while True:
        if not (holidays.is_off(day) or _is_out(day, breaks)):
            left -= 1
            if left == 0:
                return day
        day += ONE_DAY


def merged(pauses: Sequence[Pause]) -> list[Pause]:
    """The pauses in order without overlaps, so that no day is taken out twice.

    Raises BadInput for a reversed one.
    """
    for i, pause in enumerate(pauses):
        if pause.received < pause.sent:
            raise BadInput(f"pauses.{i}.received", "받은 날이 보낸 날보다 앞섭니다.", "received before it was sent")
    breaks: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: p.sent):
        if breaks and pause.sent <= breaks[-1].received:
            breaks[-1] = Pause(breaks[-1].sent, max(breaks[-1].received, pause.received))
        else:
            breaks.append(pause)
    return breaks


def _is_out(day: date, breaks: Sequence[Pause]) -> bool:
    return any(pause.sent <= day <= pause.received for pause in breaks)


def _days_out(first: date, last: date, pauses: Sequence[Pause]) -> int:
    spans = ((max(p.sent, first), min(p.received, last)) for p in merged(pauses))
    return sum((end - begin).days + 1 for begin, end in spans if begin <= end)


def _check(rule: Rule, start: date, length: Length, pauses: Sequence[Pause]) -> None:
    if length.count < 1:
        raise BadInput(f"length.{length.unit}", "기간은 1 이상이어야 합니다.", "must be at least 1")
    if rule == "backward" and pauses:
        raise BadInput("pauses", "거꾸로 세는 기간은 멈추지 않습니다.", "a backward count has no pauses")
    if rule in ("civil", "petition") and not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise BadInput(
            "start",
            f"공휴일은 {FIRST_YEAR}년부터 {LAST_YEAR}년까지만 알 수 있습니다.",
            f"public holidays are known for {FIRST_YEAR}-{LAST_YEAR} only",
        )


def _named(field: str, length: Length | None, count: Callable[[], date]) -> date:
    """Run a count; when it leaves the calendar, say which field led there."""
    try:
        return count()
    except BadInput as fault:
        raise BadInput(fault.field.replace("length", field, 1), *fault.text) from fault
    except (OverflowError, NoCalendar) as fault:
        name = field if length is None else f"{field}.{length.unit}"
        raise BadInput(
            name, "달력이 있는 마지막 해를 넘어갑니다.", "leads beyond the last year with a calendar"
        ) from fault
