"""Countries by their ISO 3166 code, named in both languages by Unicode CLDR (the babel library)."""

from functools import cache

from babel import Locale

from workflows.text import Text

NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"})


@cache
def all_countries() -> dict[str, Text]:
    """ISO2 -> name, in the order of the English names."""
    korean, english = Locale("ko").territories, Locale("en").territories
    codes = (c for c in english if len(c) == 2 and c.isalpha() and c not in NOT_COUNTRIES)
    named = {code: Text(korean[code], english[code]) for code in sorted(codes, key=lambda c: english[c])}
    return named | {"KR": Text("대한민국", "Republic of Korea")}


def name_of(code: str | None) -> Text:
    """The country's name; the code itself where it is none of ours."""
    found = all_countries().get(code or "")
    return found or Text(code or "", code or "")
