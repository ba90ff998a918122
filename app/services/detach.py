"""Take a file away from a draft, or put it back. The row stays: what was submitted is in its version for ever."""

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Attachment
from app.queries.applications import own_case
from app.services.editing import editable_case
from workflows.form_schema import FormDefinition, load_form


def detach(who: Viewer, number: str, attachment: int) -> None:
    """Remove a file; it can be put back until the next submission.

    Raises:
        NotFound, NotAllowed: as `editable_case`; NotFound also for a file that is not of this case.
    """
    _set(who, number, attachment, removed=True)


def restore(who: Viewer, number: str, attachment: int) -> None:
    """Put a removed file back.

    Raises:
        NotFound, NotAllowed: as `detach`.
    """
    _set(who, number, attachment, removed=False)


def _set(who: Viewer, number: str, attachment: int, removed: bool) -> None:
    with unit_of_work():
        case = own_case(who, number)
        query = sa.select(Attachment).where(Attachment.id == attachment, Attachment.case_id == case.id)
        found = db.session.scalar(query)
        if found is None:
            raise NotFound
        editable_case(who, number, _section(load_form(case.definition_id, case.form_version), found.slot))
        found.removed_at = clock.now() if removed else None


def _section(form: FormDefinition, slot: str) -> str:
    for section in form.sections:
        if any(field.key == slot for field in section.fields):
            return section.key
    raise NotFound
