"""Forms of evaluation, committee and decision. Nothing is preselected where somebody decides."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.i18n import Label, tr
from app.web.base_form import HouseForm
from workflows.text import Text

LONG = 4000
WHEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


def choices(*pairs: tuple[Any, Any]) -> list[SelectChoice]:
    """(value, words) as WTForms takes them; words may be a Label or a Text's text."""
    return [SelectChoice(value, words) for value, words in pairs]


class ActForm(HouseForm):
    """A form that moves a case: refused when the page was older than the case."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """The case's `seq` that the page was made from; -1 where the form lost it."""
        text = str(self.revision.data or "")
        return int(text) if text.isdigit() else -1


class InviteForm(ActForm):
    """Whom to invite."""

    evaluator = SelectField(Label("평가위원", "Evaluator"), coerce=int, validate_choice=False)


class ExcuseForm(ActForm):
    """Whom to excuse, why, and who takes the place."""

    evaluator = SelectField(Label("해촉할 위원", "Who is excused"), coerce=int, validate_choice=False)
    reason = TextAreaField(Label("사유", "Reason"), validators=[Length(max=2000)])
    replacement = SelectField(Label("후임 위원", "In the place"), coerce=int, validate_choice=False)


class ReasonForm(ActForm):
    """A reason."""

    reason = TextAreaField(Label("사유", "Reason"), validators=[Length(max=LONG)])


class TableForm(ActForm):
    """Which sitting."""

    sitting = SelectField(Label("회의", "Sitting"), coerce=int, validate_choice=False)
    not_recommended = BooleanField(Label("비추천 안건으로 상정", "Table as “not recommended”"))


class DeferForm(ActForm):
    """To which sitting, and why."""

    sitting = SelectField(
        Label("다시 심의할 회의", "Sitting that takes it up again"), coerce=int, validate_choice=False
    )
    reason = TextAreaField(Label("보류 사유", "Reason for deferring"), validators=[Length(max=2000)])


class ConditionForm(Form):
    """One condition."""

    article = StringField(Label("조항", "Article"), validators=[Length(max=120)])
    text = TextAreaField(Label("이행할 내용", "What must be done"), validators=[Length(max=2000)])
    purpose = TextAreaField(Label("붙이는 목적", "What it is for"), validators=[Length(max=1000)])
    owner = StringField(Label("이행 주체", "By whom"), validators=[Length(max=120)])
    due = StringField(Label("기한 (연-월-일)", "Due (year-month-day)"), validators=[Length(max=10)])


class MotionForm(ActForm):
    """What is moved."""

    outcome = RadioField(
        Label("의결안", "Motion"),
        choices=choices(
            ("approve", Label("승인", "Approve")),
            ("approve_with_conditions", Label("조건부 승인", "Approve with conditions")),
            ("reject", Label("불승인", "Reject")),
            ("reserve", Label("예비 순위", "Put on the reserve list")),
        ),
        validators=[InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))],
    )
    amount = IntegerField(Label("지원금액", "Amount of support"), validators=[Optional()])
    secret = BooleanField(Label("무기명으로 표결", "Secret ballot"))
    text = TextAreaField(Label("주문", "Text of the motion"), validators=[Length(max=LONG)])
    conditions = FieldList(FormField(ConditionForm), min_entries=4, max_entries=12)


class BallotForm(HouseForm):
    """A vote; sent twice: chosen, then confirmed."""

    choice = RadioField(
        Label("표결", "Your vote"),
        choices=choices(
            ("yes", Label("찬성", "Yes")),
            ("no", Label("반대", "No")),
            ("abstain", Label("기권", "Abstain")),
        ),
        validators=[InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))],
    )
    confirmed = HiddenField()


class DecideForm(ActForm):
    """The Minister's decision; sent twice: written, then confirmed."""

    outcome = RadioField(
        Label("결정", "Decision"),
        validators=[InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))],
    )
    amount = IntegerField(Label("지원금액", "Amount of support"), validators=[Optional()])
    rank = IntegerField(Label("예비 순위", "Reserve rank"), validators=[Optional()])
    reason = TextAreaField(Label("결정 사유", "Reasons"), validators=[Length(max=LONG)])
    confirmed = HiddenField()


