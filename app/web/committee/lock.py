"""After the lock: rank anew, look how the panel scored, the rapporteur's report and what the others say to it."""

from typing import Any

from flask import flash, redirect, render_template
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.authz import on_case, roles, viewer
from app.errors import NotFound
from app.i18n import Label, tr
from app.queries import consensus, evaluation
from app.queries.case_page import CasePage
from app.services.close_evaluation import rank_again
from app.services.consensus import answer_consensus, name_rapporteur, write_consensus
from app.services.rank_round import rank_round
from app.web.act_pages import act_page
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from app.web.committee.forms import ActForm, ReasonForm, choices
from app.web.committee.pages import Answer, act_page_of, carried_out, open_case
from app.web.committee.scoring import STAGES
from workflows.text import Text

act_page("rank_again", "committee.rank_again_page")
act_page("name_rapporteur", "committee.name_rapporteur_page")
act_page("write_consensus", "committee.write_consensus_page")
act_page("answer_consensus", "committee.answer_consensus_page")


class RapporteurForm(ActForm):
    """Who writes the report."""

    evaluator = SelectField(Label("책임위원", "Rapporteur"), coerce=int, validate_choice=False)


class AnswerReportForm(ActForm):
    """Agreed, or a dissent in words."""

    answer = RadioField(
        Label("종합의견서에 대한 의견", "Your answer"),
        choices=choices(
            ("agree", Label("동의합니다.", "I agree.")),
            ("dissent", Label("이견이 있습니다.", "I dissent.")),
        ),
        validators=[InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))],
    )
    words = TextAreaField(Label("이견의 내용", "What you dissent from"), validators=[Length(max=4000)])


class FreezeForm(HouseForm):
    """Why a ranking is frozen anew; empty for the first."""

    reason = TextAreaField(Label("다시 확정하는 사유", "Reason for freezing it anew"), validators=[Length(max=2000)])


@blueprint.route("/cases/<number>/evaluation/rank-again", methods=["GET", "POST"])
@on_case()
def rank_again_page(number: str) -> Answer:
    """Rank the case anew from what counts now."""
    return act_page_of(
        number,
        "rank_again",
        ReasonForm(),
        lambda f: rank_again(viewer(), number, f.reason.data or "", f.seen),
        tab="evaluation",
        confirm=Text(
            "지금 집계되는 평가표로 다시 집계합니다. 처음 집계는 그대로 남고 새 집계가 사유와 함께 옆에 기록됩니다.",
            "The result is made anew from the sheets that count now. The first result stays; the new one stands beside it with its reason.",
        ),
    )


@blueprint.route("/cases/<number>/evaluation/rapporteur", methods=["GET", "POST"])
@on_case()
def name_rapporteur_page(number: str) -> Answer:
    """Name who writes the consensus report."""
    form = RapporteurForm()

    def prepare(page: CasePage) -> None:
        able = [e for e in evaluation.panel_of(page.case) if e.excuse is None and e.said == "none"]
        form.evaluator.choices = choices((0, Label("선택하십시오", "Choose")), *((e.user_id, tr(e.name)) for e in able))

    return act_page_of(
        number,
        "name_rapporteur",
        form,
        lambda f: name_rapporteur(viewer(), number, f.evaluator.data, f.seen),
        tab="evaluation",
        prepare=prepare,
        intro=Text(
            "책임위원은 평가 마감 뒤 위원들의 의견을 모아 종합의견서를 작성합니다.",
            "After the close the rapporteur writes what the panel as a whole has to say.",
        ),
    )


def report_form(page: CasePage) -> ActForm:
    """A text over all and a remark for each criterion, as the last report left them."""
    round_ = evaluation.round_of(page.case)
    fields: dict[str, Any] = {
        "text": TextAreaField(Label("종합의견", "Over all"), validators=[Length(max=4000)]),
    }
    for criterion in round_.criteria:
        label = Label(f"{criterion['name']['ko']} 합의 의견", f"Agreed remark: {criterion['name']['en']}")
        fields[f"remark-{criterion['key']}"] = TextAreaField(label, validators=[Length(max=4000)])
    form: ActForm = type("ReportForm", (ActForm,), fields)()
    reports = consensus.reports_of(page.case)
    if reports and not form.is_submitted():
        form._fields["text"].data = reports[0].row.text
        for key, remark in reports[0].row.remarks.items():
            if f"remark-{key}" in form._fields:
                form._fields[f"remark-{key}"].data = remark
    return form


@blueprint.route("/cases/<number>/evaluation/consensus/write", methods=["GET", "POST"])
@on_case()
def write_consensus_page(number: str) -> Answer:
    """The rapporteur writes, or writes anew beside the old."""
    form = report_form(open_case(number, "evaluator"))

    def step(f: Any) -> None:
        remarks = {
            name.removeprefix("remark-"): field.data or ""
            for name, field in f._fields.items()
            if name.startswith("remark-")
        }
        write_consensus(viewer(), number, f._fields["text"].data or "", remarks, f.once.data or "")

    return act_page_of(
        number, "write_consensus", form, step, tab="evaluation", then=f"/cases/{number}/evaluation/consensus"
    )


@blueprint.route("/cases/<number>/evaluation/consensus/answer", methods=["GET", "POST"])
@on_case()
def answer_consensus_page(number: str) -> Answer:
    """Agree to the newest report or dissent from it."""
    return act_page_of(
        number,
        "answer_consensus",
        AnswerReportForm(),
        lambda f: answer_consensus(viewer(), number, f.answer.data or "", f.words.data or "", f.once.data or ""),
        tab="evaluation",
        then=f"/cases/{number}/evaluation/consensus",
    )


def _readable(number: str) -> CasePage:
    page = open_case(number)
    if not evaluation.may_read_scores(viewer(), page.case, page.standing):
        raise NotFound
    return page


@blueprint.get("/cases/<number>/evaluation/consensus")
@on_case()
def consensus_page(number: str) -> str:
    """Every report with what the others said to it. For whoever may read the sheets."""
    page = _readable(number)
    return render_template(
        "committee/consensus.html",
        page=page,
        reports=consensus.reports_of(page.case),
        round=evaluation.round_of(page.case),
        offers=[o for o in page.offers if o.trigger in ("write_consensus", "answer_consensus") and o.reason is None],
        named=page.standing.inside or "evaluator" in page.standing.roles,
    )


@blueprint.get("/cases/<number>/evaluation/diagnosis")
@on_case()
def diagnosis_page(number: str) -> str:
    """Spread, what lies far out, what the rule dropped, severity. Names for the inside only."""
    page = _readable(number)
    return render_template(
        "committee/diagnosis.html",
        page=page,
        found=consensus.diagnosis_of(page.case, named=page.standing.inside),
        stages=STAGES,
        shown=evaluation.shown,
    )


@blueprint.route("/rounds/<int:cycle_id>/freeze", methods=["GET", "POST"])
@roles("officer")
def freeze_round(cycle_id: int) -> Answer:
    """Freeze the ranking of the round, in the record of every case still at that step."""
    from app.web.committee.rounds import round_page

    form = FreezeForm()
    if form.validate_on_submit() and carried_out(form, lambda: rank_round(viewer(), cycle_id, form.reason.data or "")):
        flash(("회차 순위를 확정하였습니다.", "The ranking of the round is frozen."), "success")
        return redirect(f"/rounds/{cycle_id}", 303)
    return round_page(cycle_id, form), 422 if form.errors else 200
