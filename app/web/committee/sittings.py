"""Sittings: the list, the room as everybody follows it, and the clerk's acts around it."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from app import clock
from app.authz import roles, viewer
from app.errors import NotFound
from app.i18n import Label, tr
from app.models import Sitting
from app.queries import sittings
from app.queries.agenda import proposed_order
from app.queries.attendance import head_count
from app.services.call_roll import arrive, call_roll, end_sitting, leave
from app.services.plan_sitting import Form, change_sitting, plan_sitting
from app.services.send_agenda import send_agenda
from app.services.table_case import move_up
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from app.web.committee.forms import AgendaForm, DoorForm, SittingForm, choices, proxies_in, roll_form
from app.web.committee.pages import Answer, carried_out
from app.web.committee.room import OUTCOMES, room_of
from workflows.committee_rules import REASONS, rule_of
from workflows.committee_words import meaning
from workflows.text import Text

PROGRAMME = "kcity"


@blueprint.get("/sittings")
@roles(*sittings.READERS)
def sitting_list() -> str:
    """Every sitting of this person's programmes, the latest first."""
    who = viewer()
    return render_template(
        "committee/sittings.html", rows=sittings.sittings_of(who), may_plan=who.has("clerk"), now=clock.now()
    )


@blueprint.get("/sittings/<int:number>")
@roles(*sittings.READERS)
def sitting(number: int) -> str:
    """The room: now, next, who is in, and what this person does."""
    return _room_page(number, AgendaForm())


def _room_page(number: int, form: AgendaForm) -> str:
    who = viewer()
    found = sittings.sitting_for(who, number)
    ordering = who.has("clerk", found.programme) and found.ended_at is None
    return render_template(
        "committee/sitting.html",
        room=room_of(who, found),
        agenda=form,
        outcomes=OUTCOMES,
        order=proposed_order(found) if ordering else None,
    )


@blueprint.route("/sittings/new", methods=["GET", "POST"])
@roles("clerk")
def new_sitting() -> Answer:
    """Plan a sitting."""
    form = _sitting_form(PROGRAMME)
    made: list[int] = []
    if form.validate_on_submit() and carried_out(
        form,
        lambda: made.append(
            plan_sitting(
                viewer(), PROGRAMME, _utc(form.starts_at.data), form.place.data or "", form.chair.data, _form_of(form)
            )
        ),
    ):
        flash(("회의를 잡았습니다.", "The sitting is planned."), "success")
        return redirect(f"/sittings/{made[0]}", 303)
    return render_template("committee/sitting_form.html", form=form, sitting=None), 422 if form.errors else 200


@blueprint.route("/sittings/<int:number>/edit", methods=["GET", "POST"])
@roles("clerk")
def edit_sitting(number: int) -> Answer:
    """Move a sitting or hand the chair over."""
    who = viewer()
    found = sittings.sitting_for(who, number, only="clerk")
    form = _sitting_form(found.programme, found)
    if form.validate_on_submit() and carried_out(
        form,
        lambda: change_sitting(
            who, number, _utc(form.starts_at.data), form.place.data or "", form.chair.data, _form_of(form)
        ),
    ):
        flash(("회의를 변경하였습니다.", "The sitting is changed."), "success")
        return redirect(f"/sittings/{number}", 303)
    return render_template("committee/sitting_form.html", form=form, sitting=found), 422 if form.errors else 200


def _sitting_form(programme: str, found: Sitting | None = None) -> SittingForm:
    stored = None
    if found is not None:
        when = clock.seoul(found.starts_at).replace(tzinfo=None)
        until = clock.seoul(found.closes_at).replace(tzinfo=None) if found.closes_at else None
        stored = {
            "starts_at": when, "place": found.place, "chair": found.chair_id, "form": found.form, "closes_at": until,
            "reason_code": found.reason_code or "", "reason": found.reason,
        }  # fmt: skip
    form = SittingForm(data=stored)
    none = ("", Label("선택하십시오", "Choose"))
    form.reason_code.choices = choices(none, *((code, Label(*words)) for code, words in REASONS.items()))
    form.chair.choices = choices(*((p, tr(name)) for p, name in sittings.chairs_of(programme)))
    return form


def _form_of(form: SittingForm) -> Form:
    """What was typed about the form; of a meeting nothing but its kind."""
    if form.form.data != "written":
        return Form(form.form.data)
    until = _utc(form.closes_at.data) if form.closes_at.data else None
    return Form("written", form.reason_code.data or None, form.reason.data or "", until)


def _utc(wall: datetime) -> datetime:
    return clock.from_seoul(wall.isoformat())


@blueprint.post("/sittings/<int:number>/agenda")
@roles("clerk")
def agenda(number: int) -> Answer:
    """Send the agenda to every member."""
    who = viewer()
    form = AgendaForm()
    if form.validate_on_submit() and carried_out(
        form, lambda: send_agenda(who, number, form.urgency_reason.data or "")
    ):
        flash(("안건을 보냈습니다.", "The agenda is sent."), "success")
        return redirect(f"/sittings/{number}", 303)
    return _room_page(number, form), 422


@blueprint.route("/sittings/<int:number>/roll", methods=["GET", "POST"])
@roles("clerk")
def roll(number: int) -> Answer:
    """Call the roll."""
    who = viewer()
    found = sittings.sitting_for(who, number, only="clerk")
    members = sittings.members_of(found)
    named = [(m.user_id, m.name) for m in members]
    form = roll_form(named)
    if form.validate_on_submit() and carried_out(form, lambda: _call_roll(number, form, named)):
        flash(("출석을 확인하였습니다.", "The roll is called."), "success")
        return redirect(f"/sittings/{number}", 303)
    needed = head_count(found, 0).needed
    status = 422 if form.errors else 200
    return (
        render_template(
            "committee/roll.html",
            sitting=found,
            form=form,
            members=members,
            needed=needed,
            proxies=bool(proxies_in(form, named)),
            proxy_means=meaning("proxy", rule_of(found.rule)),
        ),
        status,
    )


def _call_roll(number: int, form: Any, members: list[tuple[int, Text]]) -> None:
    """Who is ticked is there, and so is by proxy whose proxy is named."""
    proxies = proxies_in(form, members)
    call_roll(viewer(), number, {*(form.present.data or ()), *proxies}, proxies)


@blueprint.post("/sittings/<int:number>/door")
@roles("clerk")
def door(number: int) -> Response:
    """A member comes or goes."""
    form = DoorForm()
    text = form.member.data or ""
    if not form.validate_on_submit() or not text.isdigit() or form.step.data not in ("arrive", "leave"):
        raise NotFound
    (arrive if form.step.data == "arrive" else leave)(viewer(), number, int(text))
    return redirect(f"/sittings/{number}#members", 303)


@blueprint.post("/sittings/<int:number>/items/<case_number>/up")
@roles("clerk")
def item_up(number: int, case_number: str) -> Response:
    """Put an item before the one above it."""
    if HouseForm().validate_on_submit():
        move_up(viewer(), number, case_number)
    return redirect(f"/sittings/{number}", 303)


@blueprint.post("/sittings/<int:number>/end")
@roles("clerk")
def end(number: int) -> Response:
    """Close the sitting."""
    if HouseForm().validate_on_submit():
        end_sitting(viewer(), number)
        flash(("회의를 마쳤습니다.", "The sitting is closed."), "success")
    return redirect(f"/sittings/{number}", 303)
