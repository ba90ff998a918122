"""Change one's own password: the old one is needed, and every other session ends."""

import sqlalchemy as sa

from app import clock, log, passwords
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import User
from app.security import forgive, throttle
from app.services import account_mail, one_time, sessions
from workflows.text import Text

TRIES, MINUTES = 10, 15
WRONG = Text("현재 비밀번호가 맞지 않습니다.", "The current password is not right.")


def change_password(who: Viewer, old: str, new: str) -> None:
    """Replace it.

    Raises:
        Invalid: the old one is wrong, or the new one is not accepted.
        TooMany: too many wrong tries.
    """
    if (fault := passwords.why_not(new)) is not None:
        raise Invalid("new", fault)
    with unit_of_work():
        throttle("change_password", str(who.id), TRIES, MINUTES)
    kept = db.session.scalar(sa.select(User.password_hash).where(User.id == who.id))
    if not passwords.matches(kept, old):
        log.note("password_change_refused", account=who.id)
        raise Invalid("old", WRONG)
    fresh = passwords.hashed(new)
    with unit_of_work():
        now = clock.now()
        forgive("change_password", str(who.id))
        user = db.session.get_one(User, who.id)
        user.password_hash = fresh
        one_time.drop(who.id, one_time.RESET, now)
        ended = sessions.end_all(who.id, now, but=who.session_id)
        account_mail.write("changed", user.email, user.locale, now, who.id, link="/reset")
    log.note("password_changed", account=who.id, sessions_ended=ended)
