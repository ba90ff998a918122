"""The conditions of an approval: the list of a case, one act on one of them, and all of them for officers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.datastructures import FileStorage

from app import clock
from app.authz import on_case, roles, viewer
from app.errors import NotFound
from app.i18n import t
from app.queries import conditions as queries
from app.queries.case_page import CasePage
from app.queries.conditions import Followed
from app.services.change_condition import answer_condition_change, ask_condition_change
from app.services.evidence_condition import evidence_condition
from app.services.judge_condition import accept_condition, breach_condition, carry_condition, send_back_condition
from app.web.act_pages import row_acts
from app.web.committee import blueprint
from app.web.committee.condition_forms import AnswerChangeForm, AskChangeForm, EvidenceForm, JudgeForm, SendBackForm
from app.web.committee.forms import ActForm
from app.web.committee.pages import Answer, carried_out, open_case, refused
from workflows.engine import Refused, refusal
from workflows.schema import Transition
from workflows.text import Reason, Text

STAFF = ("officer", "clerk", "minister", "auditor")


@dataclass(frozen=True, slots=True)
class ConditionAct:
    """How one act on a condition is asked for and done."""

    trigger: str
    form: type[ActForm]
    step: Callable[[str, int, Any], object]
    says: Text
    """What it will do, before it is done."""


def _evidence(number: str, condition: int, f: Any) -> object:
    sent = [file for file in f.files.data or [] if isinstance(file, FileStorage) and file.filename]
    uploads = [(file.stream, str(file.filename)) for file in sent]
    return evidence_condition(viewer(), number, condition, f.text.data or "", uploads, f.once.data or "")


def _judged(service: Callable[..., object]) -> Callable[[str, int, Any], object]:
    return lambda number, condition, f: service(
        viewer(), number, condition, f.reason.data or "", f.seen, f.once.data or ""
    )


def _answered(number: str, condition: int, f: Any) -> object:
    granted = {"yes": True, "no": False}.get(f.granted.data)
    reason = f.reason.data or ""
    return answer_condition_change(viewer(), number, condition, granted, reason, f.due.data, f.seen, f.once.data or "")


ACTS = {
    "evidence": ConditionAct(
        "evidence_condition",
        EvidenceForm,
        _evidence,
        Text(
            "담당자가 확인하여 결과를 알려 드립니다. 확인하는 동안에는 다시 제출할 수 없습니다.",
            "An officer reviews it and lets you know. Until then nothing more can be handed in.",
        ),
    ),
    "accept": ConditionAct(
        "accept_condition",
        JudgeForm,
        _judged(accept_condition),
        Text("이 조건을 이행한 것으로 확정합니다.", "The condition is recorded as met."),
    ),
    "answer-change": ConditionAct(
        "answer_condition_change",
        AnswerChangeForm,
        _answered,
        Text(
            "승인하면 신청한 기한으로 바뀝니다. 다른 날로 정하려면 적어 주십시오.",
            "If granted, the date asked for holds; give another one to set that instead.",
        ),
    ),
    "send-back": ConditionAct(
        "send_back_condition",
        SendBackForm,
        lambda number, condition, f: send_back_condition(
            viewer(), number, condition, f.reason.data or "", f.due.data, f.seen, f.once.data or ""
        ),
        Text(
            "조건이 이행 전으로 돌아가고 신청기관이 다시 제출합니다. 새 기한을 비우면 지금의 기한이 그대로입니다.",
            "The condition is open again and the applicant hands in anew. Without a new date the present one stays.",
        ),
    ),
    "ask-change": ConditionAct(
        "ask_condition_change",
        AskChangeForm,
        lambda number, condition, f: ask_condition_change(
            viewer(), number, condition, f.reason.data or "", f.due.data, f.once.data or ""
        ),
        Text(
            "담당자가 답할 때까지는 지금의 기한이 그대로입니다.",
            "Until an officer has answered, the present date stays.",
        ),
    ),
    "carry": ConditionAct(
        "carry_condition",
        JudgeForm,
        _judged(carry_condition),
        Text(
            "이 사건에서는 더 확인하지 않습니다. 어디에서 이행을 관리하는지 사유에 적으십시오.",
            "The condition is not followed on this case any more. Say where it is followed from here.",
        ),
    ),
    "breach": ConditionAct(
        "breach_condition",
        JudgeForm,
        _judged(breach_condition),
        Text(
            "기한까지 이행하지 않은 것으로 확정하고 신청기관에 알립니다. 뒤따르는 조치를 사유에 함께 적으십시오.",
            "It is recorded that the condition was not met in time, and the applicant is told. Say what follows from it.",
        ),
    ),
}
LEADS = ("evidence_condition", "accept_condition", "answer_condition_change")
"""What somebody waits for: the case page leads here for these, the others stand beside their rows only."""
row_acts("committee.conditions", LEADS, [act.trigger for act in ACTS.values()])


def _page(number: str) -> CasePage:
    """The case, for who knows its outcome: the inside and, once announced, the applicant."""
    page = open_case(number)
    if not (page.standing.inside or (page.standing.applicant and page.sees_outcome)):
        raise NotFound
    return page


@dataclass(frozen=True, slots=True)
class Row:
    """A condition with what this viewer may do about it."""

    followed: Followed
    acts: list[tuple[Text, str, str]]
    """(words, address, kind of button)"""


@blueprint.get("/cases/<number>/conditions")
@on_case()
def conditions(number: str) -> str:
    """Every condition with its purpose, date, proof and steps."""
    page = _page(number)
    rows = [Row(one, _offers(page, one)) for one in queries.followed(page.case)]
    return render_template("committee/conditions.html", page=page, rows=rows)


def _offers(page: CasePage, one: Followed) -> list[tuple[Text, str, str]]:
    out = []
    for key, act in ACTS.items():
        found = page.definition.find(page.case.state, act.trigger)
        if found is not None and _against(page, found, one) is None:
            address = f"/cases/{page.case.number}/conditions/{one.condition.id}/{key}"
            kind = "danger" if key == "breach" else "primary" if act.trigger in LEADS else "secondary"
            out.append((found.label.text, address, kind))
    return out


def _against(page: CasePage, found: Transition, one: Followed) -> Reason | None:
    """Why this viewer may not, as far as it does not depend on what he is still to write."""
    from app.queries.facts import CaseFacts

    who = viewer()
    inputs = {
        "in_condition": one.standing.state,
        "in_condition_late": one.standing.late(clock.today()),
        "in_change_asked": one.standing.change_asked,
        "in_reason": "-",
    }
    return refusal(found, CaseFacts(page.case, who, inputs), page.standing.actor(who))


@blueprint.route("/cases/<number>/conditions/<int:condition>/<act>", methods=["GET", "POST"])
@on_case()
def condition_act(number: str, condition: int, act: str) -> Answer:
    """One act on one condition: says what it will do, asks what it needs, does it."""
    page = _page(number)
    wanted = ACTS.get(act)
    if wanted is None:
        raise NotFound
    blocked = refused(page, wanted.trigger)
    one = queries.followed_one(page.case, condition)
    found = next(t for t in page.definition.transitions if t.trigger == wanted.trigger)
    form = wanted.form()
    if blocked is None:
        blocked = _against(page, found, one)
    if request.method == "GET":
        form.revision.data = str(page.case.seq)
    elif blocked is not None:
        raise Refused(blocked)
    elif form.validate_on_submit() and carried_out(form, lambda: wanted.step(number, condition, form)):
        flash((f"처리하였습니다: {found.label.ko}", f"Done: {found.label.en}"), "success")
        return redirect(f"/cases/{number}/conditions", 303)
    return (
        render_template(
            "committee/condition_act.html",
            page=page,
            one=one,
            act=wanted,
            transition=found,
            form=form,
            blocked=blocked,
        ),
        422 if form.errors else 200,
    )


@blueprint.get("/conditions")
@roles(*STAFF, query=("view",))
def all_conditions() -> str:
    """The conditions of every announced case, what is due first on top."""
    view = request.args.get("view", "")
    lines = queries.overview(viewer())
    words = {
        "": t("전체", "All"),
        "late": t("기한 지남", "Overdue"),
        "open": t("이행 전", "Open"),
        "evidenced": t("확인 대기", "Awaiting review"),
        "change": t("변경 신청", "Change asked for"),
        "breached": t("불이행", "Breached"),
        "settled": t("처리됨", "Settled"),
    }
    if view not in words:
        raise NotFound
    views = [
        (label, f"/conditions?view={key}" if key else "/conditions", key == view, len(queries.of_view(lines, key)))
        for key, label in words.items()
    ]
    return render_template("committee/all_conditions.html", lines=queries.of_view(lines, view), views=views)
