"""The versions of a committee's rule: which is in force on a day, and all of them for who administers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.errors import NotFound
from app.extensions import db
from app.models import CommitteeRule, Programme, User
from workflows.text import Text


def rule_in_force(programme: str, day: date) -> CommitteeRule | None:
    """The version that applies on `day`: the latest to come into force by then, of equal ones the last entered."""
    query = sa.select(CommitteeRule).where(CommitteeRule.programme == programme, CommitteeRule.in_force_on <= day)
    return db.session.scalar(query.order_by(CommitteeRule.in_force_on.desc(), CommitteeRule.number.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is listed."""

    row: CommitteeRule
    by: Text | None
    """Who entered it; None for the one that was shipped."""
    in_force: bool


def versions(who: Viewer, programme: str) -> Sequence[Version]:
    """Every version of a programme's committee, the newest first.

    Raises:
        NotFound: neither of the committee nor of the secretariat.
    """
    if not any(who.has(role, programme) for role in ("admin", "clerk", "member", "officer", "auditor", "minister")):
        raise NotFound
    query = (
        sa.select(CommitteeRule, User.name_ko, User.name_en)
        .outerjoin(User, User.id == CommitteeRule.entered_by)
        .where(CommitteeRule.programme == programme)
        .order_by(CommitteeRule.in_force_on.desc(), CommitteeRule.number.desc())
    )
    now = rule_in_force(programme, clock.today())
    return [
        Version(row, Text(ko or en, en or ko) if ko or en else None, now is not None and row.id == now.id)
        for row, ko, en in db.session.execute(query)
    ]


def programmes_of(who: Viewer) -> list[str]:
    """Programmes whose committee this person may know the rules of."""
    keys = db.session.scalars(sa.select(Programme.key).order_by(Programme.id))
    return [key for key in keys if who.has("admin", key)]
