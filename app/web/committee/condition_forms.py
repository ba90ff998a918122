"""Forms of what happens to a condition. Nothing that decides is preselected."""

from wtforms import DateField, MultipleFileField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.i18n import Label
from app.web.committee.forms import LONG, ActForm, choices


class EvidenceForm(ActForm):
    """What shows that the condition is met."""

    text = TextAreaField(Label("이행 내용", "What was done"), validators=[Length(max=LONG)])
    files = MultipleFileField(Label("증빙자료", "Proof"))


class JudgeForm(ActForm):
    """The reason of what is found."""

    reason = TextAreaField(Label("사유", "Reason"), validators=[Length(max=LONG)])


class SendBackForm(ActForm):
    """What is missing, and until when."""

    reason = TextAreaField(Label("보완할 내용", "What is missing"), validators=[Length(max=LONG)])
    due = DateField(Label("새 기한", "New date"), validators=[Optional()])


class AskChangeForm(ActForm):
    """Which date is asked for, and why."""

    due = DateField(Label("바꾸려는 기한", "The date asked for"), validators=[Optional()])
    reason = TextAreaField(Label("사유", "Reason"), validators=[Length(max=LONG)])


class AnswerChangeForm(ActForm):
    """Granted or refused, and why."""

    granted = RadioField(
        Label("결정", "Decision"),
        choices=choices(("yes", Label("승인", "Granted")), ("no", Label("불승인", "Refused"))),
        validators=[InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))],
    )
    due = DateField(Label("정하는 기한", "The date set"), validators=[Optional()])
    reason = TextAreaField(Label("이유", "Reasons"), validators=[Length(max=LONG)])
