"""The receipt of a submission: what was received when, into which cycle, and its fingerprint. Always of version 1."""

from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, standing_on
from app.documents.paper import legible
from app.documents.receipt import Attachment, ReceiptData
from app.errors import NotFound
from app.extensions import db
from app.i18n import day
from app.models import Case, Cycle, Event, Organisation, User, Version
from app.queries.cases import case_for
from app.queries.cycles import cycle_name
from workflows import schema
from workflows.form_schema import load_form
from workflows.text import Text


def receipt_of(who: Viewer, number: str, lang: str) -> ReceiptData:
    """The receipt of case `number` in the words of `lang`; the same for ever, whatever happens to the case.

    Raises:
        NotFound: nothing was submitted, or this person is neither of the applicant nor of the inside.
    """
    case = case_for(who, number)
    standing = standing_on(who, case)
    if not (standing.applicant or standing.inside) or case.received_at is None:
        raise NotFound
    row = db.session.execute(
        sa.select(Version, User, Organisation, Event.data)
        .join(User, User.id == Version.made_by)
        .join(Organisation, Organisation.id == case.organisation_id)
        .outerjoin(Event, sa.and_(Event.case_id == Version.case_id, Event.trigger == "submit"))
        .where(Version.case_id == case.id, Version.number == 1)
    ).first()
    if row is None:
        raise NotFound
    return _data(case, row, lang)


def _data(case: Case, row: Any, lang: str) -> ReceiptData:
    version, person, applicant, told = row
    answers, received = version.answers, case.received_at
    assert received is not None
    there = clock.seoul(received)
    first, second = ("en", "ko") if lang == "en" else ("ko", "en")
    named = (told or {}).get("cycle")
    cycle = Text(named["ko"], named["en"]) if named else cycle_name(db.session.get_one(Cycle, case.cycle_id))
    definition = schema.load(case.definition_id, case.definition_version)
    return ReceiptData(
        number=case.number,
        title=legible(answers.get(f"title_{first}"), answers.get(f"title_{second}"), case.number),
        applicant=legible(getattr(applicant, f"name_{first}"), getattr(applicant, f"name_{second}")),
        submitted_by=legible(getattr(person, f"name_{first}"), getattr(person, f"name_{second}"), person.email),
        received_on=there.date(),
        received_at_kst_text=f"{day(there.date(), 'ko')} {there:%H:%M:%S} KST",
        cycle=cycle,
        fingerprint_sha256=version.sha256,
        sections_count=len(load_form(case.definition_id, case.form_version).sections),
        attachments=tuple(Attachment(f["name"], f["size"], f["sha256"]) for f in version.files),
        next_steps=definition.states["RECEIVED"].next.text,
    )
