"""The conversation of a case, oldest first, with names."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.extensions import db
from app.models import Case, Message, User
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One message."""

    side: str
    """applicant or secretariat"""
    author: Text
    text: str
    at: datetime


def messages_of(case: Case) -> list[Line]:
    """Every message, newest last. One statement."""
    rows = db.session.execute(
        sa.select(Message.side, User.name_ko, User.name_en, Message.text, Message.written_at)
        .join(User, User.id == Message.author_id)
        .where(Message.case_id == case.id)
        .order_by(Message.id)
    )
    return [Line(r.side, Text(r.name_ko or r.name_en, r.name_en or r.name_ko), r.text, r.written_at) for r in rows]
