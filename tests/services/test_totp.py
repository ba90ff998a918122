"""One-time passwords against the published vectors, and what is taken of what is typed."""

from datetime import UTC, datetime, timedelta

import pytest

from app import totp

RFC_KEY = b"12345678901234567890"
# RFC 6238, Appendix B (SHA-1, eight digits): seconds since 1970 and the code.
RFC_6238 = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
# RFC 4226, Appendix D: the first ten codes of the same key.
RFC_4226 = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()


@pytest.mark.parametrize(("seconds", "expected"), RFC_6238)
def test_the_vectors_of_rfc_6238(seconds: int, expected: str) -> None:
    assert totp.code(RFC_KEY, seconds // 30, digits=8) == expected
    assert totp.step_of(datetime.fromtimestamp(seconds, UTC)) == seconds // 30


def test_the_vectors_of_rfc_4226() -> None:
    assert [totp.code(RFC_KEY, counter) for counter in range(10)] == RFC_4226


def test_a_code_is_taken_a_step_either_way_and_never_twice() -> None:
    at = datetime(2026, 11, 22, 3, 0, 10, tzinfo=UTC)
    now = totp.step_of(at)
    for drift in (-1, 0, 1):
        assert totp.taken(RFC_KEY, totp.code(RFC_KEY, now + drift), at, 0) == now + drift
    for drift in (-2, 2):
        assert totp.taken(RFC_KEY, totp.code(RFC_KEY, now + drift), at, 0) is None
    typed = totp.code(RFC_KEY, now)
    assert totp.taken(RFC_KEY, f" {typed[:3]} {typed[3:]} ", at, now - 1) == now
    assert totp.taken(RFC_KEY, typed, at, now) is None
    assert totp.taken(RFC_KEY, typed, at + timedelta(minutes=2), 0) is None
    for wrong in ("", "abc", "１２３４５６", typed[:5]):
        assert totp.taken(RFC_KEY, wrong, at, 0) is None


def test_the_key_as_text_and_as_link() -> None:
    assert totp.as_text(b"12345678901234567890").replace(" ", "") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    link = totp.address(RFC_KEY, "officer@kcity.test")
    assert link.startswith("otpauth://totp/K-City%20Casework%3Aofficer%40kcity.test?secret=GEZDGNBV")
    assert len(totp.new_key()) == 20 and totp.new_key() != totp.new_key()
