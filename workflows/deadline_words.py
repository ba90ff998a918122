"""The sentence under a deadline.

What was counted, what was taken out, why the last day moved. Decides nothing.
"""

from datetime import date
from typing import TYPE_CHECKING

from workflows.text import Text
from workflows.words import count_of, day, josa

if TYPE_CHECKING:
    from workflows.deadlines import Length, Rule, Unit

WEEKDAYS = (
    Text("월", "Mon"),
    Text("화", "Tue"),
    Text("수", "Wed"),
    Text("목", "Thu"),
    Text("금", "Fri"),
    Text("토", "Sat"),
    Text("일", "Sun"),
)
UNITS: "dict[Unit, tuple[str, str]]" = {
    "days": ("일", "day"),
    "months": ("개월", "month"),
    "years": ("년", "year"),
}
LEAD: "dict[Rule, Text]" = {
    "civil": Text("{start}의 다음 날부터 {length}을 세", "counting {length} from the day after {start}"),
    "petition": Text(
        "{start}을 첫날로 넣고 토요일과 공휴일을 빼고 {length}을 세",
        "counting {length} from {start}, that day included, without Saturdays, Sundays and holidays",
    ),
    "sanction": Text("{start}을 첫날로 넣어 {length}을 세", "counting {length} from {start}, that day included"),
}


def sentence(
    rule: "Rule",
    start: date,
    length: "Length",
    last: date,
    reached: date,
    paused: int,
    cap_due: date | None,
) -> Text:
    """The deadline in words with its arithmetic, Korean and English."""
    span = count_of(length.count, *UNITS[length.unit])
    if rule == "backward":
        return _backward(start, span, last)
    # 민원처리법 19③: months and years are counted by the calendar, only the first day is in
    lead = LEAD["sanction" if rule == "petition" and length.unit != "days" else rule]
    begin = day(start)
    ko = lead.ko.format(start=begin.ko, length=span.ko)
    en = lead.en.format(start=begin.en, length=span.en)
    return _ending(ko, en, last, reached, paused, cap_due)


def _ending(ko: str, en: str, last: date, reached: date, paused: int, cap_due: date | None) -> Text:
    if paused:
        out = count_of(paused, "일", "paused day")
        ko, en = f"{ko}되 멈춘 {out.ko}을 빼", f"{en} and taking out {out.en}"
    ko, en = (
        f"{ko}면 마지막 날은 {_dated(last).ko}입니다.",
        f"{en[0].upper()}{en[1:]}, the last day is {_dated(last).en}.",
    )
    if reached != last:
        ko += f" 그날은 토요일 또는 공휴일이어서 기한은 {josa(_dated(reached).ko, '으로/로')} 넘어갑니다."
        en += f" It is a Saturday, Sunday or public holiday, so the deadline moves to {_dated(reached).en}."
    if cap_due is not None:
        limit = _dated(cap_due)
        held = reached > cap_due
        ko += f" 멈춤과 관계없는 상한은 {limit.ko}{'이므로 기한은 이날입니다.' if held else '입니다.'}"
        en += f" The cap, which no pause moves, is {limit.en}{', and that is the deadline.' if held else '.'}"
    return Text(ko, en)


def _backward(event: date, span: Text, last: date) -> Text:
    begin, latest = _dated(event), _dated(last)
    return Text(
        f"{begin.ko}의 {span.ko} 전까지 하여야 하는 일은 그날과 하는 날을 모두 빼고 세어 "
        f"늦어도 {latest.ko}에 하여야 합니다.",
        f"What must be done {span.en} before {begin.en} must be done on {latest.en} at the latest, "
        "with the day of the event and the day of doing both left out.",
    )


def _dated(value: date) -> Text:
    name, text = WEEKDAYS[value.weekday()], day(value)
    return Text(f"{text.ko}({name.ko})", f"{name.en} {text.en}")
