"""Forms of the account face, and the checks that every form of people and rights shares."""

from collections.abc import Callable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import abort, current_app
from wtforms import EmailField, Field, Form, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.countries import all_countries
from app.errors import Invalid
from app.i18n import lang, t
from app.queries.accounts import KIND_WORDS, MEMBER_WORDS, SIZE_WORDS
from app.services.create_organisation import APPLICANT_KINDS
from app.web.base_form import HouseForm
from workflows.text import Text


def at_most(characters: int) -> Callable[[Form, Field], None]:
    """No more characters than are stored, and none that cannot be."""

    def check(form: Form, field: Field) -> None:
        value = field.data or ""
        if len(value) > characters:
            raise ValidationError(t(f"{characters}자 이하로 적어 주십시오.", f"At most {characters} characters."))
        if "\x00" in value:
            raise ValidationError(t("쓸 수 없는 문자가 있습니다.", "A character here cannot be used."))

    return check


def good_address(form: Form, field: Field) -> None:
    """An address mail can be sent to. Reserved names such as .test count everywhere but in production."""
    tests = current_app.config["ENV"] != "production"
    try:
        validate_email(field.data or "", check_deliverability=False, test_environment=tests)
    except EmailNotValidError:
        raise ValidationError(t("전자우편 주소를 확인해 주십시오.", "Check the e-mail address.")) from None


def one_line(value: str | None) -> str:
    """Line breaks and runs of spaces become one space: names stand in mails and lists."""
    return " ".join((value or "").split())


def choices(words: dict[str, Text], *keys: str) -> list[Any]:
    """Options of a list, in the given order."""
    return [SelectChoice(key, words[key]) for key in keys or words]


def countries() -> list[Any]:
    """Every country, ordered as the reader's language orders them."""
    named = sorted(all_countries().items(), key=lambda item: item[1].pick(lang()))
    return [SelectChoice("", Text("선택", "Choose")), *(SelectChoice(code, name) for code, name in named)]


def blame(form: HouseForm, fault: Invalid) -> None:
    """Show what a service refused at its field; what the form has no field for goes up to the error page."""
    if fault.field not in form._fields:
        raise fault
    form[fault.field].errors = [fault.text]


def only_token() -> None:
    """For buttons: the POST carries its token and nothing else."""
    if not Bare().validate_on_submit():
        abort(400)


class Bare(HouseForm):
    """A button."""


NAME_KO = Text("한국어 이름", "Name in Korean")
NAME_EN = Text("영어 이름", "Name in English")
NEW_PASSWORD = Text("새 비밀번호", "New password")
PASSWORD_HELP = Text(
    "8자 이상 128자 이하. 모든 문자를 쓸 수 있으며, 길고 기억하기 쉬운 문장이 좋습니다.",
    "8 to 128 characters of any script. A long phrase you can remember is best.",
)
LOCALE = Text("안내 언어", "Language of mails")
MAIL_LANGUAGE = Text("초대 전자우편의 언어", "Language of the mail")
LOCALES = {"ko": Text("한국어", "Korean"), "en": Text("영어", "English")}
ONE_OF_BOTH = Text("한국어와 영어 가운데 하나만 적어도 됩니다.", "One of the two languages is enough.")
NEW = {"autocomplete": "new-password"}
CURRENT = {"autocomplete": "current-password"}


class SignInForm(HouseForm):
    """Address and password. Neither is judged here: every refusal reads the same."""

    email = EmailField(
        Text("전자우편", "E-mail"), [DataRequired(), at_most(254)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(Text("비밀번호", "Password"), [InputRequired()], render_kw=CURRENT)


class CodeForm(HouseForm):
    """The code of the authenticator, or a recovery code."""

    code = StringField(
        Text("인증번호", "Code"),
        [DataRequired(), at_most(40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text"},
    )


class _Named(HouseForm):
    name_ko = StringField(NAME_KO, [at_most(120)], [one_line], description=ONE_OF_BOTH)
    name_en = StringField(NAME_EN, [at_most(120)], [one_line])
    locale = SelectField(LOCALE, choices=choices(LOCALES), default=lang)

    def validate_name_ko(self, field: Field) -> None:
        """A name in one of the languages."""
        if not (field.data or self.name_en.data):
            raise ValidationError(t("이름을 적어 주십시오.", "Give your name."))


class SignUpForm(_Named):
    """A new account."""

    email = EmailField(
        Text("전자우편", "E-mail"),
        [DataRequired(), at_most(254), good_address],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(Text("비밀번호", "Password"), [InputRequired()], description=PASSWORD_HELP, render_kw=NEW)


class InvitedForm(_Named):
    """A new account by invitation; the address is the invitation's."""

    password = PasswordField(Text("비밀번호", "Password"), [InputRequired()], description=PASSWORD_HELP, render_kw=NEW)


class SettingsForm(_Named):
    """One's own name and language."""


class ConfirmForm(HouseForm):
    """The password chosen at sign-up."""

    password = PasswordField(
        Text("가입할 때 정한 비밀번호", "The password you chose"), [InputRequired()], render_kw=CURRENT
    )


class AskResetForm(HouseForm):
    """Which account."""

    email = EmailField(
        Text("전자우편", "E-mail"), [DataRequired(), at_most(254)], render_kw={"autocomplete": "username"}
    )


class ResetForm(HouseForm):
    """The new password."""

    password = PasswordField(NEW_PASSWORD, [InputRequired()], description=PASSWORD_HELP, render_kw=NEW)


class PasswordForm(HouseForm):
    """Old and new."""

    old = PasswordField(Text("현재 비밀번호", "Current password"), [InputRequired()], render_kw=CURRENT)
    new = PasswordField(NEW_PASSWORD, [InputRequired()], description=PASSWORD_HELP, render_kw=NEW)


class OrganisationForm(HouseForm):
    """An organisation of an applicant."""

    name_ko = StringField(Text("한국어 명칭", "Name in Korean"), [at_most(200)], [one_line], description=ONE_OF_BOTH)
    name_en = StringField(Text("영어 명칭", "Name in English"), [at_most(200)], [one_line])
    kind = SelectField(Text("기관 유형", "Kind"), choices=choices(KIND_WORDS, *APPLICANT_KINDS))
    country = SelectField(Text("국가", "Country"), [DataRequired()], choices=countries)
    register_number = StringField(
        Text("등록번호", "Register number"),
        [at_most(40)],
        [one_line],
        description=Text("국내 기업은 사업자등록번호", "For a Korean company, its business register number"),
    )
    size_class = SelectField(
        Text("기업 규모", "Size"),
        choices=[SelectChoice("", Text("해당 없음", "Does not apply")), *choices(SIZE_WORDS)],
    )


class InviteMemberForm(HouseForm):
    """Somebody to act for the organisation."""

    email = EmailField(Text("전자우편", "E-mail"), [DataRequired(), at_most(254), good_address])
    role = SelectField(
        Text("역할", "Role"),
        choices=choices(MEMBER_WORDS, "delegate", "signatory"),
        description=Text(
            "실무 담당자는 작성만 하고, 서명과 제출, 구성원 관리는 서명권자가 합니다.",
            "A delegate drafts; signing, submitting and managing members is the signatory's.",
        ),
    )
    mail_language = SelectField(MAIL_LANGUAGE, choices=choices(LOCALES), default=lang)


class MemberRoleForm(HouseForm):
    """Another role for a member."""

    role = SelectField(Text("역할", "Role"), choices=choices(MEMBER_WORDS))
