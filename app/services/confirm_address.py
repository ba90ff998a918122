"""Confirm an address: the link from the mail and the password of the sign-up together open the account."""

import sqlalchemy as sa

from app import clock, log, passwords
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import User
from app.security import throttle
from app.services import one_time, sessions
from app.services.sign_in import SignedIn
from workflows.text import Text

TRIES, MINUTES = 10, 60
WRONG = Text("비밀번호가 맞지 않습니다.", "The password is not right.")


def confirm_address(secret: str, password: str, browser: str, address: str) -> SignedIn:
    """Confirm and sign in.

    Raises:
        NotFound: the link is unknown, used or too old.
        Invalid: the password is not the one chosen at sign-up.
        TooMany: too many tries with this link.
    """
    user_id = one_time.owner(secret, one_time.CONFIRM, clock.now())
    with unit_of_work():
        throttle("confirm", str(user_id), TRIES, MINUTES)
    user = db.session.execute(sa.select(User.password_hash, User.locale).where(User.id == user_id)).one()
    if not passwords.matches(user.password_hash, password):
        log.note("confirm_refused", account=user_id)
        raise Invalid("password", WRONG)
    with unit_of_work():
        now = clock.now()
        one_time.use(secret, one_time.CONFIRM, now)
        same = sa.update(User).where(User.id == user_id, User.password_hash == user.password_hash)
        db.session.execute(same.values(confirmed_at=now))
        token = sessions.begin(user_id, browser, address, now)
    log.note("address_confirmed", account=user_id)
    return SignedIn(token, user_id, user.locale)
