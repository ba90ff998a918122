"""The four ways of counting days: 민법 157-161, 행정기본법 6, 민원처리법 19, 행정절차법 시행령 11."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.bad_input import BadInput
from workflows.deadlines import Length, Pause, Rule, Unit, deadline, due
from workflows.holidays_kr import KOREA, Calendar, NoCalendar, of_year

D = date.fromisoformat
DAY = timedelta(days=1)


def length(text: str) -> Length:
    units: dict[str, Unit] = {"d": "days", "m": "months", "y": "years"}
    return Length(int(text[:-1]), units[text[-1]])


@pytest.mark.parametrize(
    ("rule", "start", "span", "expected"),
    [
        # the domain paper's vectors
        ("civil", "2026-11-23", "30d", "2026-12-23"),
        ("petition", "2026-11-23", "30d", "2027-01-05"),
        ("civil", "2026-09-14", "30d", "2026-10-14"),
        ("petition", "2026-09-14", "30d", "2026-10-29"),
        ("civil", "2026-12-03", "60d", "2027-02-01"),
        ("civil", "2026-11-23", "90d", "2027-02-22"),
        ("civil", "2026-11-23", "120d", "2027-03-23"),
        ("backward", "2027-10-05", "2m", "2027-08-04"),
        ("civil", "2027-10-05", "30d", "2027-11-04"),
        # the contract's
        ("backward", "2026-12-18", "7d", "2026-12-10"),
        # 민법 160: months by the calendar, from the first counted day
        ("civil", "2026-11-23", "2m", "2027-01-25"),  # 23 January is a Saturday
        ("civil", "2027-01-30", "1m", "2027-03-02"),  # no 31 February: Sunday 28th, then 1 March
        ("civil", "2028-01-30", "1m", "2028-02-29"),  # a leap year has the 29th
        ("civil", "2028-01-28", "1m", "2028-02-28"),
        ("civil", "2027-03-31", "1m", "2027-04-30"),  # from 1 April: the whole of April
        ("civil", "2026-11-23", "4y", "2030-11-25"),  # 23 November 2030 is a Saturday
        ("civil", "2028-02-28", "1y", "2029-02-28"),  # from 29 February: none in 2029
        # 민법 161: over 설날 with its substitute, 추석, the year's end
        ("civil", "2027-01-27", "10d", "2027-02-10"),
        ("civil", "2026-09-14", "10d", "2026-09-28"),
        ("civil", "2026-12-01", "31d", "2027-01-04"),
        ("civil", "2026-07-16", "1d", "2026-07-20"),  # 제헌절 on a Friday, a holiday since 2026
        ("civil", "2025-04-30", "1d", "2025-05-01"),  # 근로자의 날 was none before 2026
        # 민원처리법 19: first day in, and only days that are worked
        ("petition", "2026-11-23", "1d", "2026-11-23"),
        ("petition", "2026-11-21", "1d", "2026-11-23"),
        ("petition", "2026-11-23", "5d", "2026-11-27"),
        ("petition", "2026-11-23", "6d", "2026-11-30"),
        ("petition", "2026-11-23", "1m", "2026-12-22"),
        ("petition", "2026-12-03", "1m", "2027-01-04"),  # 2 January is a Saturday
        # 행정기본법 6②: first day in, the last day stays
        ("sanction", "2026-11-23", "1d", "2026-11-23"),
        ("sanction", "2026-11-23", "6m", "2027-05-22"),
        ("sanction", "2027-02-01", "7d", "2027-02-07"),
        ("sanction", "2027-02-01", "1m", "2027-02-28"),
        # backward: neither the event nor the day of doing, no moving
        ("backward", "2026-11-23", "1d", "2026-11-21"),
        ("backward", "2027-03-31", "1m", "2027-02-27"),
        ("backward", "2028-02-29", "1y", "2027-02-27"),
        ("backward", "2027-01-15", "1m", "2026-12-14"),
    ],
)
def test_a_period_ends_on_its_day(rule: Rule, start: str, span: str, expected: str) -> None:
    assert due(rule, D(start), length(span)) == D(expected)


@pytest.mark.parametrize(
    ("rule", "start", "span", "pauses", "expected"),
    [
        ("civil", "2026-11-23", "30d", ["2026-12-01/2026-12-14"], "2027-01-06"),
        ("petition", "2026-11-23", "30d", ["2026-12-01/2026-12-14"], "2027-01-19"),
        # overlapping and touching pauses take a day out once
        ("civil", "2026-11-23", "30d", ["2026-12-01/2026-12-10", "2026-12-08/2026-12-14"], "2027-01-06"),
        ("civil", "2026-11-23", "30d", ["2026-12-11/2026-12-14", "2026-12-01/2026-12-10"], "2027-01-06"),
        # a pause of one day is one day
        ("civil", "2026-11-23", "10d", ["2026-11-25/2026-11-25"], "2026-12-04"),
        # before the count runs, and from the first day that is out
        ("civil", "2026-11-23", "10d", ["2026-11-01/2026-11-23"], "2026-12-03"),
        ("civil", "2026-11-23", "10d", ["2026-11-20/2026-11-24"], "2026-12-04"),
        # on the last day; after it
        ("civil", "2026-11-23", "10d", ["2026-12-03/2026-12-03"], "2026-12-04"),
        ("civil", "2026-11-23", "10d", ["2026-12-04/2026-12-20"], "2026-12-03"),
        # only reached because another pause pushed the last day there
        ("civil", "2026-11-23", "10d", ["2026-12-03/2026-12-03", "2026-12-04/2026-12-04"], "2026-12-07"),
        # the last day falls on Saturday; the Monday it would move to is paused
        ("civil", "2026-11-23", "5d", ["2026-11-30/2026-12-01"], "2026-12-02"),
        # months are stretched by the days taken out
        ("civil", "2026-11-23", "1m", ["2026-12-01/2026-12-14"], "2027-01-06"),
        ("sanction", "2026-11-23", "5d", ["2026-11-23/2026-11-24"], "2026-11-29"),
        # days that are not worked cannot be taken out of working days again
        ("petition", "2026-11-23", "6d", ["2026-11-28/2026-11-29"], "2026-11-30"),
        ("petition", "2026-11-23", "1m", ["2026-11-23/2026-11-23"], "2026-12-23"),
    ],
)
def test_a_pause_takes_out_both_its_days(rule: Rule, start: str, span: str, pauses: list[str], expected: str) -> None:
    stops = [Pause(*(D(end) for end in pause.split("/"))) for pause in pauses]
    assert due(rule, D(start), length(span), stops) == D(expected)


def test_the_contracts_example() -> None:
    calendar = Calendar(added=frozenset({D("2027-01-04")}))
    stop = Pause(D("2026-12-01"), D("2026-12-14"))
    found = deadline("civil", D("2026-11-23"), length("30d"), [stop], None, calendar)
    assert (found.due, found.cap_due, found.paused) == (D("2027-01-06"), None, 14)
    assert "30일" in found.words.ko and "14일" in found.words.ko and "2027. 1. 6." in found.words.ko
    assert "14 paused days" in found.words.en and "6 Jan 2027" in found.words.en


def test_holidays_can_be_added_and_removed() -> None:
    temporary = Calendar(added=frozenset({D("2026-12-23")}))
    assert due("civil", D("2026-11-23"), length("30d"), (), temporary) == D("2026-12-24")
    worked = Calendar(removed=frozenset({D("2026-12-25")}))
    assert due("civil", D("2026-11-25"), length("30d")) == D("2026-12-28")
    assert due("civil", D("2026-11-25"), length("30d"), (), worked) == D("2026-12-25")
    assert Calendar(removed=frozenset({D("2026-11-22")})).is_off(D("2026-11-22")), "a Sunday stays a Sunday"


def test_substitute_holidays_follow_the_rules_of_2026() -> None:
    assert not KOREA.is_off(D("2026-06-08")), "현충일 has no substitute"
    assert KOREA.is_holiday(D("2027-05-03")), "노동절 on a Saturday"
    assert KOREA.is_holiday(D("2027-02-09")), "설날 on a Sunday"
    assert not KOREA.is_off(D("2026-09-28")), "추석 on a Saturday has none"
    with pytest.raises(NoCalendar):
        of_year(2101)


def test_nothing_is_due_after_the_cap() -> None:
    long = Pause(D("2026-12-01"), D("2027-03-14"))
    found = deadline("civil", D("2026-11-23"), length("30d"), [long], length("90d"))
    assert found.due == found.cap_due == D("2027-02-22")
    assert "상한은 2027. 2. 22.(월)이므로" in found.words.ko
    free = deadline("civil", D("2026-11-23"), length("30d"), [], length("90d"))
    assert (free.due, free.cap_due) == (D("2026-12-23"), D("2027-02-22"))


def test_the_sentence_says_why_the_day_moved() -> None:
    moved = deadline("civil", D("2026-11-23"), length("90d"))
    assert "2027. 2. 21.(일)" in moved.words.ko and "2027. 2. 22.(월)로 넘어갑니다" in moved.words.ko
    before = deadline("backward", D("2026-12-18"), length("7d"))
    assert "2026. 12. 10.(목)" in before.words.ko and "10 Dec 2026" in before.words.en
    assert "토요일과 공휴일을 빼고" in deadline("petition", D("2026-11-23"), length("6d")).words.ko
    assert "토요일과 공휴일을 빼고" not in deadline("petition", D("2026-11-23"), length("1m")).words.ko


@pytest.mark.parametrize(
    ("field", "rule", "start", "span", "pauses", "cap"),
    [
        ("length.days", "civil", "2026-11-23", "0d", [], None),
        ("length.months", "civil", "2026-11-23", "-1m", [], None),
        ("length.days", "petition", "2026-11-23", "99999999999d", [], None),
        ("length.days", "civil", "2026-11-23", "99999999999d", [], None),
        ("length.years", "civil", "2026-11-23", "80y", [], None),
        ("length.months", "sanction", "2026-11-23", "9999999m", [], None),
        ("length.years", "backward", "2026-11-23", "2026y", [], None),
        ("length.days", "backward", "2026-11-23", "800000d", [], None),
        ("cap.days", "civil", "2026-11-23", "30d", [], "0d"),
        ("cap.years", "civil", "2026-11-23", "30d", [], "99y"),
        ("cap", "backward", "2026-11-23", "30d", [], "90d"),
        ("pauses", "backward", "2026-11-23", "30d", ["2026-11-01/2026-11-02"], None),
        (
            "pauses.1.received",
            "civil",
            "2026-11-23",
            "3d",
            ["2026-11-24/2026-11-24", "2026-12-02/2026-12-01"],
            None,
        ),
        ("pauses", "civil", "2026-11-23", "3d", ["2026-11-24/9999-12-31"], None),
        ("pauses", "civil", "2026-11-23", "3d", ["2026-11-24/2105-01-01"], None),
        ("start", "civil", "1947-12-31", "3d", [], None),
        ("start", "petition", "2101-01-01", "3d", [], None),
    ],
)
def test_what_cannot_be_is_named(
    field: str, rule: Rule, start: str, span: str, pauses: list[str], cap: str | None
) -> None:
    stops = [Pause(*(D(end) for end in pause.split("/"))) for pause in pauses]
    with pytest.raises(BadInput) as refused:
        deadline(rule, D(start), length(span), stops, length(cap) if cap else None)
    assert refused.value.field == field


starts = st.dates(date(2024, 1, 1), date(2030, 12, 31))
forward: st.SearchStrategy[Rule] = st.sampled_from(["civil", "petition", "sanction"])


@st.composite
def stops(draw: st.DrawFn) -> list[Pause]:
    return [
        Pause(sent, sent + timedelta(days=draw(st.integers(0, 30))))
        for sent in draw(st.lists(st.dates(date(2024, 1, 1), date(2031, 12, 31)), max_size=4))
    ]


@given(forward, starts, st.integers(1, 60), st.integers(60, 120), stops())
def test_no_pause_moves_a_cap(rule: Rule, start: date, days: int, most: int, pauses: list[Pause]) -> None:
    span, cap = Length(days, "days"), Length(most, "days")
    plain, paused = deadline(rule, start, span, (), cap), deadline(rule, start, span, pauses, cap)
    assert plain.cap_due == paused.cap_due
    assert paused.cap_due is not None and plain.due <= paused.due <= paused.cap_due


@given(forward, starts, st.integers(1, 60), stops())
def test_the_count_agrees_with_counting_day_by_day(rule: Rule, start: date, days: int, pauses: list[Pause]) -> None:
    def counts(day: date) -> bool:
        paused = any(pause.sent <= day <= pause.received for pause in pauses)
        return not paused and not (rule == "petition" and KOREA.is_off(day))

    day, left = start - DAY if rule != "civil" else start, days
    while left:
        day += DAY
        left -= counts(day)
    while rule == "civil" and (KOREA.is_off(day) or not counts(day)):
        day += DAY
    assert due(rule, start, Length(days, "days"), pauses) == day


@given(starts, st.integers(1, 36))
def test_a_whole_period_lies_between_the_doing_and_the_event(event: date, months: int) -> None:
    span = Length(months, "months")
    latest = due("backward", event, span)
    after = latest + DAY
    assert due("sanction", latest + DAY, span) < event, "counted forwards it ends before the event"
    assert due("sanction", after + DAY, span) >= event, "and a day later it would not"


@given(starts, st.integers(1, 48))
def test_a_year_is_twelve_months(start: date, years: int) -> None:
    assume(start.year + years < 2100)
    twelve = Length(12 * years, "months")
    assert due("civil", start, Length(years, "years")) == due("civil", start, twelve)
