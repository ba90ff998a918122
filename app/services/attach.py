"""Attach a file to a case: streamed to disk, recognised by its content, kept under its hash. Never trusts a name.

The file is received and looked at before the transaction begins, so that a slow upload holds no lock.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.files import Empty, FileStore, Incoming, Stream, TooLarge
from app.models import Attachment, Case
from app.queries.applications import own_case
from app.recognise import Recognised, Unrecognised, recognise
from app.security import throttle
from app.services.editing import editable_case
from workflows.form_schema import FormField, load_form
from workflows.text import Text
from workflows.words import count_of

UPLOADS_PER_HOUR = 120
MB = 1024 * 1024


def store() -> FileStore:
    """The file store of this installation."""
    return FileStore(current_app.config["DATA_DIR"] / "files")


def attach(who: Viewer, number: str, slot: str, stream: Stream, filename: str) -> int:
    """Attach the file read from `stream` to `slot`; the attachment's id.

    Raises:
        NotFound, NotAllowed: as `editable_case`; also when the form has no such slot.
        Invalid: empty, over the limit of a file or of the case, not recognised, not accepted in this slot.
        TooMany: more uploads within an hour than anybody needs.
    """
    with unit_of_work():
        throttle("upload", str(who.id), UPLOADS_PER_HOUR, 60)
    asked, section = _slot(own_case(who, number), slot)
    files = store()
    incoming = receive(files, slot, stream)
    try:
        kind = recognised(slot, asked.accept, incoming, filename)
        with unit_of_work():
            case = editable_case(who, number, section)
            _room(case, asked, incoming)
            found = Attachment(case_id=case.id, slot=slot, **_facts(incoming, kind, who))
            db.session.add(found)
            files.keep(incoming)
            db.session.flush()
            return found.id
    finally:
        files.discard(incoming)


def _facts(incoming: Incoming, kind: Recognised, who: Viewer) -> dict[str, Any]:
    return {
        "name": kind.name,
        "kind": kind.kind,
        "media_type": kind.media_type,
        "size": incoming.size,
        "sha256": incoming.sha256,
        "uploaded_at": clock.now(),
        "uploaded_by": who.id,
    }


def _slot(case: Case, slot: str) -> tuple[FormField, str]:
    for section in load_form(case.definition_id, case.form_version).sections:
        for field in section.fields:
            if field.key == slot and field.kind == "files":
                return field, section.key
    raise NotFound


def receive(files: FileStore, slot: str, stream: Stream) -> Incoming:
    """Take the stream in, as a file that is nobody's yet. Raises Invalid(slot) for an empty or too large one."""
    limit: int = current_app.config["UPLOAD_LIMIT"]
    try:
        return files.receive(stream, limit)
    except TooLarge:
        text = Text(
            f"파일이 {limit // MB}MB를 넘습니다. 나누거나 줄여서 다시 올려 주십시오.",
            f"The file is larger than {limit // MB} MB. Split or reduce it and upload it again.",
        )
    except Empty:
        text = Text("빈 파일입니다. 파일을 열어 확인해 주십시오.", "The file is empty. Open it to check.")
    raise Invalid(slot, text)


def recognised(slot: str, accept: Sequence[str], incoming: Incoming, filename: str) -> Recognised:
    """What the file is by its content. Raises Invalid(slot) for what is not one of the kinds `accept`."""
    try:
        kind = recognise(incoming.path, filename)
    except Unrecognised as refusal:
        raise Invalid(slot, refusal.reason.text) from None
    if kind.kind in accept:
        return kind
    accepted = ", ".join(name.upper() for name in accept)
    raise Invalid(slot, Text(f"이 서류는 {accepted} 형식만 받습니다.", f"Only {accepted} files are accepted here."))


def _room(case: Case, asked: FormField, incoming: Incoming) -> None:
    """The slot has room, the case has room, and the very same file is not there yet."""
    query = sa.select(Attachment.slot, Attachment.sha256, Attachment.size)
    here = db.session.execute(query.where(Attachment.case_id == case.id, Attachment.removed_at.is_(None))).all()
    if any(row.slot == asked.key and row.sha256 == incoming.sha256 for row in here):
        raise Invalid(asked.key, Text("같은 파일이 이미 첨부되어 있습니다.", "This very file is attached already."))
    if asked.max is not None and sum(row.slot == asked.key for row in here) >= asked.max:
        raise Invalid(
            asked.key,
            Text(
                f"파일은 {asked.max}개까지 첨부할 수 있습니다.",
                f"At most {count_of(asked.max, '', 'file').en} can be attached here.",
            ),
        )
    quota_left(asked.key, sum(row.size for row in here), incoming.size)


def quota_left(slot: str, used: int, size: int) -> None:
    """Raise Invalid(slot) where `size` bytes more than the `used` ones are too much for one case."""
    quota: int = current_app.config["FILES_PER_CASE_LIMIT"]
    if used + size > quota:
        raise Invalid(
            slot,
            Text(
                f"한 사건에 첨부할 수 있는 용량은 모두 {quota // MB}MB입니다.",
                f"The files of one case may take {quota // MB} MB in all.",
            ),
        )
