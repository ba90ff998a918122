"""Korean and English beside each other: which one this reader gets, and how amounts, dates and times read."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, request

from app import clock
from workflows import citations, words
from workflows.text import Text

LANGS = ("ko", "en")
COOKIE = "lang"
YEAR = 365 * 24 * 3600
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("월화수목금토일", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def lang() -> str:
    """The reader's language: ?lang=, else the choice remembered, else Accept-Language, else Korean."""
    if not has_request_context():
        return "ko"
    found: str | None = g.get("lang")
    if found is None:
        asked = request.args.get("lang") or request.cookies.get(COOKIE)
        if asked not in LANGS:
            asked = request.accept_languages.best_match(LANGS) or "ko"
        found = g.lang = asked
    return found


def t(ko: str, en: str) -> str:
    """The words in the reader's language."""
    return en if lang() == "en" else ko


BY_LANGUAGE: dict[str, Callable[[str, str], str]] = {"ko": lambda ko, en: ko, "en": lambda ko, en: en}
"""`t` for a page whose language is known: 90 words of a page took 209 us by `t` and take 7."""


def tr(value: Any) -> str:
    """A Text, or a mapping or object with `ko` and `en`, in the reader's language; falls back to the other one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        ko, en = value.get("ko", ""), value.get("en", "")
    else:
        ko, en = value.ko, value.en
    return str((en or ko) if lang() == "en" else (ko or en))


def krw(amount: int | None) -> str:
    """An amount of KRW in words."""
    return "" if amount is None else tr(words.money(amount))


def counted(number: int, noun: str, plural: str = "") -> str:
    """In English: "1 file", "2 files"; `plural` where adding s is wrong."""
    return words.count_of(number, "", noun, plural).en


def day(value: date | str | None, language: str | None = None) -> str:
    """A date (or one as JSON keeps it): 2026. 11. 22. / 22 Nov 2026."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if (language or lang()) == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}. {value.month}. {value.day}."


def moment(value: datetime | str | None, language: str | None = None) -> str:
    """An instant (or one as JSON keeps it) as Seoul's clock shows it, with the zone."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    there = clock.seoul(value)
    return f"{day(there.date(), language)} {there:%H:%M} KST"


def hour(value: datetime | str | None) -> str:
    """The time of day (or of one as JSON keeps it) on Seoul's clock: 14:05."""
    if not value:
        return ""
    return f"{clock.seoul(datetime.fromisoformat(value) if isinstance(value, str) else value):%H:%M}"


def cite(citation: str | None) -> str:
    """An article of law as the reader's language cites it."""
    if not citation:
        return ""
    return citations.english(citation) if lang() == "en" else citation


def number(value: int | None) -> str:
    """A whole number with separators."""
    return "" if value is None else f"{value:,}"


class Label:
    """Words that decide their language when they are shown (labels of forms are made at import)."""

    def __init__(self, ko: str, en: str) -> None:
        self.text = Text(ko, en)

    def __str__(self) -> str:
        return tr(self.text)

    def __html__(self) -> str:
        from markupsafe import escape

        return str(escape(str(self)))


def _other_lang_url() -> str:
    """This page in the other language."""
    args = {**request.args.to_dict(), "lang": "ko" if lang() == "en" else "en"}
    path = request.path if request.method == "GET" else "/"
    return f"{path}?{urlencode(args)}"


def register(app: Flask) -> None:
    """Filters and globals of templates; the remembered choice."""
    app.jinja_env.globals.update(t=t)
    app.jinja_env.filters.update(tr=tr, krw=krw, day=day, moment=moment, hour=hour, number=number, cite=cite)
    app.jinja_env.filters["counted"] = counted
    app.jinja_env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}

    @app.context_processor
    def words_of_page() -> dict[str, Any]:
        return {"lang": lang(), "t": BY_LANGUAGE[lang()], "other_lang_url": _other_lang_url()}

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked in LANGS and request.cookies.get(COOKIE) != asked:
            secure = bool(app.config["SESSION_COOKIE_SECURE"])
            response.set_cookie(COOKIE, asked, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
        return response
