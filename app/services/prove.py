"""The password once more, before what weighs most: it counts for some minutes in this session."""

import sqlalchemy as sa

from app import clock, log, passwords
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import LoginSession, User
from app.security import forgive, throttle
from workflows.text import Text

TRIES, MINUTES = 10, 15
WRONG = Text("비밀번호가 맞지 않습니다.", "The password is not right.")


def prove(who: Viewer, password: str) -> None:
    """Note that the person at this session knows the password.

    Raises Invalid("proof_password") for a wrong one and TooMany for too many tries.
    """
    with unit_of_work():
        throttle("prove", str(who.id), TRIES, MINUTES)
    kept = db.session.scalar(sa.select(User.password_hash).where(User.id == who.id))
    if not passwords.matches(kept, password):
        log.note("proof_refused", account=who.id)
        raise Invalid("proof_password", WRONG)
    with unit_of_work():
        forgive("prove", str(who.id))
        mine = sa.update(LoginSession).where(LoginSession.id == who.session_id)
        db.session.execute(mine.values(proved_at=clock.now()))
    log.note("proved", account=who.id)
