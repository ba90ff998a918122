"""Save one section as it stands, complete or not. A save that is older than the section is refused with both texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Stale
from app.extensions import db
from app.intake.check import check_section
from app.models import Case, Section
from app.queries.proposal import Draft, draft_of
from app.services.describe import describe
from app.services.editing import editable_case


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a save. `newly_asked`: questions that the answers just given have opened, still empty."""

    revision: int
    at: datetime
    complete: bool
    newly_asked: tuple[str, ...] = ()


def save_section(who: Viewer, number: str, key: str, typed: Mapping[str, Any], revision: int) -> Saved:
    """Store what was typed into section `key`. `revision`: that of the section the page was made from, 0 for none.

    Raises:
        NotFound, NotAllowed: as `editable_case`.
        Stale: someone saved in the meantime; carries both texts. Equal texts are no conflict.
    """
    with unit_of_work():
        case = editable_case(who, number, key)
        draft = draft_of(case)
        section = draft.form.section(key)
        found = draft.sections.get(key)
        checked = check_section(section, typed, draft.answers, [file.slot for file in draft.files])
        if found is not None and found.answers == checked.stored:
            return Saved(found.revision, found.saved_at, checked.complete)
        if revision != (found.revision if found else 0):
            raise Stale(yours=checked.stored, theirs=dict(found.answers) if found else {})
        before = {f.key for f in section.fields if f.asked(draft.answers)}
        saved = _store(case, found, key, checked.stored, checked.complete, who)
        draft = Draft(draft.form, {**draft.sections, key: saved}, draft.files)
        if case.seq == 0:
            describe(case, draft.answers)
        asked = [f.key for f in section.fields if f.asked(draft.answers) and f.key not in before]
        opened = tuple(key for key in asked if saved.answers.get(key) in (None, "", []))
        return Saved(saved.revision, saved.saved_at, checked.complete, opened)


def _store(
    case: Case, found: Section | None, key: str, answers: dict[str, Any], complete: bool, who: Viewer
) -> Section:
    now = clock.now()
    if found is None:
        found = Section(case_id=case.id, key=key, revision=0)
        db.session.add(found)
    found.revision += 1
    found.answers, found.complete, found.saved_at, found.saved_by = answers, complete, now, who.id
    db.session.flush()
    return found
