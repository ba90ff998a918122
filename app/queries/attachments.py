"""Whether a person may have a file, and which one it is."""

import sqlalchemy as sa

from app.authz import Viewer, standing_on
from app.errors import NotFound
from app.extensions import db
from app.models import Attachment, ConditionStep, Opinion, Version
from app.queries.cases import case_for


def file_for(who: Viewer, number: str, attachment: int) -> Attachment:
    """The attachment, if `who` may have it: the applicant all of its own; others what was submitted.

    Raises:
        NotFound: no such file on this case, not submitted, or not for this person.
    """
    case = case_for(who, number)
    query = sa.select(Attachment).where(Attachment.id == attachment, Attachment.case_id == case.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    standing = standing_on(who, case)
    if standing.applicant:
        return found
    asked = "opinion_giver" in standing.roles and _shown_to(who, found)
    if (standing.papers or asked) and _submitted(found):
        return found
    if standing.inside and _proof(found):
        return found
    raise NotFound


def _shown_to(who: Viewer, found: Attachment) -> bool:
    """Whether the officer marked it for a body that this person speaks for."""
    query = sa.select(Opinion.shared).where(
        Opinion.case_id == found.case_id, Opinion.organisation_id.in_(sorted(who.speaks_for))
    )
    return any(found.id in shared.get("files", ()) for shared in db.session.scalars(query))


def _proof(found: Attachment) -> bool:
    """Whether it was handed in as proof of a condition."""
    lists = db.session.scalars(sa.select(ConditionStep.files).where(ConditionStep.case_id == found.case_id))
    return any(file.get("id") == found.id for files in lists for file in files)


def _submitted(found: Attachment) -> bool:
    """Whether any version lists this very file."""
    lists = db.session.scalars(sa.select(Version.files).where(Version.case_id == found.case_id))
    return any(file.get("id") == found.id for files in lists for file in files)
