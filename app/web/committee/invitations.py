"""An invitation to a panel and its answer; what an evaluator keeps of himself."""

from flask import flash, redirect, render_template
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.authz import on_case, roles, viewer
from app.errors import NotFound
from app.extensions import db
from app.i18n import Label
from app.models import Duty, User
from app.queries import panel
from app.queries.case_page import CasePage, case_page
from app.queries.cases import case_for
from app.services.answer_duty import accept, decline
from app.services.save_profile import Profile, save_profile
from app.web.act_pages import act_page
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from app.web.committee.forms import choices
from app.web.committee.pages import Answer, carried_out
from workflows.panel import EXPERTISE, REGIONS

act_page("accept_duty", "committee.invitation")
act_page("decline_duty", "committee.invitation")


class InvitationForm(HouseForm):
    """Taken up or declined; a decline says why."""

    answer = RadioField(
        Label("위촉 요청에 대한 회신", "Your answer"),
        choices=choices(
            ("accept", Label("위촉을 수락합니다.", "I accept.")),
            ("decline", Label("위촉을 거절합니다.", "I decline.")),
        ),
        validators=[InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))],
    )
    reason = TextAreaField(Label("거절 사유", "Reason for declining"), validators=[Length(max=2000)])
    proposed = StringField(Label("추천 위원(성명·소속)", "Somebody in your place"), validators=[Length(max=300)])


@blueprint.route("/cases/<number>/duty", methods=["GET", "POST"])
@on_case()
def invitation(number: str) -> Answer:
    """What is asked, of whose proposal, until when; accepted or declined. No paper opens here."""
    who = viewer()
    page = case_page(who, case_for(who, number))
    mine = (Duty.case_id == page.case.id, Duty.user_id == who.id, Duty.excused_at.is_(None))
    duty = db.session.scalar(db.select(Duty).where(*mine))
    if duty is None or page.definition.find(page.case.state, "decline_duty") is None:
        raise NotFound
    form = InvitationForm()
    if form.validate_on_submit() and carried_out(form, lambda: _answer(number, form)):
        if form.answer.data == "decline":
            flash(("위촉을 거절하였습니다. 이 사건의 자료는 더 이상 보이지 않습니다.",
                   "You have declined. Nothing of this case is shown to you any more."), "success")  # fmt: skip
            return redirect("/duties", 303)
        flash(("위촉을 수락하였습니다. 이어서 이해관계를 신고하십시오.",
               "You have accepted. Now declare your interests."), "success")  # fmt: skip
        return redirect(f"/cases/{number}/declare", 303)
    return _page(page, form, duty), 422 if form.errors else 200


def _answer(number: str, form: InvitationForm) -> None:
    once = form.once.data or ""
    if form.answer.data == "accept":
        accept(viewer(), number, once)
    else:
        decline(viewer(), number, form.reason.data or "", form.proposed.data or "", once)


def _page(page: CasePage, form: InvitationForm, duty: Duty) -> str:
    return render_template("committee/invitation.html", page=page, form=form, duty=duty)


class ProfileForm(HouseForm):
    """What an evaluator knows, where he works and how much he takes on."""

    revision = HiddenField()
    expertise = SelectMultipleField(
        Label("전문분야", "Expertise"),
        choices=choices(*((key, Label(*words)) for key, words in EXPERTISE.items())),
        validate_choice=False,
    )
    institution = StringField(Label("소속 기관", "Institution"), validators=[Length(max=200)])
    region = SelectField(
        Label("권역", "Region"),
        choices=choices(
            ("", Label("선택하지 않음", "Not given")), *((key, Label(*words)) for key, words in REGIONS.items())
        ),
        validate_choice=False,
    )
    yearly_cap = IntegerField(
        Label("연간 위촉 한도(건)", "Most duties a year"),
        validators=[
            InputRequired(Label("입력해 주십시오.", "Please fill this in.")),
            NumberRange(0, 100, Label("0에서 100 사이로 적어 주십시오.", "A number from 0 to 100.")),
        ],
    )


@blueprint.route("/duties/profile", methods=["GET", "POST"])
@roles("evaluator")
def own_profile() -> Answer:
    """One's own profile as an evaluator."""
    return _profile(viewer().id, "/duties", own=True)


@blueprint.get("/desk/evaluators")
@roles("officer", "auditor")
def evaluators() -> str:
    """Everyone who evaluates: expertise, institution, region, duties of this year against the most agreed to."""
    return render_template(
        "committee/evaluators.html",
        rows=panel.roster(viewer()),
        officer=viewer().has("officer"),
        expertise=EXPERTISE,
        regions=REGIONS,
    )


@blueprint.route("/desk/evaluators/<int(max=9007199254740991):user_id>", methods=["GET", "POST"])
@roles("officer")
def evaluator_profile(user_id: int) -> Answer:
    """An evaluator's profile, kept by an officer."""
    return _profile(user_id, "/desk/evaluators", own=False)


def _profile(user_id: int, back: str, *, own: bool) -> Answer:
    person = db.session.get(User, user_id)
    if person is None or not panel.is_evaluator(user_id):
        raise NotFound
    kept = panel.profile_of(user_id)
    form = ProfileForm(obj=kept)
    if not form.is_submitted():
        form.revision.data = str(kept.revision if kept else 0)
    elif form.validate_on_submit() and carried_out(form, lambda: _save(user_id, form)):
        flash(("저장하였습니다.", "Saved."), "success")
        return redirect(back, 303)
    page = render_template(
        "committee/profile.html", form=form, person=person, kept=kept, load=panel.loads([user_id]), own=own, back=back
    )
    return page, 422 if form.errors else 200


def _save(user_id: int, form: ProfileForm) -> None:
    text = str(form.revision.data or "")
    typed = Profile(
        expertise=form.expertise.data or [],
        institution=form.institution.data or "",
        region=form.region.data or "",
        yearly_cap=int(form.yearly_cap.data or 0),
    )
    save_profile(viewer(), user_id, typed, int(text) if text.isdigit() else -1)
