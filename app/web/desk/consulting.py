"""Pre-consulting: applicant, consultant and secretariat on one page with the same facts, each with its own acts."""

from datetime import timedelta

from flask import redirect, render_template, request
from wtforms.fields.choices import SelectChoice

from app import clock
from app.authz import on_case, standing_on, viewer
from app.errors import NotFound
from app.i18n import tr
from app.models import Case
from app.models.consulting import Advice
from app.queries import case_page as pages
from app.queries import consulting as queries
from app.queries.cases import case_for
from app.queries.interests import own_evidence, rules_for
from app.services.answer_advice import answer_advice
from app.services.assign_consultant import assign_consultant
from app.services.begin_consulting import begin_consulting
from app.services.complete_consulting import complete_consulting
from app.services.declare_consulting import declare_consulting
from app.services.decline import confirm_decline, end_consulting, propose_decline
from app.services.extend_consulting import extend_consulting
from app.services.give_advice import give_advice
from app.services.judge_advice import judge_advice
from app.services.log_meeting import log_meeting
from app.services.write_feasibility import write_feasibility
from app.web.cases.routes import actions
from app.web.desk import blueprint, forms
from app.web.desk.common import Stand, View, act_view, carried, choose, page_for
from app.web.interests.forms import DeclareForm
from workflows.form_schema import load_form
from workflows.text import Text

ACTS = (
    "assign_consultant",
    "declare_consulting",
    "begin_consulting",
    "log_meeting",
    "give_advice",
    "revise",
    "write_feasibility",
    "complete_consulting",
    "extend_consulting",
    "end_consulting",
    "propose_decline",
    "confirm_decline",
)
SEEN_BY = {"signatory", "delegate", "consultant"}


@blueprint.route("/cases/<number>/consulting", methods=["GET", "POST"])
@on_case()
def consulting(number: str) -> View:
    """Goals, meetings, advice with answer and judgement, report and scope; the acts of whoever reads it."""
    who, sent = viewer(), None
    case = case_for(who, number)
    if request.method == "POST":
        item, sent = _sent(case)
        if _one(number, item, sent):
            return redirect(f"/cases/{number}/consulting#advice-{item.id}", 303)
    elif standing_on(who, case).undeclared == "consultant":
        return redirect(f"/cases/{number}/consulting/declare")
    page = page_for(number)
    if not (page.standing.inside or page.standing.roles & SEEN_BY) or "CONSULTING" not in page.definition.states:
        raise NotFound
    room = queries.room(page.case)
    may = {o.trigger for o in page.offers}
    bound = _on_advice(room.advice, may)
    if sent is not None:
        bound[item.id] = sent
    titles = {s.key: s.title for s in load_form(page.case.definition_id, page.case.form_version).sections}
    shown = {
        "page": page,
        "room": room,
        "on_advice": bound,
        "may": may,
        "titles": titles,
        "actions": actions([o for o in page.offers if o.trigger in ACTS], number),
    }
    return render_template("desk/consulting.html", **shown), 200 if sent is None else 422


def _on_advice(advice: list[Advice], may: set[str]) -> dict[int, forms.OnAdvice]:
    """A form of its own for each item that this viewer may answer or judge now."""
    out = {}
    for item in advice:
        if item.met is not None or not may & {"answer_advice", "judge_advice"}:
            continue
        if "judge_advice" in may and item.answered_at is None:
            continue
        prefix = f"a{item.id}-"
        step = "judge" if "judge_advice" in may else "answer"
        out[item.id] = forms.OnAdvice(None, prefix=prefix, data={"answer": item.answer, "step": step})
    return out


def _sent(case: Case) -> tuple[Advice, forms.OnAdvice]:
    """The one item whose form came back, and that form.

    Raises:
        NotFound: none of this case's.
    """
    found = [name for name in request.form if name.startswith("a") and name.endswith("-step")]
    number = found[0][1:-5] if len(found) == 1 else ""
    if not number.isdigit() or len(number) > 18:
        raise NotFound
    return queries.advice_item(case, int(number)), forms.OnAdvice(request.form, prefix=f"a{number}-")


def _one(number: str, item: Advice, form: forms.OnAdvice) -> bool:
    """Carry out the one form that was sent; False when it has to be shown again."""
    who = viewer()
    if not form.validate_on_submit():
        return False
    answer, reason = (form.answer.data or "").strip(), (form.judgement.data or "").strip()
    if form.step.data == "answer":
        return carried(
            form,
            lambda: answer_advice(who, number, item.id, answer, once=form.once.data),
            "답변을 등록하였습니다.",
            "The answer is on the record.",
        )
    if form.met.data not in ("yes", "no"):
        form.met.errors = [tr(Text("판정을 선택해 주십시오.", "Choose met or not met."))]
        return False
    return carried(
        form,
        lambda: judge_advice(who, number, item.id, form.met.data == "yes", reason, once=form.once.data),
        "판정을 등록하였습니다.",
        "The judgement is on the record.",
    )


