"""An evaluator's sheets: fill in, kept while typed, submit and on to the next; after the lock, correct with a reason."""

from collections.abc import Mapping
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from app import clock
from app.authz import on_case, roles, standing_on, viewer
from app.errors import NotFound
from app.extensions import db
from app.i18n import Label
from app.models import Version
from app.queries import evaluation, score_stream
from app.queries.cases import case_for
from app.queries.evaluation import Round
from app.services.save_draft_sheet import save_draft_sheet
from app.services.submit_scores import correct_sheet, submit_sheet
from app.web.act_pages import act_page
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from app.web.committee.pages import Answer, carried_out, open_case
from workflows.form_schema import load_form
from workflows.text import Text

STAGES = {
    "evaluation": Text("평가", "Evaluation"),
    "written": Text("서면평가", "Written evaluation"),
    "presentation": Text("발표평가", "Presentation"),
}
act_page("score", "committee.score")
act_page("correct_score", "committee.correct")


def score_form(round_: Round, *, correcting: bool = False) -> type[HouseForm]:
    """A form with a score, an abstention and a reason for each criterion; nothing stands in it beforehand."""
    fields: dict[str, Any] = {"then": HiddenField()}
    for criterion in round_.criteria:
        key, top = criterion["key"], criterion["max"]
        fields[f"{key}-score"] = StringField(
            Label(f"점수 (0~{top})", f"Score (0 to {top})"), validators=[Length(max=12)]
        )
        fields[f"{key}-abstain"] = BooleanField(Label("이 항목은 기권", "Abstain from this criterion"))
        fields[f"{key}-reason"] = TextAreaField(Label("사유", "Reason"), validators=[Length(max=4000)])
    if correcting:
        fields["reason"] = TextAreaField(Label("정정 사유", "Reason for the correction"), validators=[Length(max=2000)])
    return type("ScoreForm", (HouseForm,), fields)


def _typed(form: Any, round_: Round) -> dict[str, tuple[str, str, bool]]:
    found = form._fields
    return {
        c["key"]: (
            str(found[f"{c['key']}-score"].data or ""),
            str(found[f"{c['key']}-reason"].data or ""),
            bool(found[f"{c['key']}-abstain"].data),
        )
        for c in round_.criteria
    }


@blueprint.get("/duties/scores")
@roles("evaluator")
def scores() -> str:
    """All sheets one owes, what is due first on top, with the way into the stream."""
    return render_template("committee/scores.html", stream=score_stream.stream_of(viewer()), stages=STAGES)


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


@blueprint.get("/cases/<number>/score/<stage>/skip")
@on_case()
def skip(number: str, stage: str) -> Response:
    """On to the next sheet that waits; nothing is lost, and this one comes round again."""
    case_for(viewer(), number)
    return redirect(_next(number, stage))


def _next(number: str, stage: str) -> str:
    following = score_stream.stream_of(viewer()).after(number, stage)
    return following.path if following else "/duties/scores"


@blueprint.post("/cases/<number>/score/<stage>")
@on_case()
def submit_score(number: str, stage: str) -> Answer:
    """Submit the sheet; what is wrong is said beside its field and what was typed is kept."""
    who = viewer()
    round_ = evaluation.round_of(case_for(who, number))
    form = score_form(round_)()
    if form.validate_on_submit() and carried_out(
        form, lambda: submit_sheet(who, number, stage, _typed(form, round_), form.once.data or "")
    ):
        flash(("평가표를 제출하였습니다.", "Your score sheet is in."), "success")
        if form._fields["then"].data == "next":
            return redirect(_next(number, stage), 303)
        left = [s for s in round_.stages if s != stage and evaluation.own_sheet(who, case_for(who, number), s) is None]
        return redirect(f"/cases/{number}/score/{left[0]}" if left else f"/cases/{number}/evaluation", 303)
    return _sheet_page(number, stage, form), 422


