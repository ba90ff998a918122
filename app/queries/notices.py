"""A person's own notices. Once a conflict is declared, nothing of that case is among them any more."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer, may_declare
from app.db import read
from app.interests import out_of
from app.models import Delivery


def own_notices(who: Viewer) -> sa.ColumnElement[bool]:
    """The condition for notices in this person's inbox."""
    return _own(who.id, may_declare(who))


def _own(user: Any, declares: bool) -> sa.ColumnElement[bool]:
    mine = sa.and_(Delivery.user_id == user, Delivery.channel == "inbox")
    if not declares:
        return mine
    return sa.and_(mine, ~out_of(Delivery.case_id, user))


@cache
def _unread_query(declares: bool) -> sa.Select[int]:
    """Built once: every page asks it."""
    query = sa.select(Delivery.id).where(_own(sa.bindparam("user"), declares), Delivery.read_at.is_(None)).limit(99)
    return sa.select(sa.func.count()).select_from(query.subquery())


def unread_count(who: Viewer) -> int:
    """How many notices this person has not read; counted up to 99."""
    return int(read(_unread_query(may_declare(who)), user=who.id).scalar_one())
