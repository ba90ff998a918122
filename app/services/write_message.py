"""A02: a message between applicant and secretariat, on the record; the event vouches for its text."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed, fingerprint
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Message
from app.queries.cases import case_for
from app.services.act import act_once
from app.services.tell import group, tell
from workflows.text import Text

SIDES = {"applicant": "officers", "secretariat": "applicant"}
"""side of the author -> the group that is told"""


def write_message(who: Viewer, number: str, text: str, *, once: str | None = None) -> None:
    """Add a message and tell the other side.

    Raises:
        Invalid: nothing written.
    """
    if not text.strip():
        raise Invalid("text", Text("내용을 적어 주십시오.", "Write something."))
    side = "applicant" if case_for(who, number).organisation_id in who.organisations else "secretariat"

    def change(case: Case, now: datetime) -> list[Sealed]:
        row = Message(case_id=case.id, author_id=who.id, side=side, text=text, written_at=now)
        db.session.add(row)
        db.session.flush()
        return [row]

    def after(case: Case) -> None:
        words = Text("새 메시지", "New message")
        body = Text(f"메시지가 도착했습니다.\n\n{text}", f"A message has arrived.\n\n{text}")
        tell(case, group(SIDES[side], case), words, body, f"/cases/{case.number}/messages", who)

    data = {"side": side, "sha256": fingerprint(text)}
    act_once(who, number, "write_message", once=once, data=data, change=change, after=after)
