"""One item: its tab on the case, tabling, motion, opening, voting, closing, deferring."""

from flask import flash, redirect, render_template, request

from app.authz import on_case, viewer
from app.errors import NotFound
from app.i18n import Label, moment, t
from app.models import AgendaItem
from app.queries import sittings
from app.queries.attendance import head_count
from app.queries.case_page import CasePage
from app.queries.cases import case_for
from app.queries.proposal import ranking_of
from app.queries.votes import roster_now, rounds_of
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.defer_item import defer_item
from app.services.open_item import open_item
from app.services.put_motion import put_motion
from app.services.table_case import table_case
from app.services.void_vote import GROUNDS
from app.web.act_pages import act_page
from app.web.committee import blueprint
from app.web.committee.forms import ActForm, BallotForm, DeferForm, MotionForm, TableForm, choices
from app.web.committee.pages import Answer, act_page_of, acts, carried_out, open_case, refused
from app.web.committee.room import CHOICES, HERE, OUTCOMES, ROSTER_WORDS
from workflows.commitment import short_code
from workflows.committee_rules import rule_of
from workflows.text import Text

for trigger, endpoint in (
    ("table", "table_item"),
    ("put_motion", "motion"),
    ("open_item", "begin_item"),
    ("vote", "ballot"),
    ("close_ballot", "end_ballot"),
    ("defer", "defer"),
):
    act_page(trigger, f"committee.{endpoint}")

OPEN_TO_APPLICANT = ("ANNOUNCED", "CLOSED")
AROUND = ("amend_motion", "retable", "call_in", "enter_paper", "confirm_paper", "void_vote", "dissent")


@blueprint.get("/cases/<number>/committee")
@on_case()
def committee_tab(number: str) -> str:
    """Sitting, motion, and after the close the vote; the applicant reads the outcome once announced."""
    page = open_case(number)
    case, standing = page.case, page.standing
    inside = standing.inside or "member" in standing.roles
    if not inside and not (standing.applicant and case.state in OPEN_TO_APPLICANT):
        raise NotFound
    resolution = sittings.resolution_of(case)
    item = _item(page) if inside else None
    sitting = sittings.sitting_of(item) if item else None
    return render_template(
        "committee/committee.html",
        page=page,
        inside=inside,
        item=item,
        sitting=sitting,
        motion=sittings.standing_motion(item) if item else None,
        heads=head_count(sitting, case.id) if sitting and resolution is None else None,
        voted=sittings.voted_count(item) if item else 0,
        resolution=resolution,
        conditions=sittings.conditions_of(resolution),
        rounds=rounds_of(item) if item else [],
        roster=roster_now(item) if item and item.opened_at and resolution is None else [],
        mine=viewer().id,
        reasons=ROSTER_WORDS,
        grounds=GROUNDS,
        outcomes=OUTCOMES,
        choices=CHOICES,
        actions=acts(page, "table", *HERE, *AROUND),
    )


def _item(page: CasePage) -> AgendaItem | None:
    try:
        return sittings.item_of(page.case)
    except NotFound:
        return None


def sitting_choices(form: TableForm | DeferForm, page: CasePage) -> None:
    """Offer the coming sittings of the case's programme."""
    rows = sittings.coming_sittings(page.definition.programme)
    words = [
        (s.number, t(f"제{s.number}차", f"No. {s.number}") + f" · {moment(s.starts_at)} · {s.place}") for s in rows
    ]
    form.sitting.choices = choices((0, Label("선택하십시오", "Choose")), *words)


@blueprint.route("/cases/<number>/table", methods=["GET", "POST"])
@on_case()
def table_item(number: str) -> Answer:
    """Put the case on an agenda."""
    form = TableForm()
    page = open_case(number)
    ranking = ranking_of(page.case)
    below = Text(
        "과락 기준에 미달한 사업입니다. ‘비추천’ 안건으로만 상정할 수 있습니다.",
        "The proposal is below the cut-off: it can be tabled only as “not recommended”.",
    )
    return act_page_of(
        number,
        "table",
        form,
        lambda f: table_case(viewer(), number, f.sitting.data or None, bool(f.not_recommended.data), f.seen),
        tab="committee",
        prepare=lambda p: sitting_choices(form, p),
        intro=below if ranking and ranking.below_cutoff else None,
    )


@blueprint.route("/cases/<number>/motion", methods=["GET", "POST"])
@on_case()
def motion(number: str) -> Answer:
    """Put what is to be voted on."""
    form = MotionForm()
    return act_page_of(
        number,
        "put_motion",
        form,
        lambda f: put_motion(
            viewer(),
            number,
            f.outcome.data,
            f.text.data or "",
            f.amount.data,
            conditions_typed(f),
            f.seen,
            f.once.data or "",
            bool(f.secret.data),
        ),
        tab="committee",
        template="committee/motion.html",
        secret=_secret_allowed(number),
    )


