"""Evaluation: the tab of the case, the panel, and opening and closing the round."""

from fractions import Fraction

from flask import render_template

from app.authz import on_case, viewer
from app.errors import NotFound
from app.i18n import Label, t, tr
from app.queries import evaluation, rounds
from app.queries.case_page import CasePage
from app.queries.facts import CaseFacts
from app.queries.proposal import ranking_of, rankings_of
from app.services.close_evaluation import close_evaluation
from app.services.excuse_evaluator import excuse
from app.services.invite_evaluator import invite
from app.services.open_evaluation import open_evaluation
from app.web.act_pages import act_page
from app.web.committee import blueprint
from app.web.committee.forms import ActForm, ExcuseForm, InviteForm, choices
from app.web.committee.pages import Answer, act_page_of, acts, open_case
from workflows.text import Text

NOBODY = 0
OFFICE = (
    "invite_evaluator",
    "excuse_evaluator",
    "freeze_pool",
    "draw_panel",
    "open_evaluation",
    "close_evaluation",
    "rank_again",
    "name_rapporteur",
)
PANEL = ("accept_duty", "decline_duty", "correct_score", "write_consensus", "answer_consensus")
act_page("invite_evaluator", "committee.invite_evaluator")
act_page("excuse_evaluator", "committee.excuse_evaluator")
act_page("open_evaluation", "committee.begin_evaluation")
act_page("close_evaluation", "committee.end_evaluation")


@blueprint.get("/cases/<number>/evaluation")
@on_case()
def evaluation_tab(number: str) -> str:
    """Panel and progress for the inside, own sheets for an evaluator, reasons and means once they are open."""
    page = open_case(number)
    who, case, standing = viewer(), page.case, page.standing
    results = evaluation.may_read_results(who, case, standing)
    if not (standing.inside or "evaluator" in standing.roles or results):
        raise NotFound
    scores = evaluation.may_read_scores(who, case, standing)
    facts = CaseFacts(case, who)
    # Before every sheet is in, whether somebody abstained is nobody's business.
    all_in = standing.inside and case.state == "EVALUATING" and not facts["duties_open"]
    return render_template(
        "committee/evaluation.html",
        page=page,
        round=evaluation.round_of(case),
        panel=evaluation.panel_of(case) if standing.inside else [],
        own={s: evaluation.own_sheet(who, case, s) for s in evaluation.round_of(case).stages},
        drafts={s: evaluation.draft_sheet(who, case, s) for s in evaluation.round_of(case).stages},
        ranking=ranking_of(case) if scores else None,
        rankings=rankings_of(case) if scores else [],
        corrections=facts["corrections_open"] if scores else 0,
        placing=rounds.placing_of(case) if scores else None,
        corrected=evaluation.corrections_of(case) if scores else [],
        sheets=evaluation.ranked_sheets(case) if scores else [],
        results=evaluation.results_of(case) if results else [],
        shown=evaluation.shown,
        plain=lambda text: evaluation.shown(Fraction(text)),
        total_of=evaluation.total_of,
        actions=acts(page, *OFFICE),
        own_actions=acts(page, *PANEL),
        shortage=evaluation.shortage(case) if all_in else None,
        scoring="evaluator" in standing.roles and case.state == "EVALUATING",
    )


def _invitable(form: InviteForm | ExcuseForm, page: CasePage) -> None:
    people = evaluation.may_be_invited(page.case, page.definition.programme)
    words = [
        (p, tr(name) + (t(" (이 사건의 자문가)", " (consultant of this case)") if adviser else ""))
        for p, name, adviser in people
    ]
    field = form.evaluator if isinstance(form, InviteForm) else form.replacement
    first = Label("선택하십시오", "Choose") if isinstance(form, InviteForm) else Label("없음", "Nobody")
    field.choices = choices((NOBODY, first), *words)


@blueprint.route("/cases/<number>/evaluation/invite", methods=["GET", "POST"])
@on_case()
def invite_evaluator(number: str) -> Answer:
    """Put somebody on the panel."""
    form = InviteForm()
    return act_page_of(
        number,
        "invite_evaluator",
        form,
        lambda f: invite(viewer(), number, f.evaluator.data, f.seen),
        tab="evaluation",
        prepare=lambda page: _invitable(form, page),
        intro=Text(
            "위촉된 위원은 이해관계를 신고한 뒤에 자료를 볼 수 있습니다.",
            "Who is invited reads the papers only after declaring interests.",
        ),
    )


@blueprint.route("/cases/<number>/evaluation/excuse", methods=["GET", "POST"])
@on_case()
def excuse_evaluator(number: str) -> Answer:
    """Take somebody off the panel."""
    form = ExcuseForm()

    def prepare(page: CasePage) -> None:
        on_duty = [(e.user_id, tr(e.name)) for e in evaluation.panel_of(page.case) if e.excuse is None]
        form.evaluator.choices = choices((NOBODY, Label("선택하십시오", "Choose")), *on_duty)
        _invitable(form, page)

    return act_page_of(
        number,
        "excuse_evaluator",
        form,
        lambda f: excuse(viewer(), number, f.evaluator.data, f.reason.data or "", f.replacement.data or None, f.seen),
        tab="evaluation",
        prepare=prepare,
    )


@blueprint.route("/cases/<number>/evaluation/open", methods=["GET", "POST"])
@on_case()
def begin_evaluation(number: str) -> Answer:
    """Open the round."""
    page = open_case(number)
    found = evaluation.settings_round(page.case)
    return act_page_of(
        number,
        "open_evaluation",
        ActForm(),
        lambda f: open_evaluation(viewer(), number, f.seen),
        tab="evaluation",
        confirm=Text(
            f"제안서 제{found.version_number}판과 평가 기준 {len(found.criteria)}개, 순위 규칙이 확정됩니다. "
            "이후 회차 설정이 바뀌어도 이 평가에는 적용되지 않습니다.",
            f"Version {found.version_number} of the proposal, the {len(found.criteria)} criteria and the "
            "ranking rule are frozen. Later changes of the cycle do not touch this evaluation.",
        ),
    )


@blueprint.route("/cases/<number>/evaluation/close", methods=["GET", "POST"])
@on_case()
def end_evaluation(number: str) -> Answer:
    """Close the round of this case and freeze its result."""
    return act_page_of(
        number,
        "close_evaluation",
        ActForm(),
        lambda f: close_evaluation(viewer(), number, f.seen),
        tab="evaluation",
        confirm=Text(
            "평가표가 공개되고 점수가 집계됩니다. 이후에는 평가표를 더 제출할 수 없습니다.",
            "The sheets are opened and added up. No sheet can be submitted after this.",
        ),
    )
