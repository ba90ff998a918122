"""Names of countries in the reader's language, from the CLDR tables of Babel."""

from functools import cache

from babel import Locale

from app.i18n import lang


@cache
def _table(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    return {code: str(name) for code, name in territories.items() if len(code) == 2 and code.isalpha()}


def name(code: str | None, language: str | None = None) -> str:
    """The country `code` (ISO 3166-1 alpha-2) in words; the code itself where it has none."""
    return _table(language or lang()).get(code, code) if code else ""


def choices(language: str | None = None) -> list[tuple[str, str]]:
    """(code, name) of every country, by name."""
    return sorted(_table(language or lang()).items(), key=lambda item: item[1])
