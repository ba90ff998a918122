"""Reset a forgotten password by mail. The answer never tells whether the address is known."""

import sqlalchemy as sa
from flask import current_app

from app import clock, log, passwords
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import User
from app.security import forgive, throttle
from app.services import account_mail, one_time, sessions
from app.services.sign_in import ACCOUNT, bucket, plain_address

PER_ADDRESS, PER_EMAIL, MINUTES = 30, 5, 60


def ask_for_reset(email: str, address: str) -> None:
    """Send a link, if there is such an account.

    Raises:
        TooMany: too many for this e-mail address, known or not, or from this network address.
    """
    email = plain_address(email)
    with unit_of_work():
        throttle("reset_address", address, PER_ADDRESS, MINUTES)
        throttle("reset_email", email, PER_EMAIL, MINUTES)
        now = clock.now()
        user = db.session.scalar(sa.select(User).where(User.email == email, User.disabled_at.is_(None)))
        if user is not None:
            secret = one_time.issue(user.id, one_time.RESET, now)
            minutes = current_app.config["TOKEN_MINUTES"]
            link = f"/reset/{secret}"
            account_mail.write("reset", email, user.locale, now, user.id, link=link, minutes=minutes)
    log.note("reset_asked", account=user.id if user else None)


def reset_password(secret: str, password: str) -> None:
    """Set a new password with the link's secret; every session ends. The link also proves the address.

    Raises:
        NotFound: the link is unknown, used or too old.
        Invalid: the password is not accepted; the link stays good.
    """
    user_id = one_time.owner(secret, one_time.RESET, clock.now())
    if (fault := passwords.why_not(password)) is not None:
        raise Invalid("password", fault)
    kept = passwords.hashed(password)
    with unit_of_work():
        now = clock.now()
        one_time.use(secret, one_time.RESET, now)
        one_time.drop(user_id, one_time.CONFIRM, now)
        user = db.session.get_one(User, user_id)
        user.password_hash = kept
        user.confirmed_at = user.confirmed_at or now
        ended = sessions.end_all(user_id, now)
        for familiar in (True, False):
            forgive(ACCOUNT, bucket(user.email, familiar))
        account_mail.write("changed", user.email, user.locale, now, user_id, link="/reset")
    log.note("password_reset", account=user_id, sessions_ended=ended)
