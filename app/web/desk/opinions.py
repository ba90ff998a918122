"""Opinions: the officer asks and notes what did not come; the body asked has a page of its own."""

from datetime import date, timedelta

from flask import redirect, render_template, request
from wtforms.fields.choices import SelectChoice

from app import clock, countries
from app.authz import on_case, viewer
from app.errors import NotFound
from app.i18n import tr
from app.models import Case
from app.queries import opinions as queries
from app.queries import proposal
from app.queries.cases import case_for
from app.queries.terms import terms_of
from app.services.note_no_opinion import note_no_opinion
from app.services.reply_opinion import STANCES, reply_opinion
from app.services.request_opinion import request_opinion
from app.web.desk import blueprint, forms
from app.web.desk.common import View, carried, page_for
from workflows.form_schema import FormDefinition, load_form
from workflows.text import Text

KINDS = {
    "embassy": Text("재외공관", "Diplomatic mission"),
    "ministry": Text("관계부처", "Ministry"),
    "trade_centre": Text("무역관·협력센터", "Trade centre"),
}
OTHER = Text("그 밖의 기관", "Other body")
ESSENTIALS = ("summary_ko", "summary_en", "sectors", "country", "city", "amount_requested", "start_month", "end_month")


@blueprint.route("/cases/<number>/opinions", methods=["GET", "POST"])
@on_case()
def opinions(number: str) -> View:
    """Every request with what came; an officer asks further bodies and notes what is overdue."""
    case = case_for(viewer(), number)
    form = forms.AskOpinion(revision=str(case.seq), due_on=_default_due(case))
    bodies = queries.bodies_to_ask(case)
    form.organisations.choices = [
        SelectChoice(str(b.id), f"{tr(b.name)} ({tr(KINDS.get(b.kind, OTHER))})") for b in bodies
    ]
    version = proposal.latest_version(case)
    form.sections.choices = (
        [SelectChoice(s.key, tr(s.title)) for s in queries.sections_to_show(case)] if version else []
    )
    form.files.choices = [SelectChoice(str(f["id"]), f["name"]) for f in (version.files if version else [])]
    if form.is_submitted() and (_note if request.form.get("missing") else _ask)(form, number):
        return redirect(f"/cases/{number}/opinions", 303)
    page = page_for(number)
    if not page.standing.inside:
        raise NotFound
    ask = next((o for o in page.offers if o.trigger == "request_opinion"), None)
    rows = queries.opinions_of(page.case)
    shown = {
        "page": page,
        "form": form,
        "rows": rows,
        "shown": queries.names_shown(case, rows),
        "kinds": KINDS,
        "other": OTHER,
        "stances": STANCES,
        "bodies": bodies,
        "may_ask": ask is not None and ask.allowed,
        "may_note": any(o.trigger == "note_no_opinion" for o in page.offers),
    }
    return render_template("desk/opinions.html", **shown), 422 if form.is_submitted() else 200


def _form_of(case: Case) -> FormDefinition:
    return load_form(case.definition_id, case.form_version)


def _default_due(case: Case) -> date:
    """As many days ahead as the cycle sets."""
    cycle = terms_of(case)
    return clock.today() + timedelta(days=int(cycle.settings.get("opinion_days", 14)))


def _ask(form: forms.AskOpinion, number: str) -> bool:
    if not form.validate_on_submit():
        return False
    chosen = [int(i) for i in form.organisations.data or []]
    return carried(
        form,
        lambda: request_opinion(
            viewer(),
            number,
            chosen,
            form.question.data.strip(),
            form.due_on.data,
            sections=form.sections.data or [],
            files=[int(i) for i in form.files.data or []],
            once=form.once.data,
        ),
        "의견을 조회하였습니다.",
        "The opinions are requested.",
    )


def _note(form: forms.AskOpinion, number: str) -> bool:
    opinion = form.missing.data or ""
    if not opinion.isdigit() or len(opinion) > 18:
        raise NotFound
    return carried(
        form,
        lambda: note_no_opinion(viewer(), number, int(opinion), once=form.once.data),
        "의견 미제출을 확인하였습니다.",
        "It is noted that no opinion came.",
    )


@blueprint.route("/opinions/<number>", methods=["GET", "POST"])
@on_case()
def reply(number: str) -> View:
    """The outsider's page: the proposal's essentials, the question, the answer. Nothing else of the case."""
    who = viewer()
    case, row = queries.asked_of(who, number)
    form = forms.Reply()
    status = 200
    if form.is_submitted():
        if form.validate_on_submit() and carried(
            form,
            lambda: reply_opinion(
                who, number, form.stance.data, (form.remarks.data or "").strip(), once=form.once.data
            ),
            "의견을 제출하였습니다. 감사합니다.",
            "Your opinion is given. Thank you.",
        ):
            return redirect(f"/opinions/{number}", 303)
        status = 422
    version = proposal.latest_version(case)
    shown = {
        "case": case,
        "row": row,
        "form": form,
        "country": countries.name_of(case.country),
        "takes": queries.takes_replies(case),
        "closed": queries.CLOSED,
        "stances": STANCES,
        "definition": _form_of(case),
        "more": queries.shown_with(case, row.opinion),
        "answers": version.answers if version else {},
        "essentials": ESSENTIALS,
    }
    return render_template("desk/reply.html", **shown), status