@blueprint.route("/cases/<number>/consultant", methods=["GET", "POST"])
@on_case()
def consultant(number: str) -> View:
    """Name the consultant."""
    on = Stand(number, "assign_consultant")
    form = forms.Consultant(revision=on.seq)
    known = queries.candidates(on.case)
    form.consultant.choices = [SelectChoice(*choose())] + [SelectChoice(str(i), tr(name)) for i, name in known]
    return act_view(
        on,
        form,
        lambda: assign_consultant(viewer(), number, int(form.consultant.data), revision=form.seen, once=form.once.data),
        done=("자문가를 지정하였습니다.", "The consultant is assigned."),
        back=f"/cases/{number}/consulting",
        fields=[form.consultant],
        says=Text(
            "자문가는 먼저 이해관계를 신고합니다. 자문가는 이 사건을 평가하거나 표결할 수 없습니다.",
            "The consultant declares his interests first, and can neither score nor vote on this case.",
        ),
    )


@blueprint.route("/cases/<number>/consulting/declare", methods=["GET", "POST"])
@on_case()
def declare(number: str) -> View:
    """The consultant declares before the file opens; a conflict shuts it."""
    who, form = viewer(), DeclareForm()
    if (
        form.is_submitted()
        and form.validate_on_submit()
        and carried(
            form,
            lambda: declare_consulting(
                who,
                number,
                form.answer.data,
                (form.ground.data or "").strip(),
                once=form.once.data,
                grounds=form.grounds.data or (),
            ),
            "이해관계를 신고하였습니다.",
            "Your declaration is on the record.",
        )
    ):
        clear = form.answer.data == "none"
        return redirect(f"/cases/{number}/consulting" if clear else "/duties", 303)
    case = case_for(who, number)
    if not queries.is_consultant(who, case):
        raise NotFound
    page = pages.case_page(who, case)
    offer = next((o for o in page.offers if o.trigger == "declare_consulting"), None)
    status = 422 if form.is_submitted() else 200
    may = offer is not None and offer.allowed
    rules = rules_for(case, clock.today())
    form.offer(rules.grounds)
    shown = {"page": page, "form": form, "may": may, "rules": rules, "checks": own_evidence(case, who.id, "consultant")}
    return render_template("desk/declare.html", **shown), status


@blueprint.route("/cases/<number>/consulting/begin", methods=["GET", "POST"])
@on_case()
def begin_consult(number: str) -> View:
    """Begin, with the goals."""
    on = Stand(number, "begin_consulting")
    form = forms.Goals(revision=on.seq)
    return act_view(
        on,
        form,
        lambda: begin_consulting(viewer(), number, form.goals.data.strip(), revision=form.seen, once=form.once.data),
        done=("사전컨설팅을 시작하였습니다.", "Consulting has begun."),
        back=f"/cases/{number}/consulting",
        fields=[form.goals],
        says=Text(
            "신청기관과 자문가에게 목표를 알리고 컨설팅 기간이 시작됩니다.",
            "Applicant and consultant are told the goals, and the consulting period begins.",
        ),
    )


@blueprint.route("/cases/<number>/consulting/meeting", methods=["GET", "POST"])
@on_case()
def meeting(number: str) -> View:
    """Log a meeting."""
    on, form = Stand(number, "log_meeting"), forms.Meeting()
    return act_view(
        on,
        form,
        lambda: log_meeting(
            viewer(),
            number,
            form.held_on.data,
            form.place.data.strip(),
            form.attendees.data.strip(),
            form.gist.data.strip(),
            once=form.once.data,
        ),
        done=("회의를 기록하였습니다.", "The meeting is on the record."),
        back=f"/cases/{number}/consulting",
        fields=[form.held_on, form.place, form.attendees, form.gist],
    )


@blueprint.route("/cases/<number>/consulting/advice", methods=["GET", "POST"])
@on_case()
def advise(number: str) -> View:
    """Give one advice item."""
    on, form = Stand(number, "give_advice"), forms.Advise()
    shape = load_form(on.case.definition_id, on.case.form_version)
    form.section.choices = forms.section_choices(shape, ("", tr(Text("제안 전체", "The whole proposal"))))
    return act_view(
        on,
        form,
        lambda: give_advice(viewer(), number, form.section.data or "", form.text.data.strip(), once=form.once.data),
        done=("자문 사항을 등록하였습니다.", "The advice is given."),
        back=f"/cases/{number}/consulting",
        fields=[form.section, form.text],
    )


