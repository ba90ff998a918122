"""Acts around a vote: amendment, paper ballots, void vote, dissent, calling in, moving, members for one item."""

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from app.authz import on_case, roles, viewer
from app.errors import NotFound
from app.i18n import tr
from app.queries import sittings, votes
from app.queries.attendance import enrolled
from app.queries.cases import case_for
from app.services.call_in import call_in
from app.services.dissent import dissent
from app.services.item_seats import CAPACITIES, seat_for_item, unseat_for_item
from app.services.paper_ballots import confirm_paper, enter_paper
from app.services.put_motion import put_motion
from app.services.retable import retable
from app.services.void_vote import void_vote
from app.web.act_pages import act_page
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from app.web.committee.forms import DeferForm, MotionForm, choices
from app.web.committee.items import conditions_typed, sitting_choices
from app.web.committee.pages import Answer, act_page_of, carried_out, open_case, refused
from app.web.committee.vote_forms import CallInForm, DissentForm, ItemSeatForm, PaperForm, VoidForm
from workflows.text import Text

for trigger, endpoint in (
    ("amend_motion", "amendment"),
    ("close_round", "end_ballot"),
    ("void_vote", "void"),
    ("dissent", "statement"),
    ("call_in", "calling_in"),
    ("retable", "move_item"),
    ("enter_paper", "papers"),
    ("confirm_paper", "papers"),
    ("note_arrival", "door_of_case"),
):
    act_page(trigger, f"committee.{endpoint}")

REASONS = {
    "": Text("표결권 있음", "May vote"),
    "late": Text("표결 중 입장", "Came in during the vote"),
    "absent": Text("불참", "Absent"),
    "recused": Text("제척·회피", "Recused"),
    "chair": Text("위원장(표결하지 않음)", "Chair (does not vote)"),
}
VOTED = {
    "screen": Text("투표 완료", "Voted"),
    "paper": Text("투표지로 투표", "Voted on paper"),
    "entered": Text("투표지 확인 대기", "Paper waits for confirmation"),
    "late": Text("기간 뒤 제출(집계 제외)", "After the window (not counted)"),
    "": Text("–", "–"),
}


@blueprint.route("/cases/<number>/amendment", methods=["GET", "POST"])
@on_case()
def amendment(number: str) -> Answer:
    """Put an amendment to the motion."""
    form = MotionForm()
    return act_page_of(
        number,
        "amend_motion",
        form,
        lambda f: put_motion(
            viewer(), number, f.outcome.data, f.text.data or "", f.amount.data, conditions_typed(f), f.seen,
            f.once.data or "", amends=True,
        ),
        tab="committee",
        template="committee/motion.html",
        amends=True,
    )  # fmt: skip


@blueprint.route("/cases/<number>/void-vote", methods=["GET", "POST"])
@on_case()
def void(number: str) -> Answer:
    """The chair declares the vote void."""
    return act_page_of(
        number,
        "void_vote",
        VoidForm(),
        lambda f: void_vote(viewer(), number, f.code.data or "", f.reason.data or "", f.seen, f.once.data or ""),
        tab="committee",
        confirm=Text(
            "이번 표결과 의결은 무효로 기록에 남고, 같은 의결안으로 다시 표결합니다.",
            "This vote and its resolution stay on record as void, and the same motion is voted on again.",
        ),
    )


@blueprint.route("/cases/<number>/dissent", methods=["GET", "POST"])
@on_case()
def statement(number: str) -> Answer:
    """A member attaches a dissent to the vote."""
    return act_page_of(
        number,
        "dissent",
        DissentForm(),
        lambda f: dissent(viewer(), number, f.text.data or "", f.once.data or ""),
        tab="committee",
        intro=Text(
            "표결에 붙이는 의견입니다. 한 번만 낼 수 있고 고칠 수 없으며, 의결 규칙에 따라 회의록에 실립니다.",
            "A statement on the vote. It is given once, is never changed, and goes into the minutes as the rule says.",
        ),
    )


@blueprint.route("/cases/<number>/call-in", methods=["GET", "POST"])
@on_case()
def calling_in(number: str) -> Answer:
    """A member calls a written item into a meeting."""
    return act_page_of(
        number,
        "call_in",
        CallInForm(),
        lambda f: call_in(viewer(), number, f.reason.data or "", f.once.data or ""),
        tab="committee",
        intro=Text(
            "서면심의를 멈추고 이 안건을 회의에 부칩니다. 이미 낸 서면은 봉인된 채 기록에 남고 집계되지 않습니다.",
            "Deliberation in writing stops and the item goes to a meeting. Papers returned stay sealed and uncounted.",
        ),
    )


