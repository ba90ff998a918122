"""Korean particles after any word a sentence may meet.

Where the reading is unsure it writes both forms, never a wrong one.
"""

import re

# after a final consonant, after a vowel, and the official way of writing both
BOTH = {
    "을/를": "을(를)",
    "이/가": "이(가)",
    "은/는": "은(는)",
    "과/와": "과(와)",
    "으로/로": "(으)로",
    "이나/나": "(이)나",
    "이며/며": "(이)며",
    "이라/라": "(이)라",
}

NONE, RIEUL, OTHER = "", "ㄹ", "other"
CLOSING = " \t.,:;!?·…\"'”’」』》〉"
BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【"}
DIGITS = {"0": OTHER, "1": RIEUL, "2": NONE, "3": OTHER, "4": NONE}
DIGITS |= {"5": NONE, "6": OTHER, "7": RIEUL, "8": RIEUL, "9": NONE}
# 조 (10^12) is the only power of ten in use that ends in a vowel
VOWEL_POWER = 12
SIGNS = {"%": NONE, "‰": OTHER, "℃": NONE, "㎞": OTHER, "㎡": OTHER, "㎥": OTHER, "㎢": OTHER}
DATE = re.compile(r"\d{4}\. ?\d{1,2}\. ?\d{1,2}\.?$")


def josa(word: str, pair: str) -> str:
    """`word` with the fitting half of `pair` attached: josa("의결", "을/를") is "의결을".

    `pair` is one of BOTH. A trailing bracket is passed over, as the spelling rules say ("인천(Incheon)은");
    closing quotation marks are looked through. A date ("2026. 11. 22.") is read to its 일. Latin capitals
    are read by letter.
    """
    if pair not in BOTH:
        raise ValueError(f"no such pair of particles: {pair}")
    after_final, after_vowel = pair.split("/")
    final = _final(word)
    if final is None:
        return word + BOTH[pair]
    if final == RIEUL and pair == "으로/로":
        return word + after_vowel
    return word + (after_vowel if final == NONE else after_final)


def _final(word: str) -> str | None:
    """How the word ends when read aloud: NONE, RIEUL or OTHER; None when it cannot be known."""
    if DATE.search(word):
        return RIEUL
    core = _core(word)
    if not core:
        return None
    last = core[-1]
    if "가" <= last <= "힣":
        jong = (ord(last) - ord("가")) % 28
        return NONE if jong == 0 else RIEUL if jong == 8 else OTHER
    if last in DIGITS:
        return _number(core)
    if last.isascii() and last.isalpha():
        return _latin(core)
    return SIGNS.get(last)


def _core(word: str) -> str:
    """The word without closing marks and without a trailing bracket that only explains it."""
    core = word.rstrip(CLOSING)
    while core and core[-1] in BRACKETS:
        before, opening, inside = core[:-1].rpartition(BRACKETS[core[-1]])
        core = (before.rstrip(CLOSING) if opening else "") or inside.rstrip(CLOSING)
    return core


def _number(core: str) -> str:
    """12 십이, 10 십, 10,000 만, 3.10 삼 점 일영.

    Zeros at the end of a whole number are read as their power.
    """
    figure = re.search(r"[0-9][0-9,.]*$", core)
    digits = figure.group().replace(",", "") if figure else core[-1]
    whole = digits.strip("0") != "" and "." not in digits
    zeros = len(digits) - len(digits.rstrip("0"))
    if not whole or zeros == 0:
        return DIGITS[digits[-1]]
    return NONE if zeros == VOWEL_POWER else OTHER


def _latin(core: str) -> str | None:
    """Capitals by the letter's name (엘 엠 엔 알).

    Words by their ending, None where English and names differ.
    """
    run = re.search(r"[A-Za-z]+$", core)
    word = run.group() if run else ""
    if word.isupper():
        return {"L": RIEUL, "R": RIEUL, "M": OTHER, "N": OTHER}.get(word[-1], NONE)
    if re.search(r"[aeiouyAEIOU][bcgkpt]$|[lmn]e$", word):
        return None
    if word.endswith("l"):
        return RIEUL
    return OTHER if word.endswith(("m", "n", "ng")) else NONE