@blueprint.route("/cases/<number>/consulting/feasibility", methods=["GET", "POST"])
@on_case()
def feasibility(number: str) -> View:
    """Feasibility report and task scope."""
    on = Stand(number, "write_feasibility")
    found = None if request.method == "POST" else queries.consulting_of(on.case)
    stored = {"feasibility": found.feasibility, "task_scope": found.task_scope} if found else {}
    form = forms.Feasibility(data={"revision": on.seq, **stored})
    return act_view(
        on,
        form,
        lambda: write_feasibility(
            viewer(),
            number,
            (form.feasibility.data or "").strip(),
            (form.task_scope.data or "").strip(),
            revision=form.seen,
            once=form.once.data,
        ),
        done=("저장하였습니다.", "Saved."),
        back=f"/cases/{number}/consulting",
        fields=[form.feasibility, form.task_scope],
        keep=f"feasibility-{number}",
    )


@blueprint.route("/cases/<number>/consulting/complete", methods=["GET", "POST"])
@on_case()
def complete(number: str) -> View:
    """Complete the consulting."""
    on, form = Stand(number, "complete_consulting"), forms.Confirm()
    form.revision.data = form.revision.data or on.seq
    return act_view(
        on,
        form,
        lambda: complete_consulting(viewer(), number, revision=form.seen, once=form.once.data),
        done=("사전컨설팅을 완료하였습니다.", "Consulting is completed."),
        back=f"/cases/{number}/consulting",
        says=Text(
            "모든 자문 사항이 판정되었습니다. 완료하면 자문 내용을 더 고칠 수 없습니다.",
            "Every advice item is judged. Once completed, nothing of the consulting can be changed.",
        ),
    )


@blueprint.route("/cases/<number>/consulting/extend", methods=["GET", "POST"])
@on_case()
def extend(number: str) -> View:
    """More time, with the applicant's consent."""
    on = Stand(number, "extend_consulting")
    running = queries.room(on.case).clock
    default = (running.due_on if running else clock.today()) + timedelta(days=30)
    form = forms.Extend(revision=on.seq, due_on=default)
    return act_view(
        on,
        form,
        lambda: extend_consulting(
            viewer(),
            number,
            form.due_on.data,
            form.reason.data.strip(),
            bool(form.consent.data),
            revision=form.seen,
            once=form.once.data,
        ),
        done=("컨설팅 기간을 연장하였습니다.", "Consulting is extended."),
        back=f"/cases/{number}/consulting",
        fields=[form.due_on, form.reason, form.consent],
    )


@blueprint.route("/cases/<number>/consulting/end", methods=["GET", "POST"])
@on_case()
def end(number: str) -> View:
    """End a consulting that leads nowhere."""
    on = Stand(number, "end_consulting")
    form = forms.Reason(revision=on.seq)
    return act_view(
        on,
        form,
        lambda: end_consulting(viewer(), number, form.reason.data.strip(), revision=form.seen, once=form.once.data),
        done=("컨설팅을 중단하였습니다.", "Consulting is ended."),
        danger=True,
        fields=[form.reason],
        says=Text(
            "제안이 미추진으로 끝나고 사유가 신청기관에 통지됩니다. 신청기관은 30일 안에 이의신청할 수 있습니다.",
            "The proposal ends as declined and the applicant is given your reasons; an objection is open for 30 days.",
        ),
    )


@blueprint.route("/cases/<number>/decline", methods=["GET", "POST"])
@on_case()
def propose(number: str) -> View:
    """Propose not to take it up; another officer confirms."""
    on = Stand(number, "propose_decline")
    form = forms.Reason(revision=on.seq)
    return act_view(
        on,
        form,
        lambda: propose_decline(viewer(), number, form.reason.data.strip(), revision=form.seen, once=form.once.data),
        done=(
            "미추진을 제안하였습니다. 다른 담당자가 확정합니다.",
            "The decline is proposed; another officer confirms.",
        ),
        fields=[form.reason],
        says=Text(
            "다른 담당자가 확정하기 전에는 신청기관에 알리지 않습니다. 확정되면 적으신 사유가 그대로 통지됩니다.",
            "The applicant learns nothing until another officer confirms; then your reasons are sent as written.",
        ),
    )


@blueprint.route("/cases/<number>/decline/confirm", methods=["GET", "POST"])
@on_case()
def confirm(number: str) -> View:
    """Confirm what another officer proposed."""
    on, form = Stand(number, "confirm_decline"), forms.Confirm()
    form.revision.data = form.revision.data or on.seq
    return act_view(
        on,
        form,
        lambda: confirm_decline(viewer(), number, revision=form.seen, once=form.once.data),
        done=("미추진을 확정하였습니다.", "The decline is confirmed."),
        danger=True,
        quoted=on.case.decline_reason,
        says=Text(
            "제안이 미추진으로 끝나고 아래 사유가 신청기관에 통지됩니다. 신청기관은 30일 안에 이의신청할 수 있습니다.",
            "The proposal ends as declined and the applicant is given these reasons; an objection is open for 30 days.",
        ),
    )
