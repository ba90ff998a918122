"""Whether a person may have a file, and which one it is."""

import sqlalchemy as sa

from app.authz import Viewer, standing_on
from app.errors import NotFound
from app.extensions import db
from app.models import Attachment, ConditionStep, Version
from app.queries.cases import case_for

OFFICIAL = frozenset({"official_letter", "concept_paper", "site_map", "business_plan", "letter_of_intent"})
"""What a body asked for its opinion reads: the proposal's official documents, not its evidence."""


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
    asked = "opinion_giver" in standing.roles and found.slot in OFFICIAL
    if (standing.papers or asked) and _submitted(found):
        return found
    if standing.inside and _proof(found):
        return found
    raise NotFound


def _proof(found: Attachment) -> bool:
    """Whether it was handed in as proof of a condition."""
    lists = db.session.scalars(sa.select(ConditionStep.files).where(ConditionStep.case_id == found.case_id))
    return any(file.get("id") == found.id for files in lists for file in files)


def _submitted(found: Attachment) -> bool:
    """Whether any version lists this very file."""
    lists = db.session.scalars(sa.select(Version.files).where(Version.case_id == found.case_id))
    return any(file.get("id") == found.id for files in lists for file in files)
