"""What follows a decision: end of the reserve, result, objection and its answer, close."""

from flask import flash, redirect, render_template

from app.authz import on_case, viewer
from app.errors import NotFound
from app.services.close_case import close_case
from app.services.lapse import lapse
from app.services.objections import answer_objection, extend_objection, file_objection, objection_of
from app.services.reconsider import reconsider
from app.services.record_result import record_result
from app.web.act_pages import act_page, unless_idle
from app.web.committee import blueprint
from app.web.committee.forms import ActForm, AnswerForm, ExtensionForm, ObjectionForm, ReasonForm, ResultForm
from app.web.committee.pages import Answer, act_page_of, acts, carried_out, open_case, refused
from workflows.text import Text

for trigger, endpoint in (
    ("lapse", "end_reserve"),
    ("record_result", "result"),
    ("close", "close"),
    ("file_objection", "objection"),
    ("answer_objection", "answer"),
    ("extend_objection", "extension"),
    ("reconsider", "anew"),
):
    act_page(trigger, f"committee.{endpoint}")
unless_idle("extend_objection", "reconsider")


@blueprint.route("/cases/<number>/lapse", methods=["GET", "POST"])
@on_case()
def end_reserve(number: str) -> Answer:
    """End the reserve listing."""
    return act_page_of(
        number,
        "lapse",
        ReasonForm(),
        lambda f: lapse(viewer(), number, f.reason.data or "", f.seen),
        tab="money",
        confirm=Text("예비 순위의 효력이 끝나고 사건이 마감됩니다.", "The reserve listing ends and the case with it."),
    )


@blueprint.route("/cases/<number>/result", methods=["GET", "POST"])
@on_case()
def result(number: str) -> Answer:
    """Put the result on record."""
    return act_page_of(
        number,
        "record_result",
        ResultForm(),
        lambda f: record_result(viewer(), number, f.reason.data or "", f.seen),
        tab="money",
    )


@blueprint.route("/cases/<number>/close", methods=["GET", "POST"])
@on_case()
def close(number: str) -> Answer:
    """Close the case."""
    return act_page_of(
        number,
        "close",
        ActForm(),
        lambda f: close_case(viewer(), number, f.seen),
        tab="money",
        confirm=Text("사건을 종결합니다. 이후에는 처리할 수 없습니다.", "The case is closed for good."),
    )


@blueprint.route("/cases/<number>/objection", methods=["GET", "POST"])
@on_case()
def objection(number: str) -> Answer:
    """The objection: file it, or read it and its answer."""
    page = open_case(number)
    if not (page.standing.inside or page.standing.applicant):
        raise NotFound
    found = objection_of(page.case)
    signatory = "signatory" in page.standing.roles
    form = ObjectionForm()
    if (
        signatory
        and form.validate_on_submit()
        and carried_out(form, lambda: file_objection(viewer(), number, form.reason.data or "", form.once.data or ""))
    ):
        flash(("이의신청을 접수하였습니다.", "Your objection is filed."), "success")
        return redirect(f"/cases/{number}/objection", 303)
    blocked = refused(page, "file_objection") if signatory and found is None else None
    status = 422 if form.errors else 200
    return (
        render_template(
            "committee/objection.html",
            page=page,
            found=found,
            form=form,
            blocked=blocked,
            may_file=signatory and found is None,
            offers=acts(page, "answer_objection", "extend_objection"),
            onward=acts(page, "reconsider") if page.case.hearing == 1 else [],
        ),
        status,
    )


@blueprint.route("/cases/<number>/objection/answer", methods=["GET", "POST"])
@on_case()
def answer(number: str) -> Answer:
    """Answer the objection."""
    page = open_case(number)
    found = objection_of(page.case)
    words = found.text if found else ""
    return act_page_of(
        number,
        "answer_objection",
        AnswerForm(),
        lambda f: answer_objection(
            viewer(),
            number,
            {"yes": True, "no": False}.get(f.upheld.data),
            f.reason.data or "",
            f.seen,
        ),
        tab="objection",
        intro=Text(words, words) if words else None,
    )


@blueprint.route("/cases/<number>/objection/extension", methods=["GET", "POST"])
@on_case()
def extension(number: str) -> Answer:
    """Extend the time to answer."""
    return act_page_of(
        number,
        "extend_objection",
        ExtensionForm(),
        lambda f: extend_objection(viewer(), number, f.days.data or 0, f.reason.data or "", f.seen),
        tab="objection",
        intro=Text(
            "처리기간이 끝나는 날의 다음 날부터 세어 10일까지 한 번 연장할 수 있습니다. 사유는 신청기관에 통지됩니다.",
            "Once, by up to ten days counted from the day after the time to answer ends. The applicant is told the reason.",
        ),
    )


@blueprint.route("/cases/<number>/reconsider", methods=["GET", "POST"])
@on_case()
def anew(number: str) -> Answer:
    """Open the second hearing."""
    return act_page_of(
        number,
        "reconsider",
        ActForm(),
        lambda f: reconsider(viewer(), number, f.seen),
        tab="evaluation",
        confirm=Text(
            "평가위원 구성부터 다시 시작합니다. 첫 평가의 위원은 모두 빠지며 다시 위촉할 수 없습니다. 첫 평가, 의결, 결정의 기록은 "
            "그대로 남고, 새 결정이 있을 때까지 당초 결정과 배정된 지원금이 유지됩니다. 재심의는 한 번만 할 수 있습니다.",
            "It begins again at the panel. Nobody of the first panel takes part or can be invited again. The first ranking, "
            "resolution and decision stay on record; until the new decision the first stands, and its money stays "
            "reserved. A case is reconsidered only once.",
        ),
    )
