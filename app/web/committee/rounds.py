"""A round: the ranking of its closed cases, and the announcement of all that is decided, together."""

from flask import flash, redirect, render_template

from app import clock
from app.authz import on_case, roles, viewer
from app.errors import NotFound
from app.extensions import db
from app.models import Cycle, Programme
from app.queries import decisions, evaluation, rounds
from app.queries.cases import case_for
from app.services.announce import announce_round
from app.services.set_announcement import set_announcement
from app.web.act_pages import act_page
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from app.web.committee.forms import AnnouncementForm
from app.web.committee.pages import Answer, carried_out
from workflows import schema

INSIDE = ("officer", "clerk", "minister", "auditor")
act_page("set_announcement", "committee.announcement_of_case")
act_page("announce", "committee.announcement_of_case")


def cycle_for(cycle_id: int) -> Cycle:
    """A cycle of one of this viewer's programmes. Raises NotFound."""
    found = db.session.get(Cycle, cycle_id)
    key = found and db.session.get_one(Programme, found.programme_id).key
    if found is None or not any(viewer().has(role, key) for role in INSIDE):
        raise NotFound
    return found


@blueprint.get("/rounds/<int:cycle_id>")
@roles(*INSIDE)
def round_ranking(cycle_id: int) -> str:
    """All closed cases of the cycle by the frozen rule, ties shown and never broken."""
    return round_page(cycle_id)


def round_page(cycle_id: int, form: HouseForm | None = None) -> str:
    """The page of a round's ranking; with `form` the office is about to freeze it. Raises NotFound."""
    cycle = cycle_for(cycle_id)
    return render_template(
        "committee/round.html",
        cycle=cycle,
        label=schema.newest(cycle.definition_id).label.text,
        found=rounds.ranking_of_round(cycle),
        placings=rounds.placings_of(cycle),
        shown=evaluation.shown,
        form=form,
        officer=viewer().has("officer"),
    )


@blueprint.get("/cases/<number>/announcement")
@on_case()
def announcement_of_case(number: str) -> Answer:
    """The announcement is the round's."""
    return redirect(f"/rounds/{case_for(viewer(), number).cycle_id}/announcement")


@blueprint.get("/rounds/<int:cycle_id>/announcement")
@roles(*INSIDE)
def announcement(cycle_id: int) -> Answer:
    """What waits, whose letter is checked, and when all of it goes out."""
    return _page(cycle_id, AnnouncementForm())


@blueprint.post("/rounds/<int:cycle_id>/announcement")
@roles("officer")
def fix_announcement(cycle_id: int) -> Answer:
    """Set the time for all decided cases of the cycle."""
    cycle_for(cycle_id)
    form = AnnouncementForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: set_announcement(viewer(), cycle_id, clock.from_seoul(form.announce_at.data.isoformat())),
    ):
        flash(("발표 시각을 정하였습니다.", "The time of announcement is set."), "success")
        return redirect(f"/rounds/{cycle_id}/announcement", 303)
    return _page(cycle_id, form), 422


@blueprint.post("/rounds/<int:cycle_id>/announce")
@roles("officer")
def announce_now(cycle_id: int) -> Answer:
    """Announce what is due."""
    cycle_for(cycle_id)
    form = HouseForm()
    if form.validate_on_submit() and carried_out(form, lambda: announce_round(viewer(), cycle_id)):
        flash(("결과를 발표하였습니다.", "The results are announced."), "success")
        return redirect(f"/rounds/{cycle_id}/announcement", 303)
    return _page(cycle_id, AnnouncementForm(formdata=None), form), 422


def _page(cycle_id: int, form: AnnouncementForm, refused: HouseForm | None = None) -> str:
    cycle = cycle_for(cycle_id)
    return render_template(
        "committee/announcement.html",
        cycle=cycle,
        label=schema.newest(cycle.definition_id).label.text,
        waiting=decisions.waiting_of(cycle),
        last=decisions.announcement_of(cycle),
        form=form,
        refused=refused,
        now=clock.now(),
        officer=viewer().has("officer"),
    )
