"""Names of organisations and people made comparable: legal forms, spaces, widths and marks left out.

Never guesses a translation: 서울대학교 and Seoul National University are equal only where both are on file.
"""

import re
import unicodedata

FORMS_KO = (
    "주식회사", "유한책임회사", "유한회사", "합자회사", "합명회사", "사단법인", "재단법인", "학교법인", "의료법인",
    "사회적협동조합", "협동조합", "(주)", "(유)", "(사)", "(재)", "(학)", "㈜",
)  # fmt: skip
FORMS_EN = (
    "co., ltd.", "co.,ltd.", "co ltd", "company limited", "corporation", "incorporated", "company", "limited",
    "corp", "inc", "ltd", "llc", "llp", "plc", "gmbh", "ag", "co", "pte", "pty", "sa", "bv", "jsc", "the",
)  # fmt: skip
_WORDS = re.compile(r"[0-9a-z가-힣一-龥ぁ-んァ-ヶ]+")
SHORTEST = 4
"""Letters a name needs before its standing inside another counts as alike."""


def organisation(name: str) -> str:
    """The name without its legal form, spaces, marks and case; empty for a name of nothing else."""
    text = name.replace("㈜", "(주)")
    for form in FORMS_KO:
        text = text.replace(form, " ")
    text = unicodedata.normalize("NFKC", text).casefold()
    for form in FORMS_KO:
        text = text.replace(form, " ")
    words = _WORDS.findall(text.replace("&", " and "))
    while len(words) > 1 and words[-1] in _TAILS:
        words.pop()
    while len(words) > 1 and words[0] == "the":
        words.pop(0)
    return "".join(words)


_TAILS = frozenset(re.findall(r"[a-z]+", " ".join(FORMS_EN))) - {"the"}


def person(name: str) -> str:
    """A person's name without spaces, honorifics and case; words of a Latin name in one order."""
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    text = re.sub(r"\s*(님|씨|교수|박사|위원)$", "", text)
    words = _WORDS.findall(text)
    hangul = any("가" <= letter <= "힣" for letter in text)
    return "".join(words) if hangul else "".join(sorted(words))


def register_number(number: str | None) -> str:
    """Only its digits and letters; empty for none."""
    return "".join(re.findall(r"[0-9a-z]+", unicodedata.normalize("NFKC", number or "").casefold()))


def alike(first: str, second: str) -> bool:
    """Whether two comparable names are equal, or one stands inside the other and is long enough to mean something."""
    if not first or not second:
        return False
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    return len(short) >= SHORTEST and short in long
