"""Whether a section, and the whole form, is complete: what is kept of it, and what is still wrong or missing.

A fault is named like the field on the page: `title_en`, `partners` (the rows as a whole), `partners-0-country`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.intake.crosschecks import crosscheck
from app.intake.values import NEEDED, read
from workflows.form_schema import FormDefinition, FormField, Section
from workflows.text import Text
from workflows.words import count_of


@dataclass(frozen=True, slots=True)
class Checked:
    """A section after checking. `stored`: every answer, good or not; `answers`: the good ones that were asked."""

    stored: dict[str, Any]
    answers: dict[str, Any]
    faults: dict[str, Text] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether nothing is wrong and nothing is missing."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """The whole form after checking."""

    sections: dict[str, Checked]
    answers: dict[str, Any]

    @property
    def missing(self) -> list[str]:
        """Keys of the sections that are not complete, in the order asked."""
        return [key for key, checked in self.sections.items() if not checked.complete]


def check_section(
    section: Section, typed: Mapping[str, Any], earlier: Mapping[str, Any], slots: Sequence[str] = ()
) -> Checked:
    """Check what was typed into one section. `earlier`: the answers before it; `slots`: the slot of each file."""
    stored: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    faults: dict[str, Text] = {}
    known = dict(earlier)
    for asked in section.fields:
        value, found = _field(asked, typed.get(asked.key), slots)
        if asked.kind != "files" and value is not None:
            stored[asked.key] = value
        if not asked.asked(known):
            continue
        faults |= found
        if value is not None and not found and asked.kind != "files":
            answers[asked.key] = known[asked.key] = value
    if not faults:
        faults = crosscheck(section, known)
    return Checked(stored, answers, faults)


def check_form(form: FormDefinition, typed: Mapping[str, Mapping[str, Any]], slots: Sequence[str]) -> CheckedForm:
    """Check every section. `typed`: section key -> what is stored of it."""
    sections: dict[str, Checked] = {}
    answers: dict[str, Any] = {}
    for section in form.sections:
        sections[section.key] = check_section(section, typed.get(section.key, {}), answers, slots)
        answers |= sections[section.key].answers
    return CheckedForm(sections, answers)


def _field(asked: FormField, typed: Any, slots: Sequence[str]) -> tuple[Any, dict[str, Text]]:
    if asked.kind == "files":
        count = list(slots).count(asked.key)
        if asked.max is not None and count > asked.max:
            return None, {
                asked.key: Text(
                    f"파일은 {asked.max}개까지 낼 수 있습니다.", f"At most {count_of(asked.max, '', 'file').en}."
                )
            }
        if count >= asked.at_least:
            return None, {}
        return None, {asked.key: Text("파일을 첨부해 주십시오.", "Please attach a file.")}
    if asked.kind == "rows":
        return _rows(asked, typed if isinstance(typed, list) else [])
    value, fault = read(asked, typed)
    return value, {asked.key: fault} if fault else {}


def _rows(asked: FormField, typed: Sequence[Mapping[str, Any]]) -> tuple[Any, dict[str, Text]]:
    """Rows that hold anything; those left blank are no answer and are not kept."""
    rows: list[dict[str, Any]] = []
    faults: dict[str, Text] = {}
    for given in typed:
        if blank(given):
            continue
        row, found = _row(asked, given, len(rows))
        rows.append(row)
        faults |= found
    if not rows and asked.required:
        faults[asked.key] = NEEDED
    elif len(rows) > (asked.max or len(rows)):
        faults[asked.key] = Text(
            f"{asked.max}줄까지 적을 수 있습니다.", f"At most {count_of(asked.max, '', 'row').en}."
        )
    elif rows and len(rows) < (asked.min or 0):
        faults[asked.key] = Text(
            f"{asked.min}줄 이상 적어 주십시오.", f"Give at least {count_of(asked.min, '', 'row').en}."
        )
    return rows or None, faults


def _row(asked: FormField, given: Mapping[str, Any], place: int) -> tuple[dict[str, Any], dict[str, Text]]:
    row: dict[str, Any] = {}
    faults: dict[str, Text] = {}
    for column in asked.columns:
        value, fault = read(column, given.get(column.key))
        if value is not None:
            row[column.key] = value
        if fault:
            faults[f"{asked.key}-{place}-{column.key}"] = fault
    return row, faults


def blank(row: Mapping[str, Any]) -> bool:
    """Whether nothing was typed into a row."""
    return not any(str(value).strip() for value in row.values() if value is not None)
