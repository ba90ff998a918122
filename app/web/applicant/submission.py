"""Check your answers, submit, receipt; answer a supplement or ask for more time; revise; withdraw."""

from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from app import clock
from app.authz import on_case, standing_on, viewer
from app.documents.receipt import RECEIPT_WORDS, receipt_pdf
from app.errors import NotFound
from app.extensions import db
from app.i18n import Label, lang, t
from app.intake.typed import clean
from app.models import Case, Cycle
from app.queries.applications import (
    editable_sections,
    open_items,
    open_supplement,
    role_of,
    submitted_as,
)
from app.queries.cycles import cycle_name, target_cycle
from app.queries.facts import CaseFacts
from app.queries.outside import draft_seen_whole
from app.queries.proposal import Draft, draft_of
from app.queries.receipt import receipt_of
from app.services.answer_supplement import answer_supplement
from app.services.ask_more_time import ask_more_time
from app.services.revise import revise as do_revise
from app.services.submit import submit as do_submit
from app.services.withdraw import withdraw as do_withdraw
from app.web.applicant import blueprint
from app.web.applicant.applications import my_case
from app.web.base_form import HouseForm
from workflows import engine, schema
from workflows.engine import Refused
from workflows.text import Reason

Answer = Response | str | tuple[str, int]


def tidy(text: str | None) -> str:
    """Typed text in its one form."""
    return clean(text or "").strip()


def at_most(limit: int) -> Any:
    """A limit in characters, counted as one types."""

    def check(form: HouseForm, field: Any) -> None:
        if len(field.data or "") > limit:
            over = len(field.data) - limit
            raise ValidationError(
                t(
                    f"최대 {limit:,}자까지 쓸 수 있습니다. {over:,}자를 줄여 주십시오.",
                    f"At most {limit:,} characters; please shorten it by {over:,}.",
                )
            )

    return check


class ActForm(HouseForm):
    """The revision of the case the page was made from."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """That revision; -1, which is never current, for anything else."""
        given = str(self.revision.data or "")
        return int(given) if given.isdecimal() and len(given) < 10 else -1


class SubmitForm(HouseForm):
    """`cycle`: the cycle that the page named."""

    cycle = HiddenField()


class WithdrawForm(ActForm):
    """A reason may be given."""

    reason = TextAreaField(
        Label("취하 사유", "Reason"),
        description=Label("적지 않으셔도 됩니다.", "You need not give one."),
        filters=[tidy],
        validators=[at_most(1000)],
    )


class MoreTimeForm(ActForm):
    """Until when, and why."""

    due_on = DateField(Label("새 기한", "New date"), validators=[InputRequired()])
    reason = TextAreaField(Label("사유", "Reason"), filters=[tidy], validators=[InputRequired(), at_most(1000)])


class ReviseForm(ActForm):
    """What was changed."""

    note = TextAreaField(
        Label("바꾼 내용", "What was changed"),
        description=Label("자문가와 담당자가 읽습니다.", "The consultant and the officer read it."),
        filters=[tidy],
        validators=[Optional(), at_most(1000)],
    )


def blocked(case: Case, trigger: str) -> Reason | None:
    """Why this person may not do it now, or None; what is still to be typed is left out."""
    who = viewer()
    definition = schema.load(case.definition_id, case.definition_version)
    transition = definition.find(case.state, trigger)
    if transition is None:
        raise NotFound
    actor = standing_on(who, case).actor(who)
    return engine.refusal(transition, CaseFacts(case, who), actor, asking=True)


# Check and submit -----------------------------------------------------------------------------------------


@blueprint.get("/applications/<number>/check")
@on_case()
def check(number: str) -> Answer:
    """Everything that was written, with a way to change it, and what is still missing."""
    case = my_case(number)
    editable = editable_sections(case)
    if not editable:
        raise NotFound
    return render_template(
        "applicant/check.html", case=case, draft=draft_seen_whole(case), editable=editable, role=role_of(viewer(), case)
    )


@blueprint.route("/applications/<number>/submit", methods=["GET", "POST"])
@on_case()
def submit(number: str) -> Answer:
    """Says in numbers and names what submitting does, and does it once."""
    who = viewer()
    if became := submitted_as(who, number):
        return redirect(url_for("applicant.receipt", number=became), 303)
    case = my_case(number)
    if case.state != "DRAFT":
        raise NotFound
    form = SubmitForm()
    refused: Reason | None = None
    if form.validate_on_submit():
        told = str(form.cycle.data or "")
        try:
            number = do_submit(who, number, int(told) if told.isdecimal() and len(told) < 10 else None)
            return redirect(url_for("applicant.receipt", number=number), 303)
        except Refused as no:
            refused = no.reason
            case = my_case(number)
    page = _submit_page(case, form, refused)
    return (page, 422) if request.method == "POST" else page


def _submit_page(case: Case, form: SubmitForm, refused: Reason | None) -> str:
    cycle = target_cycle(case.definition_id, clock.now()) or db.session.get_one(Cycle, case.cycle_id)
    form.cycle.data = str(cycle.id)
    draft = draft_of(case)
    return render_template(
        "applicant/submit.html", case=case, form=form, draft=draft, cycle=cycle, cycle_name=cycle_name(cycle),
        refused=refused or _cannot(case, draft), role=role_of(viewer(), case),
        definition=schema.load(case.definition_id, case.definition_version), now=clock.now(),
    )  # fmt: skip


def _cannot(case: Case, draft: Draft) -> Reason | None:
    who = viewer()
    definition = schema.load(case.definition_id, case.definition_version)
    transition = definition.find("DRAFT", "submit")
    assert transition is not None
    facts = CaseFacts(case, who)
    facts.draft = draft
    return engine.refusal(transition, facts, engine.Actor(who.id, frozenset({role_of(who, case)})))


@blueprint.get("/cases/<number>/receipt")
@on_case()
def receipt(number: str) -> str:
    """The receipt of a submission."""
    found = receipt_of(viewer(), number, lang())
    return render_template("applicant/receipt.html", receipt=found, words=RECEIPT_WORDS)


@blueprint.get("/cases/<number>/receipt.pdf")
@on_case()
def receipt_paper(number: str) -> FlaskResponse:
    """The receipt as PDF, in the reader's language."""
    language = "en" if lang() == "en" else "ko"
    content = receipt_pdf(receipt_of(viewer(), number, language), language)
    response = FlaskResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{number}-{language}.pdf"'
    return response


