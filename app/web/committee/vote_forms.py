"""Forms around a vote: amendment, paper ballots, void votes, dissents, calling in, members for one item."""

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.i18n import Label
from app.services.item_seats import CAPACITIES
from app.services.void_vote import GROUNDS
from app.web.base_form import HouseForm
from app.web.committee.forms import LONG, ActForm, choices

ONE = InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))
VOTES = (
    ("yes", Label("찬성", "Yes")),
    ("no", Label("반대", "No")),
    ("abstain", Label("기권", "Abstain")),
)


class VoidForm(ActForm):
    """Why a vote is void."""

    code = RadioField(
        Label("무효 사유", "Ground"),
        choices=choices(*((key, Label(*words)) for key, words in GROUNDS.items())),
        validators=[ONE],
    )
    reason = TextAreaField(Label("사유의 내용", "What happened"), validators=[Length(max=2000)])


class DissentForm(HouseForm):
    """A statement on the vote."""

    text = TextAreaField(Label("소수의견", "Statement"), validators=[Length(max=LONG)])


class CallInForm(HouseForm):
    """Why the item shall come to a meeting."""

    reason = TextAreaField(Label("회의에 부칠 사유", "Why it should come to a meeting"), validators=[Length(max=2000)])


class PaperForm(HouseForm):
    """What a paper ballot says."""

    voter = SelectField(Label("위원", "Member"), coerce=int, validate_choice=False)
    choice = RadioField(Label("투표지의 내용", "What the paper says"), choices=choices(*VOTES), validators=[ONE])
    step = HiddenField()


class ItemSeatForm(HouseForm):
    """Who sits for one item only."""

    email = StringField(Label("전자우편 주소", "E-mail address"), validators=[Length(max=254)])
    capacity = RadioField(
        Label("자격", "Capacity"),
        choices=choices(*((key, Label(*words)) for key, words in CAPACITIES.items())),
        validators=[ONE],
    )
    basis = TextAreaField(Label("사업과의 관련", "How related to the project"), validators=[Length(max=1000)])
