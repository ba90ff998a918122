"""An evaluator's or member's own duties: declare interests before the file opens, and score."""

from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from app import clock
from app.authz import on_case, standing_on, viewer
from app.errors import NotFound
from app.extensions import db
from app.i18n import Label
from app.models import Version
from app.queries import evaluation
from app.queries.case_page import case_page
from app.queries.cases import case_for
from app.queries.evaluation import Round
from app.queries.facts import CaseFacts
from app.queries.interests import own_evidence, rules_for
from app.services.declare_interest import TRIGGERS, declare
from app.services.submit_scores import submit_sheet
from app.web.act_pages import act_page
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from app.web.interests.forms import DeclareForm
from app.web.committee.pages import Answer, carried_out, open_case
from workflows.form_schema import load_form
from workflows.text import Text

STAGES = {
    "evaluation": Text("평가", "Evaluation"),
    "written": Text("서면평가", "Written evaluation"),
    "presentation": Text("발표평가", "Presentation"),
}
act_page("declare_evaluation", "committee.declare_interests")
act_page("declare_sitting", "committee.declare_interests")
act_page("score", "committee.score")


@blueprint.route("/cases/<number>/declare", methods=["GET", "POST"])
@on_case()
def declare_interests(number: str) -> Answer:
    """Three states: none, conflict, and nothing said yet. The papers open only after "none"."""
    who = viewer()
    page = case_page(who, case_for(who, number))
    capacity = _capacity(page)
    if capacity == "evaluator" and CaseFacts(page.case, who)["my_duty"] == "invited":
        return redirect(f"/cases/{number}/duty")
    rules = rules_for(page.case, clock.today())
    form = DeclareForm().offer(rules.grounds)
    if form.validate_on_submit() and carried_out(
        form,
        lambda: declare(
            who,
            number,
            capacity,
            form.answer.data,
            form.ground.data or "",
            form.once.data or "",
            form.grounds.data or (),
        ),
    ):
        if form.answer.data == "conflict":
            flash(("이해충돌을 신고하였습니다. 이 사건의 자료는 더 이상 보이지 않습니다.",
                   "Your conflict is on record. Nothing of this case is shown to you any more."), "success")  # fmt: skip
            return redirect("/duties", 303)
        flash(("이해충돌이 없음을 신고하였습니다.", "You have declared that you have no conflict."), "success")
        return redirect(_after(number, capacity), 303)
    status = 422 if form.errors else 200
    checks = own_evidence(page.case, who.id, capacity)
    shown = {"page": page, "form": form, "capacity": capacity, "rules": rules, "checks": checks}
    return render_template("committee/declare.html", **shown), status


def _capacity(page: Any) -> str:
    """In which capacity this person declares now: the one that keeps the file shut, else one held already."""
    able = [c for c in ("evaluator", "member") if page.definition.find(page.case.state, TRIGGERS[c])]
    held = [c for c in able if c in page.standing.roles]
    if page.standing.undeclared in held:
        return str(page.standing.undeclared)
    if not held:
        raise NotFound
    return held[0]


def _after(number: str, capacity: str) -> str:
    return f"/cases/{number}/evaluation" if capacity == "evaluator" else f"/cases/{number}/committee"


def score_form(round_: Round) -> type[HouseForm]:
    """A form with a score and a reason for each criterion; nothing stands in it beforehand."""
    fields: dict[str, Any] = {}
    for criterion in round_.criteria:
        key, top = criterion["key"], criterion["max"]
        fields[f"{key}-score"] = StringField(
            Label(f"점수 (0~{top})", f"Score (0 to {top})"), validators=[Length(max=12)]
        )
        fields[f"{key}-reason"] = TextAreaField(Label("사유", "Reason"), validators=[Length(max=4000)])
    return type("ScoreForm", (HouseForm,), fields)


@blueprint.get("/cases/<number>/score")
@on_case()
def score(number: str) -> Response:
    """The first stage that is still to be scored."""
    who = viewer()
    case = case_for(who, number)
    if case.state != "EVALUATING" or "evaluator" not in standing_on(who, case).roles:
        raise NotFound
    stages = evaluation.round_of(case).stages
    open_ones = [s for s in stages if evaluation.own_sheet(who, case, s) is None]
    return redirect(f"/cases/{number}/score/{(open_ones or list(stages))[0]}")


@blueprint.post("/cases/<number>/score/<stage>")
@on_case()
def submit_score(number: str, stage: str) -> Answer:
    """Submit the sheet; what is wrong is said beside its field and what was typed is kept."""
    who = viewer()
    round_ = evaluation.round_of(case_for(who, number))
    form = score_form(round_)()
    typed = {c["key"]: (_data(form, c["key"], "score"), _data(form, c["key"], "reason")) for c in round_.criteria}
    if form.validate_on_submit() and carried_out(
        form, lambda: submit_sheet(who, number, stage, typed, form.once.data or "")
    ):
        flash(("평가표를 제출하였습니다.", "Your score sheet is in."), "success")
        left = [s for s in round_.stages if s != stage and evaluation.own_sheet(who, case_for(who, number), s) is None]
        return redirect(f"/cases/{number}/score/{left[0]}" if left else f"/cases/{number}/evaluation", 303)
    return _sheet_page(number, stage, form), 422


def _data(form: Any, key: str, part: str) -> str:
    return str(form._fields[f"{key}-{part}"].data or "")


@blueprint.get("/cases/<number>/score/<stage>")
@on_case()
def score_sheet(number: str, stage: str) -> Answer:
    """The paper on one side, the sheet on the other."""
    who = viewer()
    form = score_form(evaluation.round_of(case_for(who, number)))()
    return _sheet_page(number, stage, form)


def _sheet_page(number: str, stage: str, form: HouseForm) -> str:
    page = open_case(number, "evaluator")
    who = viewer()
    round_ = evaluation.round_of(page.case)
    if page.case.state != "EVALUATING" or stage not in round_.stages:
        raise NotFound
    return render_template(
        "committee/score.html",
        page=page,
        form=form,
        round=round_,
        stage=stage,
        stage_name=STAGES.get(stage, Text(stage, stage)),
        earlier=evaluation.own_sheet(who, page.case, stage),
        total_of=evaluation.total_of,
        shown=evaluation.shown,
        version=db.session.get(Version, round_.version_id) if round_.version_id else None,
        paper_form=load_form(page.case.definition_id, page.case.form_version),
    )
