"""The forms of the desk. Nothing that decides is preselected."""

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.i18n import Label, t, tr
from app.queries.screening import Line
from app.services.reply_opinion import STANCES
from app.web.base_form import HouseForm
from app.web.desk.common import ActForm
from workflows.form_schema import FormDefinition

NEEDED = InputRequired()
EVIDENCE, REASON, LONG = 1000, 2000, 8000


class TooLong(Length):
    """At most so many characters, a line break counted as one; says how many there are."""

    def __call__(self, form: Any, field: Any) -> None:
        used = len((field.data or "").replace("\r\n", "\n"))
        if used > self.max:
            raise ValidationError(
                t(
                    f"{self.max:,}자까지 적을 수 있습니다. 현재 {used:,}자입니다.",
                    f"At most {self.max:,} characters; it has {used:,}.",
                )
            )


def most(limit: int) -> TooLong:
    """A limit that says how far it is exceeded."""
    return TooLong(max=limit)


class Confirm(ActForm):
    """Nothing but yes."""


class Assign(ActForm):
    """Who answers for the case."""

    officer = SelectField(Label("담당자", "Officer"), coerce=str, validators=[NEEDED])


class AssignMany(HouseForm):
    """The cases ticked in the list, and who shall answer for them."""

    number = SelectMultipleField(validate_choice=False)
    officer = SelectField(Label("담당자", "Officer"), coerce=str, validators=[NEEDED])
    confirmed = HiddenField()


def checklist_form(lines: list[Line]) -> type[ActForm]:
    """A form with `met_<key>` and `evidence_<key>` for each line of the checklist."""
    fields: dict[str, Any] = {}
    for line in lines:
        choices = [
            SelectChoice("yes", Label("충족", "Met")),
            SelectChoice("no", Label("미충족", "Not met")),
        ]
        fields[f"met_{line.key}"] = RadioField(line.line, choices=choices, validate_choice=False)
        label = Label("확인한 근거", "Evidence seen")
        fields[f"evidence_{line.key}"] = TextAreaField(label, validators=[Optional(), most(EVIDENCE)])
    return type("Checklist", (ActForm,), fields)


class Item(Form):
    """One thing that is missing."""

    section = SelectField(Label("신청서 항목", "Section"), validate_choice=False)
    reason = TextAreaField(
        Label("보완할 내용과 사유", "What is missing and why"), validators=[Optional(), most(REASON)]
    )


class Supplement(ActForm):
    """What is asked for and until when."""

    items = FieldList(FormField(Item), label=Label("보완 항목", "Items"), min_entries=1, max_entries=20)
    due_on = DateField(Label("보완 기한", "Due"), validators=[NEEDED])
    more = HiddenField()


def section_choices(form: FormDefinition, empty: tuple[str, str]) -> list[SelectChoice]:
    """The sections of the application form, after an empty choice."""
    return [SelectChoice(*empty), *(SelectChoice(s.key, tr(s.title)) for s in form.sections)]


class Again(ActForm):
    """The second date."""

    due_on = DateField(Label("재보완 기한", "Second date"), validators=[NEEDED])


class Return(ActForm):
    """Why it is returned."""

    ground = RadioField(Label("부적격 사유", "Ground"), validate_choice=False)
    reason = TextAreaField(Label("구체적인 이유", "Reasons"), validators=[NEEDED, most(REASON)])


class Reason(ActForm):
    """An act that needs its reason."""

    reason = TextAreaField(Label("사유", "Reason"), validators=[NEEDED, most(REASON)])


class AskOpinion(ActForm):
    """Whom to ask what."""

    organisations = SelectMultipleField(Label("조회 기관", "Whom to ask"), coerce=str, validate_choice=True)
    question = TextAreaField(Label("조회 내용", "Question"), validators=[NEEDED, most(REASON)])
    sections = SelectMultipleField(
        Label("함께 보여 줄 작성 항목", "Sections to show"), coerce=str, validate_choice=True
    )
    files = SelectMultipleField(Label("함께 보여 줄 첨부파일", "Files to show"), coerce=str, validate_choice=True)
    due_on = DateField(Label("회신 기한", "Reply by"), validators=[NEEDED])
    missing = HiddenField()


class Reply(HouseForm):
    """The opinion of a body."""

    stance = RadioField(Label("의견", "Opinion"), validators=[NEEDED], validate_choice=False)
    remarks = TextAreaField(Label("의견 내용", "Remarks"), validators=[Optional(), most(LONG)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stance.choices = [SelectChoice(key, tr(words)) for key, words in STANCES.items()]


class Consultant(ActForm):
    """Who advises."""

    consultant = SelectField(Label("자문가", "Consultant"), coerce=str, validators=[NEEDED])


class Goals(ActForm):
    """What the consulting is to reach."""

    goals = TextAreaField(Label("컨설팅 목표", "Goals"), validators=[NEEDED, most(REASON)])


class Meeting(HouseForm):
    """A meeting that was held."""

    held_on = DateField(Label("회의일", "Held on"), validators=[NEEDED])
    place = StringField(Label("장소(온라인 포함)", "Place (or online)"), validators=[NEEDED, most(200)])
    attendees = TextAreaField(Label("참석자", "Present"), validators=[NEEDED, most(1000)])
    gist = TextAreaField(Label("논의한 내용", "What was discussed"), validators=[NEEDED, most(LONG)])


class Advise(HouseForm):
    """One advice item."""

    section = SelectField(Label("신청서 항목", "Section"), validate_choice=False)
    text = TextAreaField(Label("자문 내용", "Advice"), validators=[NEEDED, most(REASON)])


class OnAdvice(HouseForm):
    """The applicant's answer to one item, or the consultant's judgement of it: which of them, the button says."""

    item = HiddenField()
    step = HiddenField()
    answer = TextAreaField(Label("반영 내용", "How it was met"), validators=[Optional(), most(REASON)])
    met = RadioField(Label("판정", "Judgement"), validate_choice=False)
    judgement = TextAreaField(Label("판정 이유", "Reason"), validators=[Optional(), most(REASON)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.met.choices = [SelectChoice("yes", t("반영", "Met")), SelectChoice("no", t("미반영", "Not met"))]


class Feasibility(ActForm):
    """The two texts that consulting ends with."""

    feasibility = TextAreaField(Label("타당성 검토서", "Feasibility report"), validators=[Optional(), most(LONG)])
    task_scope = TextAreaField(Label("과업범위", "Task scope"), validators=[Optional(), most(LONG)])


class Extend(ActForm):
    """More time for the consulting."""

    due_on = DateField(Label("새 기한", "New date"), validators=[NEEDED])
    reason = TextAreaField(Label("연장 사유", "Reason"), validators=[NEEDED, most(REASON)])
    consent = BooleanField(Label("신청기관이 연장에 동의하였습니다.", "The applicant agrees to the extension."))


class Write(HouseForm):
    """A message."""

    text = TextAreaField(Label("메시지", "Message"), validators=[NEEDED, most(4000)])
