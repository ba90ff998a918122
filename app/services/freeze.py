"""Freeze what was written as a version: answers, files with their hashes, and one fingerprint over all of it."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import fingerprint
from app.extensions import db
from app.models import Case, Organisation, Version
from app.queries.proposal import Draft
from app.services.describe import describe, index


def freeze(case: Case, draft: Draft, who: Viewer, now: datetime, reason: str) -> Version:
    """The next version of `case`, stored; the case says from now on what this version says.

    `reason`: submit, supplement or revision. Call inside the act that makes it, and return it to be sealed.
    """
    describe(case, draft.answers)
    with db.session.no_autoflush:  # the case is written once, with its version
        applicant, last = _applicant_and_last(case)
        index(case, applicant)
    files = [
        {
            "id": file.id,
            "slot": file.slot,
            "name": file.name,
            "kind": file.kind,
            "size": file.size,
            "sha256": file.sha256,
        }
        for file in draft.files
    ]
    content = {"case": case.number, "version": last + 1, "answers": draft.answers, "files": files}
    values = {
        "case_id": case.id,
        "number": last + 1,
        "answers": draft.answers,
        "files": files,
        "sha256": fingerprint(content),
        "made_at": now,
        "made_by": who.id,
        "reason": reason,
    }
    with db.session.no_autoflush:  # likewise
        return db.session.scalars(sa.insert(Version).values(**values).returning(Version)).one()


def _applicant_and_last(case: Case) -> tuple[Organisation | None, int]:
    """Whose it is, and the number of its last version, 0 before the first. One statement."""
    last = sa.select(sa.func.max(Version.number)).where(Version.case_id == case.id).scalar_subquery()
    query = sa.select(Organisation, last.label("last")).where(Organisation.id == case.organisation_id)
    found = db.session.execute(query).one_or_none()
    return (found.Organisation, found.last or 0) if found else (None, db.session.scalar(sa.select(last)) or 0)
