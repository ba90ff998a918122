"""Forming a panel otherwise than by hand: a proposal that explains itself, and a draw that anyone can draw again."""

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, render_template, request
from wtforms import DateField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.authz import on_case, viewer
from app.errors import NotFound
from app.i18n import Label, tr
from app.queries import panel
from app.services.form_panel import draw_panel, freeze_pool, invite_proposed
from app.web.act_pages import act_page
from app.web.committee import blueprint
from app.web.committee.forms import ActForm, choices
from app.web.committee.pages import Answer, act_page_of, carried_out, open_case, refused
from workflows.draw import ALGORITHM
from workflows.panel import EXPERTISE
from workflows.text import Text

act_page("freeze_pool", "committee.freeze_pool_page")
act_page("draw_panel", "committee.draw_panel_page")
MOST = 30


class ProposalForm(ActForm):
    """Whom of the proposal to invite."""

    people = SelectMultipleField(Label("위촉할 위원", "Whom to invite"), coerce=int, validate_choice=False)


class PoolForm(ActForm):
    """How many are drawn, and where the seed will come from."""

    seats = IntegerField(
        Label("추첨 인원", "How many are drawn"),
        validators=[InputRequired(Label("입력해 주십시오.", "Please fill this in."))],
    )
    most_per_institution = IntegerField(
        Label("같은 기관 최대 인원", "Most of one institution"),
        validators=[InputRequired(Label("입력해 주십시오.", "Please fill this in."))],
    )
    seed_source = TextAreaField(
        Label("추첨값의 출처", "Where the seed will be published"),
        validators=[Length(max=1000)],
        description=Label(
            "아직 정해지지 않았고 누구나 확인할 수 있는 값이어야 합니다. 예: 다음 토요일 로또 당첨번호 6개",
            "A value that is not known yet and that anyone can look up, such as next Saturday's lottery numbers.",
        ),
    )
    seed_on = DateField(Label("추첨값이 공개되는 날", "Day on which the seed is published"), validators=[Optional()])


class DrawForm(ActForm):
    """The seed as published."""

    seed = StringField(Label("공개된 추첨값", "The seed as published"), validators=[Length(max=500)])


def _number(name: str, default: int | None, least: int = 1) -> int | None:
    text = request.args.get(name, "")
    return min(MOST, max(least, int(text))) if text.isdigit() and len(text) < 4 else default


@blueprint.route("/cases/<number>/evaluation/proposal", methods=["GET", "POST"])
@on_case("seats", "institution", "region")
def proposal(number: str) -> Answer:
    """A balanced proposal: who is proposed and what spoke for each, who is left out and by which rule."""
    page = open_case(number, "officer")
    blocked = refused(page, "invite_evaluator")
    seats = _number("seats", panel.seats_open(page.case) or 1) or 1
    found = panel.proposal_for(page.case, seats, _number("institution", 1) or 1, _number("region", None))
    form = ProposalForm()
    form.people.choices = choices(*((one.person.id, tr(one.person.name)) for one in found.proposal.chosen))
    if not form.is_submitted():
        form.revision.data = str(page.case.seq)
    elif (
        blocked is None
        and form.validate_on_submit()
        and carried_out(form, lambda: invite_proposed(viewer(), number, form.people.data or [], form.seen))
    ):
        flash(("추천된 위원에게 위촉을 요청하였습니다.", "The people proposed are invited."), "success")
        return redirect(f"/cases/{number}/evaluation", 303)
    page_ = render_template(
        "committee/proposal.html",
        page=page,
        form=form,
        found=found,
        blocked=blocked,
        expertise=EXPERTISE,
        seats=seats,
        institution=_number("institution", 1),
        region=_number("region", None),
    )
    return page_, 422 if form.errors else 200


@blueprint.route("/cases/<number>/evaluation/pool", methods=["GET", "POST"])
@on_case()
def freeze_pool_page(number: str) -> Answer:
    """Freeze the pool before its seed is known."""
    page = open_case(number)
    entries, left_out = panel.pool_for(page.case) if "officer" in page.standing.roles else ([], [])
    form = PoolForm()
    return act_page_of(
        number,
        "freeze_pool",
        form,
        lambda f: freeze_pool(
            viewer(),
            number,
            f.seats.data,
            f.most_per_institution.data,
            f.seed_source.data or "",
            f.seed_on.data,
            f.seen,
        ),
        tab="evaluation",
        then=f"/cases/{number}/evaluation/draw",
        intro=Text(
            f"지금 추첨할 수 있는 위원은 {len(entries)}명이고 {len(left_out)}명은 이해충돌, 연간 한도, 위촉 이력으로 제외됩니다. "
            "명부와 그 지문(SHA-256)이 확정되며, 이후 공개되는 추첨값으로 순서가 정해집니다.",
            f"{len(entries)} may be drawn now; {len(left_out)} are left out by conflict, yearly load or earlier duty. "
            "The list and its fingerprint (SHA-256) are frozen; a seed published later decides the order.",
        ),
        confirm=Text(
            "명부를 확정하면 고칠 수 없습니다. 달라지면 새 명부를 확정하십시오.",
            "A frozen pool cannot be changed; freeze a new one instead.",
        ),
    )


@blueprint.route("/cases/<number>/evaluation/draw/seed", methods=["GET", "POST"])
@on_case()
def draw_panel_page(number: str) -> Answer:
    """Enter the seed as published; who is drawn is invited."""
    return act_page_of(
        number,
        "draw_panel",
        DrawForm(),
        lambda f: draw_panel(viewer(), number, f.seed.data or "", f.seen),
        tab="evaluation",
        then=f"/cases/{number}/evaluation/draw",
        confirm=Text(
            "추첨 결과는 추첨값과 명부만으로 정해지며 되돌릴 수 없습니다. 추첨된 위원에게 바로 위촉을 요청합니다.",
            "The result follows from seed and pool alone and cannot be undone. Who is drawn is invited at once.",
        ),
    )


def _inside(number: str) -> list[panel.DrawPage]:
    page = open_case(number)
    if not page.standing.inside:
        raise NotFound
    return panel.draws_of(page.case)


@blueprint.get("/cases/<number>/evaluation/draw")
@on_case()
def draws(number: str) -> str:
    """Every frozen pool and its draw, drawn again on the spot, with the algorithm in words."""
    found = _inside(number)
    return render_template("committee/draw.html", page=open_case(number), draws=found, algorithm=ALGORITHM)


@blueprint.get("/cases/<number>/evaluation/draw.json")
@on_case()
def draws_as_json(number: str) -> FlaskResponse:
    """The same as data: enough to draw again without this software. People by number."""
    return jsonify(
        [
            {
                "algorithm": ALGORITHM,
                "pool": one.pool.entries,
                "left_out": one.pool.left_out,
                "seats": one.pool.seats,
                "most_per_institution": one.pool.most_per_institution,
                "sha256": one.pool.sha256,
                "frozen_at": one.pool.frozen_at.isoformat(),
                "seed_source": one.pool.seed_source,
                "seed_on": one.pool.seed_on.isoformat(),
                "seed": one.draw.seed if one.draw else None,
                "drawn": one.draw.drawn if one.draw else None,
                "holds": one.holds,
            }
            for one in _inside(number)
        ]
    )
