"""One answer: from what was typed to the value that is kept, or the sentence that says what is wrong with it.

A value that cannot be read comes back as typed beside its fault; nothing is guessed and nothing is cut.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from app.countries import all_countries
from app.intake.typed import clean, one_line
from workflows.form_schema import Question
from workflows.text import Text

Read = tuple[Any, Text | None]

NEEDED = Text("입력해 주십시오.", "Please fill this in.")
CHOOSE = Text("선택해 주십시오.", "Please choose.")
CONFIRM = Text("읽고 확인해 주십시오.", "Read this and confirm it.")
DAY = Text("날짜를 2027-03-15처럼 적어 주십시오.", "Write the date like 2027-03-15.")
EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\]+\.[^\s@<>(),;:\"\[\]\\.]{2,}")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,28}")
URL = re.compile(r"https?://[^\s/]+\.[^\s]+")
WHOLE = re.compile(r"\d+|\d{1,3}(,\d{3})+|\d{1,3}(\.\d{3})+|\d{1,3}( \d{3})+|\d{1,3}('\d{3})+")
DEGREES = re.compile(r"[+-]?\d{1,3}([.,]\d{1,7})?")


def read(question: Question, typed: Any) -> Read:
    """The value of one simple question (every kind but rows and files), or the typed text and its fault.

    An empty answer is None; it is a fault only where the question is required.
    """
    value, fault = READERS[question.kind](question, typed)
    if fault is None and (value is None or value is False) and question.required:
        chosen = question.kind in ("choice", "choices", "yes_no", "country")
        return value, CONFIRM if question.kind == "declaration" else CHOOSE if chosen else NEEDED
    return value, fault


def _text(question: Question, typed: Any) -> Read:
    tidy = one_line(str(typed or "")) if question.kind != "text" else clean(str(typed or "")).strip()
    if not tidy:
        return None, None
    return tidy, _length(question, len(tidy))


def _length(question: Question, length: int) -> Text | None:
    if question.max is not None and length > question.max:
        over = length - question.max
        return Text(
            f"최대 {question.max:,}자까지 쓸 수 있습니다. {over:,}자를 줄여 주십시오.",
            f"At most {question.max:,} characters; please shorten it by {over:,}.",
        )
    if question.min is not None and length < question.min:
        return Text(
            f"{question.min:,}자 이상 적어 주십시오. 지금은 {length:,}자입니다.",
            f"Write at least {question.min:,} characters; there are {length:,} now.",
        )
    return None


def _pattern(pattern: re.Pattern[str], fault: Text) -> Callable[[Question, Any], Read]:
    def read_it(question: Question, typed: Any) -> Read:
        tidy = one_line(str(typed or ""))
        if not tidy:
            return None, None
        return tidy, None if pattern.fullmatch(tidy) and len(tidy) <= 254 else fault

    return read_it


def _choice(question: Question, typed: Any) -> Read:
    if typed in (None, ""):
        return None, None
    return typed, None if typed in question.values else CHOOSE


def _choices(question: Question, typed: Any) -> Read:
    value = list(dict.fromkeys(str(item) for item in typed or []))
    if set(value) - question.values:
        return value, CHOOSE
    if question.max is not None and len(value) > question.max:
        return value, Text(f"{question.max}개까지 고를 수 있습니다.", f"Choose at most {question.max}.")
    if value and question.min is not None and len(value) < question.min:
        return value, Text(f"{question.min}개 이상 골라 주십시오.", f"Choose at least {question.min}.")
    return value or None, None


def _whole(question: Question, typed: Any) -> Read:
    """A whole number, with or without separators of thousands; "1.5" and "4,8" are not read as something else."""
    tidy = one_line(str("" if typed is None else typed))
    if not tidy:
        return None, None
    plain = normalize("NFKC", tidy).removeprefix("₩").removeprefix("KRW").removesuffix("원").strip()
    plain = plain.replace("’", "'").replace("\u00a0", " ")
    negative = plain.startswith(("-", "−"))
    if not WHOLE.fullmatch(plain.lstrip("-−")) or not plain.isascii() or len(plain) > 24:
        return tidy, Text("숫자로 적어 주십시오. 예: 480,000,000", "Write a whole number, such as 480,000,000.")
    value = int(re.sub(r"\D", "", plain)) * (-1 if negative else 1)
    return _within(question, value, tidy)


def _within(question: Question, value: int, tidy: str) -> Read:
    least = question.min if question.min is not None else 0
    if value < least:
        return tidy, Text(f"{least:,} 이상이어야 합니다.", f"It must be at least {least:,}.")
    if question.max is not None and value > question.max:
        return tidy, Text(f"{question.max:,} 이하여야 합니다.", f"It must be at most {question.max:,}.")
    return value, None


def _month(question: Question, typed: Any) -> Read:
    tidy = one_line(str(typed or ""))
    if not tidy:
        return None, None
    found = re.fullmatch(r"(20\d\d)\s?[-./년]\s?(0?[1-9]|1[0-2])월?\.?", tidy)
    if not found:
        return tidy, Text("연도와 월을 2027-03처럼 적어 주십시오.", "Write year and month like 2027-03.")
    return f"{found[1]}-{int(found[2]):02d}", None


def _date(question: Question, typed: Any) -> Read:
    tidy = one_line(str(typed or ""))
    if not tidy:
        return None, None
    found = re.fullmatch(r"(\d{4})\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})[.일]?", tidy)
    try:
        return date(*map(int, found.groups())).isoformat() if found else tidy, None if found else DAY
    except ValueError:
        return tidy, DAY


def _country(question: Question, typed: Any) -> Read:
    if typed in (None, ""):
        return None, None
    return typed, None if typed in all_countries() else CHOOSE


def _coordinates(question: Question, typed: Any) -> Read:
    """Latitude and longitude as decimal strings; both or neither."""
    given = typed if isinstance(typed, Mapping) else {}
    pair = {axis: one_line(str(given.get(axis) or "")) for axis in ("lat", "lon")}
    if not any(pair.values()):
        return None, None
    if not all(pair.values()):
        return pair, Text("위도와 경도를 모두 적어 주십시오.", "Give both latitude and longitude.")
    for axis, bound in (("lat", 90), ("lon", 180)):
        if not DEGREES.fullmatch(pair[axis]) or abs(Decimal(pair[axis].replace(",", "."))) > bound:
            return pair, Text(
                "위도는 -90부터 90, 경도는 -180부터 180까지의 소수로 적어 주십시오.",
                "Latitude runs from -90 to 90 and longitude from -180 to 180, in decimals.",
            )
    return {axis: text.replace(",", ".").lstrip("+") for axis, text in pair.items()}, None


def _declaration(question: Question, typed: Any) -> Read:
    return bool(typed), None


READERS: dict[str, Callable[[Question, Any], Read]] = {
    "line": _text,
    "text": _text,
    "email": _pattern(EMAIL, Text("전자우편 주소를 확인해 주십시오.", "Check the e-mail address.")),
    "phone": _pattern(PHONE, Text("전화번호를 확인해 주십시오.", "Check the telephone number.")),
    "url": _pattern(URL, Text("주소(URL)를 확인해 주십시오.", "Check the address (URL).")),
    "choice": _choice,
    "yes_no": _choice,
    "choices": _choices,
    "money": _whole,
    "number": _whole,
    "month": _month,
    "date": _date,
    "country": _country,
    "coordinates": _coordinates,
    "declaration": _declaration,
}
