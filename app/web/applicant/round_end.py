"""The end of a cycle: carry one case to the next, or all that the system proposes, together."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app import clock
from app.authz import on_case, roles, standing_on, viewer
from app.errors import NotFound
from app.extensions import db
from app.models import Cycle
from app.queries.cases import case_for
from app.queries.cycles import cycle_name, last_day, next_cycle
from app.queries.facts import CaseFacts
from app.services.roll_over import due_for_roll_over, roll_over_all
from app.services.roll_over import roll_over as do_roll_over
from app.web.applicant import blueprint
from app.web.applicant.submission import ActForm
from app.web.base_form import HouseForm
from workflows import engine, schema, words

Answer = Response | str | tuple[str, int]


@blueprint.route("/cases/<number>/roll-over", methods=["GET", "POST"])
@on_case()
def roll_over(number: str) -> Answer:
    """Carry one case to the next cycle; names both cycles before it does."""
    who = viewer()
    case = case_for(who, number)
    standing = standing_on(who, case)
    transition = schema.load(case.definition_id, case.definition_version).find(case.state, "roll_over")
    if transition is None or not standing.roles & set(transition.who):
        raise NotFound
    blocked = engine.refusal(transition, CaseFacts(case, who), standing.actor(who), asking=True)
    form = ActForm()
    if request.method == "GET":
        form.revision.data = str(case.seq)
    if blocked is None and form.validate_on_submit():
        do_roll_over(who, number, form.seen)
        flash(("다음 회차로 이월하였습니다.", "It was carried to the next cycle."), "success")
        return redirect(f"/cases/{number}", 303)
    here = db.session.get_one(Cycle, case.cycle_id)
    following = next_cycle(here)
    return render_template(
        "applicant/roll_over.html", case=case, form=form, blocked=blocked, here=cycle_name(here),
        following=cycle_name(following) if following else None,
    )  # fmt: skip


@blueprint.route("/desk/cycles/<int:cycle_id>/roll-over", methods=["GET", "POST"])
@roles("officer")
def roll_over_round(cycle_id: int) -> Answer:
    """What the system proposes to carry at the end of a cycle; the officer confirms those he ticks."""
    who = viewer()
    here = db.session.get(Cycle, cycle_id)
    if here is None:
        raise NotFound
    proposed = due_for_roll_over(who, here)
    following = next_cycle(here)
    form = RoundForm()
    if form.validate_on_submit():
        known = {case.number for case in proposed}
        count = roll_over_all(who, [n for n in request.form.getlist("case") if n in known])
        flash(
            (f"{count}건을 이월하였습니다.", f"Carried to the next cycle: {words.count_of(count, '', 'case').en}."),
            "success",
        )
        return redirect(request.path, 303)
    return render_template(
        "applicant/roll_over_round.html", cases=proposed, form=form, here=cycle_name(here),
        following=cycle_name(following) if following else None, cycle=here, last_day=last_day(here),
        ended=clock.today() > last_day(here),
    )  # fmt: skip


class RoundForm(HouseForm):
    """The cases are ticked in the table."""

    def knows(self, name: str) -> bool:
        """`case`: one ticked row each."""
        return name == "case" or super().knows(name)
