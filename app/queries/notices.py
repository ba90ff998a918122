"""A person's own notices. Once a conflict is declared, nothing of that case is among them any more."""

import sqlalchemy as sa

from app.authz import Viewer
from app.extensions import db
from app.models import Declaration, Delivery

DECLARING = ("consultant", "evaluator", "member")


def own_notices(who: Viewer) -> sa.ColumnElement[bool]:
    """The condition for notices in this person's inbox."""
    mine = sa.and_(Delivery.user_id == who.id, Delivery.channel == "inbox")
    if not any(who.has(role) for role in DECLARING):
        return mine
    conflict = sa.exists().where(
        Declaration.case_id == Delivery.case_id, Declaration.user_id == who.id, Declaration.answer == "conflict"
    )
    return sa.and_(mine, ~conflict)


def unread_count(who: Viewer) -> int:
    """How many notices this person has not read; counted up to 99."""
    query = sa.select(Delivery.id).where(own_notices(who), Delivery.read_at.is_(None)).limit(99)
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
