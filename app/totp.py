"""One-time passwords by time, RFC 6238 over RFC 4226: HMAC-SHA-1, 30 seconds, six digits, as every authenticator knows."""

import base64
import hmac
import secrets
import struct
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote, urlencode

STEP, DIGITS, DRIFT = 30, 6, 1
"""Seconds a code lives, its length, and how many steps a phone's clock may be off either way."""


def new_key() -> bytes:
    """A key of 160 bits."""
    return secrets.token_bytes(20)


def code(key: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one time step."""
    mac = hmac.new(key, struct.pack(">Q", step), sha1).digest()
    start = mac[-1] & 15
    (number,) = struct.unpack(">I", mac[start : start + 4])
    return str((number & 0x7FFFFFFF) % 10**digits).zfill(digits)


def step_of(at: datetime) -> int:
    """The time step an instant lies in."""
    return int(at.timestamp()) // STEP


def taken(key: bytes, typed: str, at: datetime, last: int) -> int | None:
    """The step whose code was typed, if it is one of now and later than `last`; None otherwise."""
    plain, now = "".join(typed.split()), step_of(at)
    if not (plain.isascii() and plain.isdigit()):
        return None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > last and hmac.compare_digest(code(key, step), plain):
            return step
    return None


def as_text(key: bytes) -> str:
    """The key as it is typed into an authenticator by hand: base 32 in groups of four."""
    plain = base64.b32encode(key).decode().rstrip("=")
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def address(key: bytes, email: str) -> str:
    """The key as the link an authenticator opens."""
    plain = base64.b32encode(key).decode().rstrip("=")
    asked = urlencode({"secret": plain, "issuer": "K-City Casework", "digits": DIGITS, "period": STEP})
    return f"otpauth://totp/{quote(f'K-City Casework:{email}')}?{asked}"
