"""A person's own notices. Once a conflict is declared, nothing of that case is among them any more."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.db import read
from app.models import Declaration, Delivery

DECLARING = ("consultant", "evaluator", "member")


def own_notices(who: Viewer) -> sa.ColumnElement[bool]:
    """The condition for notices in this person's inbox."""
    return _own(who.id, _declares(who))


def _declares(who: Viewer) -> bool:
    return any(who.has(role) for role in DECLARING)


def _own(user: Any, declares: bool) -> sa.ColumnElement[bool]:
    mine = sa.and_(Delivery.user_id == user, Delivery.channel == "inbox")
    if not declares:
        return mine
    conflict = sa.exists().where(
        Declaration.case_id == Delivery.case_id, Declaration.user_id == user, Declaration.answer == "conflict"
    )
    return sa.and_(mine, ~conflict)


@cache
def _unread_query(declares: bool) -> sa.Select[int]:
    """Built once: every page asks it."""
    query = sa.select(Delivery.id).where(_own(sa.bindparam("user"), declares), Delivery.read_at.is_(None)).limit(99)
    return sa.select(sa.func.count()).select_from(query.subquery())


def unread_count(who: Viewer) -> int:
    """How many notices this person has not read; counted up to 99."""
    return int(read(_unread_query(_declares(who)), user=who.id).scalar_one())
