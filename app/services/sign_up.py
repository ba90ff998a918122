"""Sign up: an account that waits for its address to be confirmed. A known address gets the same answer."""

import sqlalchemy as sa
from flask import current_app

from app import clock, log, passwords
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import User
from app.security import throttle
from app.services import account_mail, one_time
from app.services.sign_in import plain_address

PER_ADDRESS, PER_EMAIL, MINUTES = 30, 5, 60


def sign_up(email: str, password: str, name_ko: str, name_en: str, locale: str, address: str) -> None:
    """Write the account and the mail with its link; for a known address only a mail that says so.

    Whoever signs up last before the address is confirmed sets name and password, and the link asks for that
    password: nobody can prepare an account for somebody else's address.

    Raises:
        Invalid: the password is not accepted.
        TooMany: too many from this network address, or for this e-mail address.
    """
    email = plain_address(email)
    if (fault := passwords.why_not(password)) is not None:
        raise Invalid("password", fault)
    kept = passwords.hashed(password)
    with unit_of_work():
        throttle("sign_up_address", address, PER_ADDRESS, MINUTES)
        throttle("sign_up_email", email, PER_EMAIL, MINUTES)
        now = clock.now()
        user = db.session.scalar(sa.select(User).where(User.email == email).with_for_update())
        if user is not None and user.confirmed_at is not None:
            account_mail.write("already", email, user.locale, now, user.id, link="/sign-in")
            return
        if user is None:
            user = User(email=email, created_at=now)
            db.session.add(user)
        user.name_ko, user.name_en, user.locale, user.password_hash = name_ko, name_en, locale, kept
        db.session.flush()
        secret = one_time.issue(user.id, one_time.CONFIRM, now)
        minutes = current_app.config["TOKEN_MINUTES"]
        account_mail.write("confirm", email, locale, now, user.id, link=f"/confirm/{secret}", minutes=minutes)
        account = user.id
    log.note("sign_up", account=account)
