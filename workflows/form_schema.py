"""The shape of a form: what is asked, in which order, within which limits. Read from `forms/<id>/v<N>.yaml`.

Holds questions only. It must never hold an answer, know who is asking, or decide anything about a case.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from workflows import plain_yaml
from workflows.text import Text

FORMS = Path(__file__).parent / "forms"

Kind = Literal[
    "line",
    "text",
    "choice",
    "choices",
    "money",
    "number",
    "date",
    "month",
    "country",
    "email",
    "phone",
    "url",
    "coordinates",
    "yes_no",
    "rows",
    "files",
    "declaration",
]
COMPOUND_KINDS = frozenset({"choices", "coordinates", "rows", "files", "declaration"})
YES_NO = frozenset({"yes", "no"})


def _both_languages(words: Text) -> Text:
    if not (words.ko.strip() and words.en.strip()):
        raise ValueError("words are needed in Korean and in English")
    return words


Words = Annotated[Text, AfterValidator(_both_languages)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
FileKind = Literal["pdf", "hwp", "hwpx", "docx", "xlsx", "pptx", "png", "jpeg"]


class Strict(BaseModel):
    """A frozen record that refuses any key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(Strict):
    """One answer that may be chosen: a stable code and the words shown."""

    value: Key
    label: Words


class OnlyIf(Strict):
    """The field is asked only when the earlier `field` was answered with one of `values`."""

    field: Key
    values: tuple[str, ...] = Field(alias="in", min_length=1)


class Question(Strict):
    """What every field and every column of a `rows` field has in common.

    `max` and `min` count characters for line and text, rows for rows, choices taken for choices, files for
    files, and bound the value of number and money (KRW).
    """

    key: Key
    kind: Kind
    label: Words
    help: Words | None = None
    required: bool
    max: int | None = None
    min: int | None = None
    choices: tuple[Choice, ...] = ()
    unit: Words | None = None

    @property
    def values(self) -> frozenset[str]:
        """The codes this question can be answered with; empty when it is not a question of choice."""
        return YES_NO if self.kind == "yes_no" else frozenset(choice.value for choice in self.choices)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind in ("choice", "choices")) != bool(self.choices):
            raise ValueError(f"{self.key}: choices belong to choice and choices, and only there")
        if len(self.choices) != len(self.values) and self.choices:
            raise ValueError(f"{self.key}: a choice is given twice")
        if self.kind in ("line", "text", "rows") and self.max is None:
            raise ValueError(f"{self.key}: a {self.kind} needs max")
        return self


class Column(Question):
    """One column of a `rows` field."""

    @model_validator(mode="after")
    def _simple(self) -> Self:
        if self.kind in COMPOUND_KINDS:
            raise ValueError(f"{self.key}: {self.kind} cannot be a column")
        return self


class FormField(Question):
    """One question of a section."""

    only_if: OnlyIf | None = None
    columns: tuple[Column, ...] = ()
    accept: tuple[FileKind, ...] = ()
    at_least: int = 0

    def asked(self, answers: Mapping[str, object]) -> bool:
        """Whether this question is asked at all, given the answers so far."""
        if self.only_if is None:
            return True
        given = answers.get(self.only_if.field)
        return bool(set(given if isinstance(given, list) else [given]) & set(self.only_if.values))

    @model_validator(mode="after")
    def _has_its_parts(self) -> Self:
        if (self.kind == "rows") != bool(self.columns):
            raise ValueError(f"{self.key}: columns belong to rows, and only there")
        if (self.kind == "files") != bool(self.accept):
            raise ValueError(f"{self.key}: accept belongs to files, and only there")
        if self.kind == "files" and self.required != (self.at_least > 0):
            raise ValueError(f"{self.key}: a required attachment asks for at_least one, and no other does")
        if self.kind == "declaration" and not self.required:
            raise ValueError(f"{self.key}: a declaration is always required")
        return self


class Section(Strict):
    """One page of the form: one matter."""

    key: Key
    title: Words
    intro: Words
    fields: tuple[FormField, ...] = Field(min_length=1)


class EligibilityQuestion(Strict):
    """A question of the self-check, asked before anything is typed. `ok` is the answer that lets one on."""

    key: Key
    question: Words
    ok: Literal["yes", "no"]
    why_not: Words


class ScreeningLine(Strict):
    """One line of the officer's checklist, and the ground for returning the proposal if it is not met."""

    key: Key
    line: Words
    ground: Words


class FormDefinition(Strict):
    """A published version of a form. Field keys are unique in it, so answers are one flat mapping."""

    id: str
    version: int = Field(ge=1)
    eligibility: tuple[EligibilityQuestion, ...] = Field(min_length=1)
    sections: tuple[Section, ...] = Field(min_length=1)
    screening: tuple[ScreeningLine, ...] = Field(min_length=1)

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every field in the order asked."""
        return tuple(field for section in self.sections for field in section.fields)

    def section(self, key: str) -> Section:
        """The section of that key; KeyError if there is none."""
        return {section.key: section for section in self.sections}[key]

    def field(self, key: str) -> FormField:
        """The field of that key; KeyError if there is none."""
        return {field.key: field for field in self.fields}[key]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for what, keys in (
            ("section", [section.key for section in self.sections]),
            ("field", [field.key for field in self.fields]),
            ("eligibility", [question.key for question in self.eligibility]),
            ("screening", [line.key for line in self.screening]),
        ):
            if len(set(keys)) != len(keys):
                raise ValueError(f"{what} keys are not unique in {self.id}")
        seen: dict[str, FormField] = {}
        for field in self.fields:
            if field.only_if and not self._may_hang_on(field.only_if, seen):
                raise ValueError(f"{field.key}: only_if names no earlier choice that has these values")
            seen[field.key] = field
        return self

    @staticmethod
    def _may_hang_on(only_if: OnlyIf, seen: dict[str, FormField]) -> bool:
        earlier = seen.get(only_if.field)
        return earlier is not None and set(only_if.values) <= earlier.values


@cache
def load_form(form_id: str, version: int) -> FormDefinition:
    """The form of that id and version, checked.

    FileNotFoundError if there is none, ValidationError if it is faulty.
    """
    read = plain_yaml.read((FORMS / form_id / f"v{version}.yaml").read_text(encoding="utf-8"))
    return FormDefinition.model_validate(read)
