"""Notices of acts whose readers the definition cannot name (the body asked, the other side of a talk).

Rows of the delivery table, written in the transaction of the act; nothing is sent here. Never tells the
actor, nor anyone who is out of the case.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.extensions import db
from app.interests import out_of
from app.models import Case, Delivery, RoleGrant, User
from app.services.notices import group_of
from workflows import schema
from workflows.text import Text


def group(name: str, case: Case) -> set[int]:
    """The accounts of a group that notices know ("applicant", "officers", "consultant")."""
    return group_of(name, case, schema.load(case.definition_id, case.definition_version).programme)


def opinion_givers(organisations: Iterable[int]) -> set[int]:
    """The accounts that give the opinion of these organisations."""
    query = sa.select(RoleGrant.user_id).where(
        RoleGrant.role == "opinion_giver",
        RoleGrant.organisation_id.in_(list(organisations)),
        RoleGrant.ended_at.is_(None),
    )
    return set(db.session.scalars(query))


def tell(case: Case, people: set[int], subject: Text, body: Text, path: str, who: Viewer) -> None:
    """An inbox row and a mail to each of `people` in their language, bound to the event just recorded."""
    query = sa.select(User.id, User.email, User.locale).where(
        User.id.in_(people - {who.id}), User.disabled_at.is_(None), ~out_of(case.id, User.id)
    )
    rows = [
        _row(case, reader, channel, subject, body, path)
        for reader in db.session.execute(query)
        for channel in ("inbox", "mail")
    ]
    if rows:
        db.session.execute(sa.insert(Delivery), rows)


def _row(case: Case, reader: Any, channel: str, subject: Text, body: Text, path: str) -> dict[str, object]:
    now = clock.now()
    inbox = channel == "inbox"
    title = Text(case.title_ko or case.title_en, case.title_en or case.title_ko).pick(reader.locale)
    line = " ".join(f"[{case.number}] {subject.pick(reader.locale)} – {title}".split())
    return {
        "case_id": case.id,
        "event_seq": case.seq,
        "user_id": reader.id,
        "lang": reader.locale,
        "subject": line[:300],
        "body": body.pick(reader.locale),
        "path": path,
        "channel": channel,
        "address": "" if inbox else reader.email,
        "status": "sent" if inbox else "due",
        "sent_at": now if inbox else None,
        "tries": 0,
        "try_at": now,
        "created_at": now,
    }
