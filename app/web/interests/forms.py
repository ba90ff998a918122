"""Forms of interests. Nothing is preselected where somebody decides."""

from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.i18n import Label
from app.models.interest import TIE_KINDS
from app.web.base_form import HouseForm
from app.web.committee.forms import ActForm, choices
from workflows.interest_checks import KINDS

CHOOSE = InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))


class DeclareForm(HouseForm):
    """None or a conflict; the grounds in force, and one's own words."""

    answer = RadioField(
        Label("이 사건과의 이해관계", "Interests in this case"),
        choices=choices(
            ("none", Label("이해충돌이 없습니다.", "I have no conflict of interest.")),
            ("conflict", Label("이해충돌이 있습니다.", "I have a conflict of interest.")),
        ),
        validators=[CHOOSE],
    )
    grounds = SelectMultipleField(
        Label("해당하는 사유", "Grounds that apply"), choices=[], validators=[Optional()], validate_choice=False
    )
    ground = TextAreaField(Label("이해충돌의 내용", "What the conflict is"), validators=[Length(max=2000)])

    def offer(self, grounds: Any) -> "DeclareForm":
        """The grounds of the set in force."""
        self.grounds.choices = choices(*((key, Label(*ground.text)) for key, ground in grounds.items()))
        return self


class JudgeForm(ActForm):
    """Excluded, clear or unsure, with the ground of an exclusion and the reason of each."""

    person = HiddenField()
    answer = RadioField(
        Label("판단 결과", "Judgement"),
        choices=choices(
            ("excluded", Label("제척 – 이 사건에서 제외합니다. (Y)", "Conflict – exclude from this case (Y)")),
            ("clear", Label("이해충돌 없음 – 참여할 수 있습니다. (N)", "No conflict – may take part (N)")),
            ("unsure", Label("확인 필요 – 본인에게 다시 신고하게 합니다. (U)", "Unsure – ask the person again (U)")),
        ),
        validators=[CHOOSE],
    )
    ground = SelectField(Label("제척 사유", "Ground of the exclusion"), validate_choice=False)
    reason = TextAreaField(Label("판단 이유", "Reason"), validators=[Length(max=2000)])

    @property
    def person_id(self) -> int:
        """The account the form is about; 0 for nonsense."""
        text = str(self.person.data or "")
        return int(text) if text.isdigit() and len(text) < 18 else 0


class ChallengeForm(HouseForm):
    """Whom, why, and what shows it."""

    person = SelectField(Label("기피할 사람", "Person challenged"), coerce=int, validate_choice=False)
    reason = TextAreaField(Label("기피 사유", "Reason"), validators=[Length(max=4000)])
    evidence = TextAreaField(Label("소명 자료", "What shows it"), validators=[Length(max=4000)])


COUNT = (Optional(), NumberRange(min=0, max=200))


class RulingForm(ActForm):
    """What the committee decided: the heads and the votes, the day and the reason."""

    challenge = SelectField(Label("기피신청", "Challenge"), coerce=int, validate_choice=False)
    present = IntegerField(
        Label("출석위원 (대상 위원 제외)", "Members present (without the one challenged)"), validators=COUNT
    )
    yes = IntegerField(Label("인용", "To uphold"), validators=COUNT)
    no = IntegerField(Label("기각", "To dismiss"), validators=COUNT)
    abstain = IntegerField(Label("기권", "Abstained"), validators=COUNT)
    decided_on = DateField(Label("의결한 날", "Day of the decision"), validators=[Optional()])
    reason = TextAreaField(Label("결정 이유", "Reasons"), validators=[Length(max=4000)])


class TieForm(HouseForm):
    """A tie with an organisation."""

    organisation = StringField(Label("기관명", "Organisation"), validators=[Length(max=200)])
    register_number = StringField(
        Label("사업자등록번호 또는 법인등록번호", "Register number"), validators=[Length(max=40)]
    )
    kind = SelectField(
        Label("관계", "Kind of tie"),
        choices=choices(("", Label("선택하십시오", "Choose")), *((key, Label(*KINDS[key])) for key in TIE_KINDS)),
        validate_choice=False,
    )
    since = DateField(Label("시작한 날", "Since"), validators=[Optional()])
    until = DateField(Label("끝난 날 (계속 중이면 비워 둠)", "Until (empty while it lasts)"), validators=[Optional()])
