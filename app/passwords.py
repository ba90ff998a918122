"""Passwords: what is accepted, how they are kept, how they are compared.

Argon2id with the parameters of OWASP ASVS 5.0 appendix C. A password is never cut, logged or sent. There are
no rules of composition (ASVS 6.2.5): length and the list of common passwords decide.
"""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from workflows.text import Text

SHORTEST, LONGEST = 8, 128
COMMON = Path(__file__).parent / "data" / "common-passwords.txt"
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def composed(password: str) -> str:
    """One form for the same characters: Hangul typed on different systems arrives composed or in pieces."""
    return unicodedata.normalize("NFC", password)


@cache
def common() -> frozenset[str]:
    """The passwords that are tried first by anyone who guesses, in small letters."""
    lines = COMMON.read_text("utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not f"{line} ".startswith("# "))


def why_not(password: str) -> Text | None:
    """Why `password` is not accepted, or None. Length is counted in characters of any script."""
    shown = composed(password)
    if len(shown) < SHORTEST:
        return Text(f"비밀번호는 {SHORTEST}자 이상이어야 합니다.", f"Use at least {SHORTEST} characters.")
    if len(shown) > LONGEST:
        return Text(f"비밀번호는 {LONGEST}자 이하여야 합니다.", f"Use at most {LONGEST} characters.")
    if shown.casefold() in common():
        return Text(
            "널리 쓰여 쉽게 알아낼 수 있는 비밀번호입니다. 다른 것으로 정하십시오.",
            "This is one of the most common passwords and easily guessed. Choose another one.",
        )
    return None


def hashed(password: str) -> str:
    """How the password is kept. Slow on purpose: never call it inside a unit of work."""
    return _hasher.hash(composed(password))


@cache
def _nobody() -> str:
    return _hasher.hash("the password of nobody")


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept. Without one the same work is done: time tells nothing."""
    try:
        _hasher.verify(kept or _nobody(), composed(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)
