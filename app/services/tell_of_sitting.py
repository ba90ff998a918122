"""Notices of what is done with a sitting as a whole: rows of the delivery table, written with the act.

They name no case, so that they may go to a member who is out of one of its items.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.extensions import db
from app.models import Delivery, Sitting, User
from workflows.text import Text


def tell_of_sitting(sitting: Sitting, people: Iterable[int], subject: Text, body: Text, path: str, who: Viewer) -> None:
    """An inbox row and a mail to each of `people` but `who`, in their language. Call inside a unit of work."""
    query = sa.select(User.id, User.email, User.locale).where(
        User.id.in_(set(people) - {who.id}), User.disabled_at.is_(None)
    )
    now = clock.now()
    rows = []
    for reader in db.session.execute(query.order_by(User.id)):
        name = Text(f"제{sitting.number}차 위원회", f"Committee sitting no. {sitting.number}").pick(reader.locale)
        for inbox in (True, False):
            rows.append(
                {
                    "case_id": None,
                    "event_seq": None,
                    "user_id": reader.id,
                    "lang": reader.locale,
                    "subject": f"{name}: {subject.pick(reader.locale)}",
                    "body": body.pick(reader.locale),
                    "path": path,
                    "channel": "inbox" if inbox else "mail",
                    "address": "" if inbox else reader.email,
                    "status": "sent" if inbox else "due",
                    "sent_at": now if inbox else None,
                    "tries": 0,
                    "try_at": now,
                    "created_at": now,
                }
            )
    if rows:
        db.session.execute(sa.insert(Delivery).execution_options(render_nulls=True), rows)
