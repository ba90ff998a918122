"""Sign in with address and password. Nothing in words or time tells whether an address is known.

Tries are counted before the password is looked at, so that guessing in parallel gains nothing, and given back
when it was right. A browser that signed in to this account before has a count of its own: strangers who guess
cannot lock the owner out, and everyone's count ends with its window.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from app import clock, log, passwords
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import User
from app.queries.safety import has_factor
from app.security import forgive, throttle
from app.services import sessions
from workflows.text import Text

ACCOUNT, ADDRESS = "sign_in_account", "sign_in_address"
TRIES, ADDRESS_TRIES, MINUTES = 10, 100, 15
WRONG = Text(
    "전자우편 주소나 비밀번호가 맞지 않습니다. 방금 가입하셨다면 확인 전자우편의 절차를 먼저 마치십시오.",
    "E-mail address or password is not right. If you have just signed up, open the link in our mail first.",
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The secret for the cookie, and the account's language."""

    token: str
    user_id: int
    locale: str
    awaits_code: bool = False
    """The second factor is still to come (services/second_factor.py)."""


def plain_address(email: str) -> str:
    """The address as it is stored and compared."""
    return email.strip().casefold()


def bucket(email: str, familiar: bool) -> str:
    """What tries are counted by: the account, apart for browsers that know it."""
    return f"{plain_address(email)}|{'familiar' if familiar else 'unfamiliar'}"


def sign_in(email: str, password: str, browser: str, address: str, familiar: bool = False) -> SignedIn:
    """Check the password and begin a session. `familiar`: this browser has signed in to this account before.

    Raises:
        TooMany: too many tries on this account or from this address.
        Invalid: no such account, wrong password, not confirmed or disabled: one sentence for all.
    """
    email = plain_address(email)
    with unit_of_work():
        throttle(ACCOUNT, bucket(email, familiar), TRIES, MINUTES)
        throttle(ADDRESS, address, ADDRESS_TRIES, MINUTES)
    user = db.session.execute(
        sa.select(User.id, User.password_hash, User.locale, User.confirmed_at, User.disabled_at).where(
            User.email == email
        )
    ).first()
    right = passwords.matches(user.password_hash if user else None, password)
    if user is None or not right or user.confirmed_at is None or user.disabled_at is not None:
        log.note("sign_in_refused", account=user.id if user else None)
        raise Invalid("password", WRONG)
    kept = passwords.hashed(password) if passwords.outdated(user.password_hash) else None
    with unit_of_work():
        forgive(ACCOUNT, bucket(email, familiar))
        forgive(ADDRESS, address, newest_only=True)
        if kept is not None:
            db.session.execute(sa.update(User).where(User.id == user.id).values(password_hash=kept))
        awaits = has_factor(user.id)
        token = sessions.begin(user.id, browser, address, clock.now(), awaits)
    log.note("sign_in", account=user.id, awaits_code=awaits)
    return SignedIn(token, user.id, user.locale, awaits)