class SittingForm(HouseForm):
    """When, where and under whom the committee sits."""

    starts_at = DateTimeLocalField(
        Label("일시 (한국시간)", "Time (Korea)"),
        format=WHEN,
        validators=[InputRequired(Label("일시를 적어 주십시오.", "Give date and time."))],
    )
    place = StringField(Label("장소", "Place"), validators=[Length(max=200)])
    chair = SelectField(Label("위원장", "Chair"), coerce=int, validate_choice=False)
    form = RadioField(
        Label("회의 방식", "Form"),
        choices=choices(
            ("in_person", Label("대면회의", "In person")),
            ("video", Label("영상회의", "By video")),
            ("written", Label("서면심의", "In writing")),
        ),
        default="in_person",
    )
    closes_at = DateTimeLocalField(
        Label("서면 의견 제출 마감 (한국시간)", "Replies accepted until (Korea)"), format=WHEN, validators=[Optional()]
    )
    reason_code = SelectField(Label("서면심의 사유", "Why in writing"), validate_choice=False)
    reason = TextAreaField(Label("사유의 내용", "How this applies"), validators=[Length(max=1000)])


class AgendaForm(HouseForm):
    """Send the agenda."""

    urgency_reason = TextAreaField(Label("긴급 사유", "Reason of urgency"), validators=[Length(max=2000)])


class RollForm(HouseForm):
    """Who is present."""

    present = SelectMultipleField(Label("출석위원", "Members present"), coerce=int, validate_choice=False)


def roll_form(members: Sequence[tuple[int, Text]]) -> Any:
    """The roll with a line for each of `members` (account, name) on which to write who came in his place."""
    lines = {
        f"proxy_{user_id}": StringField(
            Label(f"{name.ko} 위원의 대리 참석자", f"In the place of {name.en}"), validators=[Length(max=120)]
        )
        for user_id, name in members
    }
    form = type("RollCallForm", (RollForm,), lines)()
    form.present.choices = choices(*((user_id, tr(name)) for user_id, name in members))
    return form


def proxies_in(form: Any, members: Sequence[tuple[int, Text]]) -> dict[int, str]:
    """member -> who came in his place, as typed; without those who came themselves."""
    typed = {user_id: (form[f"proxy_{user_id}"].data or "").strip() for user_id, _ in members}
    return {user_id: name for user_id, name in typed.items() if name}


class DoorForm(HouseForm):
    """One member comes or goes."""

    member = HiddenField()
    step = HiddenField()


class AnnouncementForm(HouseForm):
    """When the round is announced."""

    announce_at = DateTimeLocalField(
        Label("발표 시각 (한국시간)", "Time of announcement (Korea)"),
        format=WHEN,
        validators=[InputRequired(Label("발표 시각을 적어 주십시오.", "Give date and time."))],
    )


class ResultForm(ActForm):
    """What became of it."""

    reason = TextAreaField(Label("사업 결과", "Result"), validators=[Length(max=LONG)])


class ObjectionForm(HouseForm):
    """Why the applicant objects."""

    reason = TextAreaField(Label("이의신청 사유", "Grounds of the objection"), validators=[Length(max=LONG)])


class ExtensionForm(ActForm):
    """By how many days, and why."""

    days = IntegerField(Label("연장 일수", "Days"), validators=[Optional()])
    reason = TextAreaField(Label("연장 사유", "Reason"), validators=[Length(max=LONG)])


class AnswerForm(ActForm):
    """The answer to an objection."""

    upheld = RadioField(
        Label("결정", "Decision"),
        choices=choices(
            ("yes", Label("인용", "Upheld")),
            ("no", Label("기각", "Dismissed")),
        ),
        validators=[InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))],
    )
    reason = TextAreaField(Label("이유", "Reasons"), validators=[Length(max=LONG)])