@blueprint.post("/cases/<number>/score/<stage>/draft")
@on_case()
def keep_draft(number: str, stage: str) -> FlaskResponse:
    """Kept while one types; the page's own draft and nobody else's."""
    who = viewer()
    round_ = evaluation.round_of(case_for(who, number))
    form = score_form(round_, correcting=True)()
    form.validate_on_submit()
    typed: Mapping[str, Any] = {
        key: {"score": score_, "reason": reason, "abstain": abstain}
        for key, (score_, reason, abstain) in _typed(form, round_).items()
    }
    saved = save_draft_sheet(who, number, stage, typed)
    response = FlaskResponse(status=204)
    response.headers["X-Saved-At"] = f"{clock.seoul(saved):%H:%M:%S}"
    return response


@blueprint.get("/cases/<number>/score/<stage>")
@on_case()
def score_sheet(number: str, stage: str) -> Answer:
    """The paper on one side, the sheet on the other, as it was left."""
    who = viewer()
    case = case_for(who, number)
    form = score_form(evaluation.round_of(case))()
    _fill(form, evaluation.draft_sheet(who, case, stage))
    return _sheet_page(number, stage, form)


def _fill(form: Any, kept: Mapping[str, Any] | None) -> None:
    for key, mark in (kept or {}).items():
        for part in ("score", "reason", "abstain"):
            field = form._fields.get(f"{key}-{part}")
            if field is not None:
                field.data = mark[part]


@blueprint.get("/cases/<number>/correct")
@on_case()
def correct(number: str) -> Response:
    """The stage to correct: the only one, or the one that is chosen on the evaluation page."""
    page = open_case(number, "evaluator")
    return redirect(f"/cases/{number}/correct/{evaluation.round_of(page.case).stages[0]}")


@blueprint.route("/cases/<number>/correct/<stage>", methods=["GET", "POST"])
@on_case()
def correct_stage(number: str, stage: str) -> Answer:
    """A corrected sheet after the lock: the old one filled in, a reason asked for."""
    who = viewer()
    case = case_for(who, number)
    round_ = evaluation.round_of(case)
    form = score_form(round_, correcting=True)()
    own = evaluation.own_sheet(who, case, stage)
    if not form.is_submitted() and own is not None:
        _fill(form, {k: {"abstain": False, **mark, "score": mark["score"] or ""} for k, mark in own.scores.items()})
    reason = form._fields["reason"].data or ""
    if form.validate_on_submit() and carried_out(
        form, lambda: correct_sheet(who, number, stage, _typed(form, round_), reason, form.once.data or "")
    ):
        flash(("정정한 평가표를 제출하였습니다. 확정된 집계는 사무국이 다시 집계할 때까지 그대로입니다.",
               "Your corrected sheet is in. The frozen result stands until the secretariat ranks anew."), "success")  # fmt: skip
        return redirect(f"/cases/{number}/evaluation", 303)
    return _sheet_page(number, stage, form, correcting=True), 422 if request.method == "POST" else 200


def _sheet_page(number: str, stage: str, form: HouseForm, *, correcting: bool = False) -> str:
    page = open_case(number, "evaluator")
    who = viewer()
    round_ = evaluation.round_of(page.case)
    if page.case.state != ("RANKED" if correcting else "EVALUATING") or stage not in round_.stages:
        raise NotFound
    stream = score_stream.stream_of(who)
    return render_template(
        "committee/score.html",
        page=page,
        form=form,
        round=round_,
        stage=stage,
        stage_name=STAGES.get(stage, Text(stage, stage)),
        earlier=evaluation.own_sheet(who, page.case, stage),
        correcting=correcting,
        stream=stream,
        place=stream.place(number, stage),
        sheet=next((s for s in stream.sheets if (s.number, s.stage) == (number, stage)), None),
        totals=score_stream.own_totals(who, page.case, stage),
        shown=evaluation.shown,
        version=db.session.get(Version, round_.version_id) if round_.version_id else None,
        paper_form=load_form(page.case.definition_id, page.case.form_version),
    )
