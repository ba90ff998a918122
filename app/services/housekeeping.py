"""Clear what was never a fact: tries that were counted for a throttle, and links that nobody can use any more."""

from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.db import unit_of_work
from app.models import Attempt, Token

KEPT = timedelta(days=1)


def clear_spent() -> int:
    """Delete attempts and tokens that ended more than a day ago; how many rows."""
    before = clock.now() - KEPT
    with unit_of_work() as session:
        gone = session.execute(sa.delete(Attempt).where(Attempt.at < before)).rowcount  # type: ignore[attr-defined]
        gone += session.execute(sa.delete(Token).where(Token.expires_at < before)).rowcount  # type: ignore[attr-defined]
    return int(gone)