@blueprint.route("/cases/<number>/move", methods=["GET", "POST"])
@on_case()
def move_item(number: str) -> Answer:
    """The clerk moves an item to another sitting."""
    form = DeferForm()
    return act_page_of(
        number,
        "retable",
        form,
        lambda f: retable(viewer(), number, f.sitting.data or None, f.reason.data or "", f.seen),
        tab="committee",
        prepare=lambda page: sitting_choices(form, page),
    )


@blueprint.route("/cases/<number>/papers", methods=["GET", "POST"])
@on_case()
def papers(number: str) -> Answer:
    """Paper ballots: the roster, what the clerk enters, what a second person confirms."""
    page, form, who = open_case(number, "clerk", "chair", "officer"), PaperForm(), viewer()
    item = sittings.item_of(page.case)
    roster = votes.roster_now(item)
    form.voter.choices = choices(*((row.user_id, tr(row.name)) for row in roster if row.entitled))
    if form.validate_on_submit():
        told: list[tuple[str, str, str]] = []
        if carried_out(form, lambda: told.append(_paper(number, form))):
            flash(told[0][:2], told[0][2])
            return redirect(f"/cases/{number}/papers", 303)
    blocked = refused(page, "confirm_paper")
    return (
        render_template(
            "committee/papers.html",
            page=page,
            form=form,
            roster=roster,
            blocked=blocked,
            clerk="clerk" in page.standing.roles,
            me=who.id,
            reasons=REASONS,
            voted=VOTED,
        ),
        422 if form.errors else 200,
    )


def _paper(number: str, form: PaperForm) -> tuple[str, str, str]:
    if form.step.data == "enter":
        enter_paper(viewer(), number, form.voter.data, form.choice.data)
        return (
            "투표지를 입력하였습니다. 다른 사람의 확인을 기다립니다.",
            "Entered. It waits for the second person.",
            "success",
        )
    if form.step.data != "confirm":
        raise NotFound
    if confirm_paper(viewer(), number, form.voter.data, form.choice.data):
        return "두 사람의 입력이 같아 투표로 접수하였습니다.", "The two entries agree: the vote is in.", "success"
    return (
        "두 사람의 입력이 달라 접수하지 않았습니다. 투표지를 다시 입력해 주십시오.",
        "The two entries differ: nothing is counted. Enter the paper anew.",
        "warning",
    )


@blueprint.get("/cases/<number>/door")
@on_case()
def door_of_case(number: str) -> Response:
    """Where comings and goings are noted: the members of the sitting."""
    page = open_case(number, "clerk")
    return redirect(f"/sittings/{sittings.sitting_of(sittings.item_of(page.case)).number}#members")


@blueprint.route("/sittings/<int:number>/items/<case_number>/members", methods=["GET", "POST"])
@roles("clerk")
def item_members(number: int, case_number: str) -> Answer:
    """Who sits for one item only."""
    who, form = viewer(), ItemSeatForm()
    sitting = sittings.sitting_for(who, number, only="clerk")
    case = case_for(who, case_number)
    item = sittings.item_of(case)
    if item.sitting_id != sitting.id:
        raise NotFound
    if form.validate_on_submit() and carried_out(
        form,
        lambda: seat_for_item(
            who, number, case_number, form.email.data or "", form.capacity.data, form.basis.data or ""
        ),
    ):
        flash(("안건 위원으로 정하였습니다.", "Seated for the item."), "success")
        return redirect(f"/sittings/{number}/items/{case_number}/members", 303)
    members = enrolled(sitting.programme, item.id)
    related = {person: capacity for person, capacity in members.items() if capacity != "seat"}
    return (
        render_template(
            "committee/item_members.html",
            sitting=sitting,
            case=case,
            item=item,
            form=form,
            related=[
                (person, name, CAPACITIES[related[person]]) for person, name in votes.names_of(set(related)).items()
            ],
            total=len(members),
        ),
        422 if form.errors else 200,
    )


@blueprint.post("/sittings/<int:number>/items/<case_number>/members/<int:user_id>/end")
@roles("clerk")
def end_item_member(number: int, case_number: str, user_id: int) -> Response:
    """End a seat for one item."""
    if HouseForm().validate_on_submit():
        unseat_for_item(viewer(), number, case_number, user_id)
        flash(("안건 위원에서 제외하였습니다.", "No longer seated for the item."), "success")
    return redirect(f"/sittings/{number}/items/{case_number}/members", 303)
