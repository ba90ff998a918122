"""Forms of the administrators: roles, invitations, organisations, the terms of a cycle."""

import re
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.i18n import lang, t
from app.queries.accounts import ALL_PROGRAMMES, KIND_WORDS, ROLE_WORDS
from app.queries.programmes import MATCHING_WORDS, REGIME_WORDS, SAMPLE_WORDS, Term
from app.web.account.forms import LOCALES, MAIL_LANGUAGE, OrganisationForm, at_most, choices, good_address
from app.web.base_form import HouseForm
from workflows.text import Text

NONE = SelectChoice("", Text("정하지 않음", "Not set"))
MOST = {"krw": 10**15, "points": 1000, "days": 3660, "number": 1000}
UNITS = {"krw": Text("원", "KRW"), "days": Text("일", "days"), "points": Text("점", "points")}
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


class WholeNumber(IntegerField):
    """A whole number; separators that people type are understood."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "IntegerField"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """As an integer field, without the separators."""
        plain = [re.sub(r"[,\s]", "", value) for value in valuelist]
        if any(plain) and not all(re.fullmatch(r"\d{1,18}", value) for value in plain):
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(plain)


def between(least: int, most: int) -> Any:
    """A number within bounds."""

    def check(form: Any, field: Field) -> None:
        if field.data is not None and not least <= field.data <= most:
            words = (f"{least:,}부터 {most:,}까지 적을 수 있습니다.", f"Write {least:,} to {most:,}.")
            raise ValidationError(t(*words))

    return check


def _sane_day(form: Any, field: Field) -> None:
    if field.data is not None and not FIRST_DAY <= field.data < LAST_DAY:
        raise ValidationError(t("날짜를 확인해 주십시오.", "Check the date."))


def _month(form: Any, field: Field) -> None:
    if field.data and not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", field.data):
        raise ValidationError(t("연-월로 적어 주십시오. 보기: 2027-01", "Write year-month, such as 2027-01."))


class _RoleFields(HouseForm):
    role = SelectField(Text("역할", "Role"), choices=choices(ROLE_WORDS))
    programme = SelectField(Text("사업", "Programme"))
    organisation = SelectField(
        Text("의견을 내는 기관", "Gives the opinion of"),
        description=Text("의견 제출자에게만 정합니다.", "Only for an opinion-giver."),
    )

    def offer(self, programmes: list[Any], bodies: list[Any]) -> Any:
        """Put in what may be chosen."""
        every = [SelectChoice(p.key, Text(p.name_ko, p.name_en)) for p in programmes]
        self.programme.choices = [*every, SelectChoice("", ALL_PROGRAMMES)]
        named = [SelectChoice(str(b.id), Text(b.name_ko or b.name_en, b.name_en or b.name_ko)) for b in bodies]
        self.organisation.choices = [SelectChoice("", Text("해당 없음", "Does not apply")), *named]
        return self

    @property
    def organisation_id(self) -> int | None:
        """The organisation chosen, if any."""
        return int(self.organisation.data) if self.organisation.data else None


class GrantForm(_RoleFields):
    """A role for a person."""


class InviteRoleForm(_RoleFields):
    """Somebody to take up a role."""

    email = EmailField(Text("전자우편", "E-mail"), [DataRequired(), at_most(254), good_address])
    mail_language = SelectField(MAIL_LANGUAGE, choices=choices(LOCALES), default=lang)


class AnyOrganisationForm(OrganisationForm):
    """An organisation of any kind."""

    kind = SelectField(Text("기관 유형", "Kind"), choices=choices(KIND_WORDS))


def cycle_form(terms: list[Term]) -> type[HouseForm]:
    """The form for the terms that a cycle has."""
    fields: dict[str, Any] = {term.key: _field(term) for term in terms}
    fields["reason"] = TextAreaField(
        Text("변경 사유", "Reason of the change"),
        [DataRequired(), at_most(1000)],
        description=Text("변경 이력에 남습니다.", "It is kept in the history."),
    )
    fields["revision"] = IntegerField(validators=[InputRequired()])
    return type("CycleForm", (HouseForm,), fields)


def _field(term: Term) -> Any:
    if term.kind == "day":
        return DateField(term.label, [Optional(), _sane_day])
    if term.kind == "flag":
        return BooleanField(term.label)
    if term.kind == "text":
        return StringField(term.label, [Optional(), _month], [lambda value: value or None])
    if term.kind in ("matching", "regime"):
        words = MATCHING_WORDS if term.kind == "matching" else REGIME_WORDS
        return SelectField(term.label, choices=[NONE, *choices(words)], filters=[lambda value: value or None])
    if term.kind == "samples":
        return SelectMultipleField(
            term.label,
            choices=choices(SAMPLE_WORDS),
            description=Text(
                "공표된 값이 아니라 견본인 항목만 골라 두십시오.",
                "Tick what is our sample and not a published value.",
            ),
        )
    needed = term.key.startswith(("weight_", "set_"))
    least = 0 if term.kind == "points" else 1
    return WholeNumber(term.label, [InputRequired() if needed else Optional(), between(least, MOST[term.kind])])
