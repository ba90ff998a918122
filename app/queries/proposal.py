"""The proposal as it stands: sections, answers, attachments, what is still missing. Never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.intake.check import CheckedForm, check_form
from app.models import Attachment, Case, Ranking, Section, Version
from workflows.form_schema import FormDefinition, load_form
from workflows.text import Text


@dataclass(frozen=True)
class Draft:
    """Everything typed so far, and how it stands against the form (checked once, when first asked)."""

    form: FormDefinition
    sections: dict[str, Section]
    files: list[Attachment]
    outside: Mapping[str, Text] = field(default_factory=dict)
    """field key -> what stands against its answer from outside the form (queries/outside.py)"""

    @cached_property
    def checked(self) -> CheckedForm:
        """Every section checked against the form as it is now; the stored `complete` is only a cache."""
        return check_form(self.form, self.typed, [file.slot for file in self.files])

    @property
    def typed(self) -> dict[str, dict[str, Any]]:
        """section key -> what is stored of it, good or not."""
        return {key: section.answers for key, section in self.sections.items()}

    @property
    def answers(self) -> dict[str, Any]:
        """field key -> value, over all sections: the answers that were asked for and are good."""
        return self.checked.answers

    @property
    def missing(self) -> list[str]:
        """Keys of sections that are not complete, in the order of the form."""
        return [section.key for section in self.form.sections if not self.complete(section.key)]

    def complete(self, key: str) -> bool:
        """Whether nothing is wrong or missing in a section, its files included."""
        return self.checked.sections[key].complete and not self.faults_outside(key)

    def faults_outside(self, key: str) -> dict[str, Text]:
        """The faults of a section that come from outside the form."""
        return {f.key: self.outside[f.key] for f in self.form.section(key).fields if f.key in self.outside}

    def begun(self, key: str) -> bool:
        """Whether anything was saved of a section."""
        slots = {asked.key for asked in self.form.section(key).fields if asked.kind == "files"}
        return key in self.sections or any(file.slot in slots for file in self.files)

    @property
    def declarations_open(self) -> int:
        """Declarations not ticked."""
        return sum(f.kind == "declaration" and not self.answers.get(f.key) for f in self.form.fields)


def draft_of(case: Case) -> Draft:
    """The draft of `case` (two statements)."""
    sections = db.session.scalars(sa.select(Section).where(Section.case_id == case.id))
    files = db.session.scalars(
        sa.select(Attachment)
        .where(Attachment.case_id == case.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )
    form = load_form(case.definition_id, case.form_version)
    return Draft(form, {section.key: section for section in sections}, list(files))


def removed_files(case: Case, slots: Sequence[str]) -> list[Attachment]:
    """Files taken out of these slots, newest first: they can be put back until the next submission."""
    if not slots:
        return []
    query = sa.select(Attachment).where(
        Attachment.case_id == case.id, Attachment.slot.in_(slots), Attachment.removed_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(Attachment.removed_at.desc())))


def versions_of(case: Case) -> list[Version]:
    """Every version submitted, oldest first."""
    query = sa.select(Version).where(Version.case_id == case.id).order_by(Version.number)
    return list(db.session.scalars(query))


def latest_version(case: Case) -> Version | None:
    """The version that counts now."""
    query = sa.select(Version).where(Version.case_id == case.id).order_by(Version.number.desc())
    return db.session.scalar(query.limit(1))


def version_of(case: Case, number: int) -> Version | None:
    """One version by its number."""
    return db.session.scalar(sa.select(Version).where(Version.case_id == case.id, Version.number == number))


def ranking_of(case: Case) -> Ranking | None:
    """The frozen ranking of a case whose evaluation is closed: the newest of the hearing it is in."""
    query = sa.select(Ranking).where(Ranking.case_id == case.id, Ranking.hearing == case.hearing)
    return db.session.scalar(query.order_by(Ranking.number.desc()).limit(1))


def rankings_of(case: Case) -> list[Ranking]:
    """Every ranking of the case, oldest first: none is ever changed."""
    return list(db.session.scalars(sa.select(Ranking).where(Ranking.case_id == case.id).order_by(Ranking.id)))
