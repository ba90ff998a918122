"""Sign out: the session ends on the server, so that a copy of its cookie is worth nothing."""

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.extensions import db
from app.models import LoginSession


def sign_out(who: Viewer) -> None:
    """End the session this request came with."""
    with unit_of_work():
        db.session.execute(
            sa.update(LoginSession)
            .where(LoginSession.id == who.session_id, LoginSession.ended_at.is_(None))
            .values(ended_at=clock.now())
        )
    log.note("sign_out", account=who.id, session=who.session_id)
