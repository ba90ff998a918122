"""A section of the form data as a WTForms form: what it looks like and how its fields are named.

WTForms shows and binds; whether an answer is good is decided by `check` alone. `typed_in` gives back what was
typed, `show` puts what is stored, and its faults, on the page.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from app.countries import all_countries
from app.i18n import Label, lang, tr
from app.web.base_form import HouseForm
from workflows import form_schema
from workflows.form_schema import Question, Section
from workflows.text import Text

YES_NO = (("yes", Label("예", "Yes")), ("no", Label("아니요", "No")))
MOST_RADIOS = 7


class _Needed:
    """Marks a field as required for the reader; the judgement is `check`'s."""

    field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Never refuses."""


class WholeNumberField(StringField):
    """A whole number as it was typed; shown with separators once it is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "IntegerField"

    def _value(self) -> str:
        return f"{self.data:,}" if isinstance(self.data, int) else str(self.data or "")


class Degrees(Form):
    """Latitude and longitude."""

    lat = StringField(Label("위도", "Latitude"), render_kw={"inputmode": "decimal", "autocomplete": "off"})
    lon = StringField(Label("경도", "Longitude"), render_kw={"inputmode": "decimal", "autocomplete": "off"})


class SectionForm(HouseForm):
    """The base of every section's form. `revision`: the revision of the section the page was made from."""

    once = None
    revision = HiddenField(default="0")

    def knows(self, name: str) -> bool:
        """Rows by their field; the buttons of the page; the section's files are fields of their own."""
        return name in BUTTONS or super().knows(name)


BUTTONS = ("save", "next", "add", "remove", "attach", "detach", "restore", "mine")


@cache
def form_class(form_id: str, version: int, key: str) -> type[SectionForm]:
    """The class of a section's form."""
    section = form_schema.load_form(form_id, version).section(key)
    members = {field.key: _field(field) for field in section.fields}
    return type(f"Section_{key}", (SectionForm,), members)


def _words(text: Text | None) -> Any:
    return Label(text.ko, text.en) if text else ""


def _field(asked: form_schema.FormField) -> Any:
    marks = [_Needed()] if asked.required else []
    kwargs: dict[str, Any] = {"description": _words(asked.help), "validators": marks}
    label = _words(asked.label)
    if asked.kind == "rows":
        row = type(f"Row_{asked.key}", (Form,), {c.key: _simple(c) for c in asked.columns})
        return FieldList(FormField(row), label, description=kwargs["description"])
    if asked.kind == "coordinates":
        return FormField(Degrees, label, description=kwargs["description"])
    if asked.kind == "files":
        return MultipleFileField(label, **kwargs)
    return _simple(asked, **kwargs)


def _simple(question: Question, **kwargs: Any) -> Any:
    label = _words(question.label)
    kwargs.setdefault("validators", [_Needed()] if question.required else [])
    kwargs.setdefault("description", _words(question.help))
    column = isinstance(question, form_schema.Column)
    match question.kind:
        case "text":
            return TextAreaField(label, **kwargs)
        case "money" | "number":
            return WholeNumberField(label, **kwargs)
        case "yes_no":
            return RadioField(label, choices=[SelectChoice(*c) for c in YES_NO], validate_choice=False, **kwargs)
        case "choices":
            return SelectMultipleField(label, choices=_offered(question), validate_choice=False, **kwargs)
        case "choice" if column or len(question.choices) > MOST_RADIOS:
            return SelectField(label, choices=_with_none(question), validate_choice=False, **kwargs)
        case "choice":
            return RadioField(label, choices=_offered(question), validate_choice=False, **kwargs)
        case "country":
            return SelectField(label, choices=country_choices, validate_choice=False, **kwargs)
        case "declaration":
            return BooleanField(label, **kwargs)
    return StringField(label, render_kw=HINTS.get(question.kind), **kwargs)


HINTS: dict[str, dict[str, str]] = {
    "email": {"type": "email", "inputmode": "email", "autocomplete": "email"},
    "phone": {"type": "tel", "autocomplete": "tel"},
    "url": {"type": "url", "placeholder": "https://"},
    "month": {"placeholder": "2027-03", "inputmode": "numeric", "autocomplete": "off"},
    "date": {"placeholder": "2027-03-15", "inputmode": "numeric", "autocomplete": "off"},
}
NOTHING = Label("선택하십시오", "Choose")


def _offered(question: Question) -> list[SelectChoice]:
    return [SelectChoice(choice.value, _words(choice.label)) for choice in question.choices]


def _with_none(question: Question) -> list[SelectChoice]:
    return [SelectChoice("", NOTHING), *_offered(question)]


def country_choices() -> list[SelectChoice]:
    """Every country, in the alphabet of the reader's language."""
    return [SelectChoice("", str(NOTHING)), *(SelectChoice(code, name) for code, name in _sorted(lang()))]


@cache
def _sorted(language: str) -> list[tuple[str, str]]:
    named = [(code, name.pick(language)) for code, name in all_countries().items()]
    return sorted(named, key=lambda pair: pair[1])


def typed_in(form: SectionForm, section: Section) -> dict[str, Any]:
    """What was typed into the bound form: field key -> as typed (files left out)."""
    return {field.key: form[field.key].data for field in section.fields if field.kind != "files"}


def show(form: SectionForm, section: Section, stored: Mapping[str, Any], rows: Mapping[str, int] | None = None) -> None:
    """Put `stored` (or what was typed) into an unbound form; `rows`: how many rows to show of a field at least."""
    for asked in section.fields:
        value = stored.get(asked.key)
        if asked.kind == "rows":
            _show_rows(form[asked.key], value or [], max((rows or {}).get(asked.key, 0), _least(asked)))
        elif asked.kind == "coordinates":
            for axis in ("lat", "lon"):
                form[asked.key].form[axis].data = (value or {}).get(axis, "")
        elif asked.kind != "files":
            form[asked.key].data = value
    if asked_choices := [f for f in section.fields if f.kind == "choices"]:
        for asked in asked_choices:
            form[asked.key].data = stored.get(asked.key) or []


def _least(asked: form_schema.FormField) -> int:
    return (asked.min or 1) if asked.required else 0


def _show_rows(field: FieldList, rows: list[dict[str, Any]], least: int) -> None:
    while field.entries:
        field.pop_entry()
    for row in [*rows, *({} for _ in range(max(0, least - len(rows))))]:
        entry = field.append_entry()
        for column in entry.form:
            column.data = row.get(column.short_name, "")


def mark(form: SectionForm, faults: Mapping[str, Text]) -> list[tuple[str, str, str]]:
    """Put each fault beside its field; (anchor, label, sentence) of each, for the summary."""
    summary = []
    for name, text in faults.items():
        key, _, rest = name.partition("-")
        place, _, column = rest.partition("-")
        field = form[key]
        label = str(field.label.text)
        if column and int(place) < len(field.entries):
            field = field.entries[int(place)].form[column]
            label = f"{label} {int(place) + 1} – {field.label.text}"
        if isinstance(field.errors, (list, tuple)):
            field.errors = [*field.errors, text]
        elif isinstance(field, FormField):
            field.form["lat"].errors = [text]
        summary.append((_anchor(field), label.rstrip("."), tr(text)))
    return summary


def _anchor(field: Any) -> str:
    if isinstance(field, FormField):
        return f"{field.id}-lat"
    return f"{field.id}-0" if isinstance(field, (RadioField, SelectMultipleField)) else str(field.id)
