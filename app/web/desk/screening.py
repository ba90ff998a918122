"""Screening: the checklist beside the proposal, supplement, second demand, return, assignment."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request
from wtforms.fields.choices import SelectChoice

from app import clock
from app.authz import on_case, viewer
from app.errors import NotFound
from app.i18n import t, tr
from app.models import Case
from app.queries import proposal, screening
from app.queries.cases import case_for
from app.services.assign_officer import assign_officer
from app.services.begin_screening import begin_screening
from app.services.check_eligibility import check_eligibility
from app.services.demand_again import demand_again
from app.services.find_eligible import find_eligible
from app.services.request_supplement import request_supplement
from app.services.return_case import return_ineligible, return_unanswered
from app.web.cases.routes import actions
from app.web.desk import blueprint, forms
from app.web.desk.common import Stand, View, act_view, carried, choose, page_for
from workflows.form_schema import load_form
from workflows.text import Text

ACTS = (
    "assign_officer", "begin_screening", "find_eligible", "request_supplement", "demand_again",
    "return_ineligible", "return_unanswered",
)  # fmt: skip
SECOND_DAYS = 10
"""A second demand sets at most ten days (민원처리법 시행령 제24조)."""


@blueprint.route("/cases/<number>/assign", methods=["GET", "POST"])
@on_case()
def assign(number: str) -> View:
    """Name the officer, or take the case oneself."""
    on, who = Stand(number, "assign_officer"), viewer()
    form = forms.Assign(revision=on.seq)
    known = screening.officers(on.case)
    form.officer.choices = [SelectChoice(*choose())] + [SelectChoice(str(i), tr(name)) for i, name in known]
    return act_view(
        on,
        form,
        lambda: assign_officer(who, number, int(form.officer.data), revision=form.seen, once=form.once.data),
        done=("담당자를 지정하였습니다.", "The officer is assigned."),
        template="desk/assign.html",
        me=who.id if any(i == who.id for i, _ in known) else None,
    )


@blueprint.route("/cases/<number>/screening/begin", methods=["GET", "POST"])
@on_case()
def begin(number: str) -> View:
    """Begin screening."""
    on, form = Stand(number, "begin_screening"), forms.Confirm()
    form.revision.data = form.revision.data or on.seq
    words = Text(
        "적격 검토 기한이 오늘부터 시작되고 신청기관에 알림을 보냅니다.",
        "The screening clock starts today and the applicant is told.",
    )
    return act_view(
        on,
        form,
        lambda: begin_screening(viewer(), number, revision=form.seen, once=form.once.data),
        done=("적격 검토를 시작하였습니다.", "Screening has begun."),
        back=f"/cases/{number}/screening",
        says=words,
    )


@blueprint.route("/cases/<number>/screening", methods=["GET", "POST"])
@on_case()
def screen(number: str) -> View:
    """The checklist beside the proposal; everybody inside reads it, an officer fills it in."""
    case = case_for(viewer(), number)
    lines = screening.checklist(case)
    form = _filled(case, lines)
    if form.is_submitted() and form.validate_on_submit() and _answers_whole(form, lines) and _save(form, number, lines):
        return redirect(f"/cases/{number}/screening", 303)
    page = page_for(number)
    if not page.standing.inside:
        raise NotFound
    offer = next((o for o in page.offers if o.trigger == "check_eligibility"), None)
    version = proposal.latest_version(page.case)
    own = [o for o in page.offers if o.trigger in ACTS]
    shown = {
        "page": page,
        "form": form,
        "lines": lines,
        "may": offer is not None and offer.allowed,
        "blocked": offer.reason if offer else None,
        "actions": actions(own, number),
        "version": version,
        "definition": load_form(page.case.definition_id, page.case.form_version),
        "supplements": screening.supplements(page.case),
    }
    return render_template("desk/screening.html", **shown), 422 if form.is_submitted() else 200


def _filled(case: Case, lines: list[screening.Line]) -> forms.ActForm:
    stored: dict[str, str] = {"revision": str(case.seq)}
    for line in lines:
        if line.met is not None:
            stored[f"met_{line.key}"] = "yes" if line.met else "no"
            stored[f"evidence_{line.key}"] = line.evidence
    return forms.checklist_form(lines)(data=stored)


def _answers_whole(form: forms.ActForm, lines: list[screening.Line]) -> bool:
    """An answer needs its evidence, evidence its answer; a line may be left for later."""
    good = True
    for line in lines:
        met, evidence = form[f"met_{line.key}"], form[f"evidence_{line.key}"]
        if met.data in ("yes", "no") and not (evidence.data or "").strip():
            evidence.errors = [t("확인한 근거를 적어 주십시오.", "Write the evidence you saw.")]
            good = False
        elif met.data not in ("yes", "no") and (evidence.data or "").strip():
            met.errors = [t("충족 여부를 선택해 주십시오.", "Choose met or not met.")]
            good = False
    return good


def _save(form: forms.ActForm, number: str, lines: list[screening.Line]) -> bool:
    answers = {
        line.key: (form[f"met_{line.key}"].data == "yes", form[f"evidence_{line.key}"].data.strip())
        for line in lines
        if form[f"met_{line.key}"].data in ("yes", "no")
    }
    return carried(
        form,
        lambda: check_eligibility(viewer(), number, answers, revision=form.seen, once=form.once.data),
        "점검 내용을 저장하였습니다.",
        "The checklist is saved.",
    )


@blueprint.route("/cases/<number>/screening/eligible", methods=["GET", "POST"])
@on_case()
def eligible(number: str) -> View:
    """Find the proposal eligible."""
    on, form = Stand(number, "find_eligible"), forms.Confirm()
    form.revision.data = form.revision.data or on.seq
    words = Text(
        "점검표의 모든 항목이 충족되었습니다. 신청기관에 적격 확인을 알립니다.",
        "Every line of the checklist is met. The applicant is told that the proposal is eligible.",
    )
    return act_view(
        on,
        form,
        lambda: find_eligible(viewer(), number, revision=form.seen, once=form.once.data),
        done=("적격으로 확인하였습니다.", "The proposal is found eligible."),
        says=words,
    )


@blueprint.route("/cases/<number>/screening/supplement", methods=["GET", "POST"])
@on_case()
def supplement(number: str) -> View:
    """Ask for a supplement: what, why, until when; shows what becomes of the screening clock."""
    on, today = Stand(number, "request_supplement"), clock.today()
    more = request.form.get("more") == "1"
    form = forms.Supplement(revision=on.seq, due_on=None if more else _default_due(on, today))

    def prepare() -> dict[str, Any]:
        case, due = on.case, form.due_on.data
        choices = forms.section_choices(load_form(case.definition_id, case.form_version), choose())
        for entry in form.items:
            entry.form.section.choices = choices
        would = screening.screening_due_if(case, due) if due and due >= today else None
        return {"due": due, "would": would}

    if more:
        form.items.append_entry()
        form.more.data = ""
        template = "desk/supplement.html"
        return render_template(
            template, page=on.page, on=on, form=form, back=f"/cases/{number}", limits={}, **prepare()
        )
    items = [(e.form.section.data or "", (e.form.reason.data or "").strip()) for e in form.items]
    asked = [item for item in items if any(item)]
    return act_view(
        on,
        form,
        lambda: request_supplement(viewer(), number, asked, form.due_on.data, revision=form.seen, once=form.once.data),
        done=("보완을 요청하였습니다.", "The supplement is requested."),
        template="desk/supplement.html",
        prepare=prepare,
    )


def _default_due(on: Stand, today: date) -> date | None:
    return None if request.method == "POST" else screening.default_due(on.case, today)


@blueprint.route("/cases/<number>/screening/again", methods=["GET", "POST"])
@on_case()
def demand(number: str) -> View:
    """The second demand, once the first date was missed."""
    on = Stand(number, "demand_again")
    default = clock.today().fromordinal(clock.today().toordinal() + SECOND_DAYS)
    form = forms.Again(revision=on.seq, due_on=default)
    return act_view(
        on,
        form,
        lambda: demand_again(viewer(), number, form.due_on.data, revision=form.seen, once=form.once.data),
        done=("다시 보완을 요청하였습니다.", "The supplement is demanded again."),
        template="desk/again.html",
    )


@blueprint.route("/cases/<number>/return", methods=["GET", "POST"])
@on_case()
def send_back(number: str) -> View:
    """Return it as ineligible, with the ground and the reasons."""
    on = Stand(number, "return_ineligible")
    form, ground = forms.Return(revision=on.seq), request.form.get("ground", "")
    form.ground.choices = []

    def prepare() -> dict[str, Any]:
        lines = screening.checklist(on.case)
        form.ground.choices = [SelectChoice(line.key, tr(line.ground)) for line in lines]
        return {"failed": [line for line in lines if line.met is False]}

    return act_view(
        on,
        form,
        lambda: return_ineligible(
            viewer(), number, ground, form.reason.data.strip(), revision=form.seen, once=form.once.data
        ),
        done=("반려하였습니다.", "The proposal is returned."),
        template="desk/return.html",
        danger=True,
        prepare=prepare,
    )


@blueprint.route("/cases/<number>/return-unanswered", methods=["GET", "POST"])
@on_case()
def send_back_unanswered(number: str) -> View:
    """Return it because both dates of the supplement were missed."""
    on = Stand(number, "return_unanswered")
    form = forms.Reason(revision=on.seq)
    return act_view(
        on,
        form,
        lambda: return_unanswered(viewer(), number, form.reason.data.strip(), revision=form.seen, once=form.once.data),
        done=("반려하였습니다.", "The proposal is returned."),
        danger=True,
        says=Text(
            "두 번의 보완 기한이 지났으므로 제안을 반려합니다. 신청기관은 30일 안에 이의신청할 수 있습니다.",
            "Both dates have passed, so the proposal is returned. The applicant may object within 30 days.",
        ),
    )
