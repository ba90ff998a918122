"""The verification code on a letter: how it is drawn, and the form in which it is looked up."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from json import loads
from typing import Any

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 20


def draw() -> str:
    """Twenty characters that cannot be guessed (100 bits), in groups that can be read aloud."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[i : i + 5] for i in range(0, LENGTH, 5))


def digest(typed: str) -> str:
    """sha256 of the code as it was typed, without spaces and hyphens and in capitals: 64 hex digits."""
    plain = "".join(letter for letter in typed[:100].upper() if letter.isalnum())
    return sha256(plain.encode("utf-8", "replace")).hexdigest()


def digest_of(content: Mapping[str, Any] | str) -> str | None:
    """The digest of the code that a letter's content carries (a mapping or its JSON), None where it has none."""
    told = loads(content) if isinstance(content, str) else content
    code = told.get("verification")
    return digest(code) if code else None
