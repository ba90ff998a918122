"""The applicant shows that a condition is met: in words, with files, or both (행정기본법 제17조)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.files import FileStore, Incoming, Stream
from app.models import Attachment, Case
from app.queries.cases import case_for
from app.queries.conditions import followed_one
from app.recognise import Recognised
from app.security import throttle
from app.services.attach import UPLOADS_PER_HOUR, quota_left, receive, recognised, store
from app.services.condition_steps import NewStep, take
from workflows.text import Text

SLOT = "condition"
ACCEPT = ("pdf", "hwp", "hwpx", "docx", "xlsx", "pptx", "jpeg", "png")
MOST = 10
Upload = tuple[Stream, str]
"""(what is read, the name it was sent under)"""


def evidence_condition(
    who: Viewer, number: str, condition_id: int, text: str, uploads: Sequence[Upload] = (), once: str = ""
) -> Case:
    """Hand in proof of a condition.

    The files are received and looked at before the transaction begins, so that a slow upload holds no lock; they
    become attachments of the case that its inside and its applicant may open.

    Raises as `act`; Invalid("text") where there is neither a word nor a file, Invalid("files") for a file that
    is empty, too large or of no known kind; TooMany for more uploads than anybody needs.
    """
    if not text.strip() and not uploads:
        raise Invalid("text", Text("이행 내용을 적거나 자료를 첨부해 주십시오.", "Say what was done, or attach proof."))
    if len(uploads) > MOST:
        raise Invalid(
            "files", Text(f"파일은 {MOST}개까지 첨부할 수 있습니다.", f"At most {MOST} files can be attached.")
        )
    followed_one(case_for(who, number), condition_id)  # nobody sends files to what he may not know of
    files, taken = store(), list[tuple[Incoming, Recognised]]()
    try:
        for stream, name in uploads:
            with unit_of_work():
                throttle("upload", str(who.id), UPLOADS_PER_HOUR, 60)
            incoming = receive(files, "files", stream)
            try:
                taken.append((incoming, recognised("files", ACCEPT, incoming, name)))
            except Invalid:
                files.discard(incoming)
                raise

        def keep(case: Case, now: datetime) -> tuple[dict[str, Any], ...]:
            return tuple(_kept(who, case, files, incoming, kind, condition_id) for incoming, kind in taken)

        step = NewStep("evidence", text)
        return take(who, number, condition_id, "evidence_condition", step, once, also=keep)
    finally:
        for incoming, _ in taken:
            files.discard(incoming)


def _kept(
    who: Viewer, case: Case, files: FileStore, incoming: Incoming, kind: Recognised, condition_id: int
) -> dict[str, Any]:
    used = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Attachment.size), 0)).where(
            Attachment.case_id == case.id, Attachment.removed_at.is_(None)
        )
    )
    quota_left("files", int(used or 0), incoming.size)
    row = Attachment(
        case_id=case.id,
        slot=f"{SLOT}-{condition_id}",
        name=kind.name,
        kind=kind.kind,
        media_type=kind.media_type,
        size=incoming.size,
        sha256=incoming.sha256,
        uploaded_at=clock.now(),
        uploaded_by=who.id,
    )
    db.session.add(row)
    files.keep(incoming)
    db.session.flush()
    return {"id": row.id, "name": row.name, "size": row.size, "sha256": row.sha256}