# Supplement -----------------------------------------------------------------------------------------------


@blueprint.route("/applications/<number>/supplement", methods=["GET", "POST"])
@on_case()
def supplement(number: str) -> Answer:
    """What is asked for, an answer to each item, the sections to correct, and sending it all."""
    case = my_case(number)
    if case.state != "SUPPLEMENT":
        raise NotFound
    items = open_items(case)
    fields: dict[str, Any] = {
        f"answer-{item.id}": TextAreaField(
            Label("답변", "Answer"), filters=[tidy], validators=[InputRequired(), at_most(3000)]
        )
        for item in items
    }
    form: ActForm = type("SupplementForm", (ActForm,), fields)()
    if request.method == "GET":
        form.revision.data = str(case.seq)
    refused: Reason | None = None
    if form.validate_on_submit():
        answers = {item.id: str(form[f"answer-{item.id}"].data) for item in items}
        try:
            answer_supplement(viewer(), number, answers, form.seen, str(form["once"].data))
            flash(("보완 내용을 제출하였습니다.", "The supplement was submitted."), "success")
            return redirect(f"/cases/{number}", 303)
        except Refused as no:
            refused = no.reason
            case, items = my_case(number), open_items(my_case(number))
    page = render_template(
        "applicant/supplement.html", case=case, items=items, form=form, refused=refused, draft=draft_of(case),
        asked=open_supplement(case), today=clock.today(), role=role_of(viewer(), case),
        editable=editable_sections(case),
    )  # fmt: skip
    return (page, 422) if request.method == "POST" else page


@blueprint.route("/applications/<number>/more-time", methods=["GET", "POST"])
@on_case()
def more_time(number: str) -> Answer:
    """Ask for more time to answer, twice at most."""
    case = my_case(number)
    cannot = blocked(case, "ask_more_time")
    asked = open_supplement(case)
    form = MoreTimeForm()
    if request.method == "GET":
        form.revision.data = str(case.seq)
    if cannot is None and form.validate_on_submit():
        try:
            ask_more_time(viewer(), number, form.reason.data, form.due_on.data, form.seen, str(form.once.data))
            flash(("보완기간을 연장하였습니다.", "The date was moved."), "success")
            return redirect(url_for("applicant.supplement", number=number), 303)
        except Refused as no:
            form.due_on.errors = [*form.due_on.errors, t(*no.reason.text)]
    page = render_template("applicant/more_time.html", case=case, form=form, asked=asked, blocked=cannot)
    return (page, 422) if request.method == "POST" else page


# Revise and withdraw --------------------------------------------------------------------------------------


@blueprint.route("/applications/<number>/revise", methods=["GET", "POST"])
@on_case()
def revise(number: str) -> Answer:
    """Submit the sections as they stand as a new version, while consulting goes on."""
    case = my_case(number)
    cannot = blocked(case, "revise")
    form = ReviseForm()
    if request.method == "GET":
        form.revision.data = str(case.seq)
    refused = cannot
    if cannot is None and form.validate_on_submit():
        try:
            do_revise(viewer(), number, form.note.data or "", form.seen, str(form.once.data))
            flash(("수정본을 제출하였습니다.", "The revised version was submitted."), "success")
            return redirect(url_for("applicant.versions", number=number), 303)
        except Refused as no:
            refused = no.reason
            case = my_case(number)
    page = render_template("applicant/revise.html", case=case, form=form, refused=refused, draft=draft_of(case))
    return (page, 422) if request.method == "POST" else page


@blueprint.route("/applications/<number>/withdraw", methods=["GET", "POST"])
@on_case()
def withdraw(number: str) -> Answer:
    """Says what is lost, and withdraws."""
    case = my_case(number)
    cannot = blocked(case, "withdraw")
    form = WithdrawForm()
    if request.method == "GET":
        form.revision.data = str(case.seq)
    if cannot is None and form.validate_on_submit():
        do_withdraw(viewer(), number, form.reason.data or "", form.seen)
        flash(("취하하였습니다.", "It was withdrawn."), "success")
        return redirect(url_for("applicant.applications"), 303)
    draft = draft_of(case)
    page = render_template("applicant/withdraw.html", case=case, form=form, blocked=cannot, draft=draft)
    return (page, 422) if request.method == "POST" else page
