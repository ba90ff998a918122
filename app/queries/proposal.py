"""The proposal as it stands: sections, answers, attachments, what is still missing. Never writes."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.models import Attachment, Case, Ranking, Section, Version
from workflows.form_schema import FormDefinition, FormField, load_form


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything typed so far."""

    form: FormDefinition
    sections: dict[str, Section]
    files: list[Attachment]

    @property
    def answers(self) -> dict[str, Any]:
        """field key -> value, over all sections."""
        return {key: value for section in self.sections.values() for key, value in section.answers.items()}

    @property
    def missing(self) -> list[str]:
        """Keys of sections that are not complete, in the order of the form."""
        return [section.key for section in self.form.sections if not self.complete(section.key)]

    def complete(self, key: str) -> bool:
        """Whether a section was saved complete and its required files are there."""
        stored = self.sections.get(key)
        fields = self.form.section(key).fields
        only_files = all(field.kind == "files" for field in fields)
        if stored is None or not stored.complete:
            if not (only_files and stored is None):
                return False
        return not self.files_missing(key)

    def files_missing(self, key: str) -> list[FormField]:
        """Required attachment slots of a section that hold too few files."""
        slots = [file.slot for file in self.files]
        return [
            field
            for field in self.form.section(key).fields
            if field.kind == "files" and field.asked(self.answers) and slots.count(field.key) < (field.at_least or 0)
        ]

    @property
    def declarations_open(self) -> int:
        """Declarations not ticked."""
        answers = self.answers
        return sum(
            field.kind == "declaration" and not answers.get(field.key) for field in self.form.fields
        )


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


def versions_of(case: Case) -> list[Version]:
    """Every version submitted, oldest first."""
    query = sa.select(Version).where(Version.case_id == case.id).order_by(Version.number)
    return list(db.session.scalars(query))


def latest_version(case: Case) -> Version | None:
    """The version that counts now."""
    query = sa.select(Version).where(Version.case_id == case.id).order_by(Version.number.desc())
    return db.session.scalar(query.limit(1))


def ranking_of(case: Case) -> Ranking | None:
    """The frozen ranking of a case whose evaluation is closed."""
    return db.session.scalar(sa.select(Ranking).where(Ranking.case_id == case.id))