def conditions_typed(form: ActForm) -> list[dict[str, str]]:
    """The rows of conditions as they were typed."""
    return [{k: str(v or "") for k, v in row.items()} for row in form.conditions.data]


def _secret_allowed(number: str) -> bool:
    sitting = sittings.sitting_of(sittings.item_of(case_for(viewer(), number)))
    return sitting.form != "written" and rule_of(sitting.rule).secrecy == "secret_if_moved"


@blueprint.route("/cases/<number>/open-item", methods=["GET", "POST"])
@on_case()
def begin_item(number: str) -> Answer:
    """The chair opens the item."""
    return act_page_of(
        number,
        "open_item",
        ActForm(),
        lambda f: open_item(viewer(), number, f.seen),
        tab="committee",
        then=_room(number),
        confirm=Text(
            "의결안을 표결에 부칩니다. 이해충돌이 없는 출석위원이 투표합니다.",
            "The motion is put to the vote of the members present who have no conflict.",
        ),
    )


@blueprint.route("/cases/<number>/close-ballot", methods=["GET", "POST"])
@on_case()
def end_ballot(number: str) -> Answer:
    """The chair closes the ballot."""
    page = open_case(number)
    item = _item(page)
    heads = head_count(sittings.sitting_of(item), page.case.id) if item else None
    voted, of = (sittings.voted_count(item) if item else 0), (heads.entitled if heads else 0)
    return act_page_of(
        number,
        "close_ballot",
        ActForm(),
        lambda f: close_ballot(viewer(), number, f.seen),
        tab="committee",
        then=_room(number),
        confirm=Text(
            f"표결권이 있는 {of}명 가운데 {voted}명이 투표하였습니다. 종료하면 더 투표할 수 없고 결과가 공개됩니다.",
            f"{voted} of the {of} entitled have voted. After the close nobody can vote; the result is shown.",
        ),
    )


@blueprint.route("/cases/<number>/defer", methods=["GET", "POST"])
@on_case()
def defer(number: str) -> Answer:
    """The chair defers the item."""
    form = DeferForm()
    return act_page_of(
        number,
        "defer",
        form,
        lambda f: defer_item(viewer(), number, f.sitting.data or None, f.reason.data or "", f.seen),
        tab="committee",
        then=_room(number),
        prepare=lambda page: sitting_choices(form, page),
        intro=Text(
            "이번 표는 기록에 남고 집계되지 않습니다. 같은 회의를 고르면 새 의결안으로 다시 심의합니다.",
            "Votes cast so far stay on record and are not counted. The same sitting may take it up again.",
        ),
    )


def _room(number: str) -> str:
    if request.method == "GET":
        return ""
    item = sittings.item_of(case_for(viewer(), number))
    return f"/sittings/{sittings.sitting_of(item).number}"


@blueprint.get("/cases/<number>/ballot")
@on_case()
def ballot(number: str) -> Answer:
    """The ballot of the open item, or the receipt of the vote cast."""
    return _ballot_page(number, BallotForm())


@blueprint.post("/cases/<number>/ballot")
@on_case()
def vote(number: str) -> Answer:
    """First the choice, then its confirmation; only that casts the ballot."""
    form = BallotForm()
    if not form.validate_on_submit():
        return _ballot_page(number, form), 422
    if form.confirmed.data != "yes":
        return _ballot_page(number, form, confirm=CHOICES[form.choice.data])
    given: list[str] = []
    if carried_out(form, lambda: given.append(cast_ballot(viewer(), number, form.choice.data, form.once.data or ""))):
        code = given[0]
        flash((f"투표가 접수되었습니다. 확인번호 {code}", f"Your vote is in. Receipt {code}"), "success")
        return redirect(f"/cases/{number}/ballot", 303)
    return _ballot_page(number, form), 422


def _ballot_page(number: str, form: BallotForm, confirm: Text | None = None) -> str:
    page = open_case(number, "member")
    item = sittings.item_of(page.case)
    sitting = sittings.sitting_of(item)
    mine = sittings.own_ballot(viewer(), item)
    blocked = None if mine else refused(page, "vote")
    return render_template(
        "committee/ballot.html",
        page=page,
        item=item,
        sitting=sitting,
        motion=sittings.standing_motion(item),
        form=form,
        confirm=confirm,
        mine=mine,
        receipt=(mine.commitment or "") if mine else "",
        code=short_code(mine.commitment) if mine and mine.commitment else "",
        blocked=blocked,
        outcomes=OUTCOMES,
        choices=CHOICES,
        voted=sittings.voted_count(item),
        entitled=head_count(sitting, page.case.id).entitled,
    )
