"""The sitting as it goes: what every screen asks again and again, and the projector's view of it."""

from flask import Response as FlaskResponse
from flask import jsonify, make_response, render_template, request

from app.authz import on_case, roles, viewer
from app.base import fingerprint
from app.i18n import lang
from app.queries import sittings
from app.queries.live import pulse_of
from app.web.committee import blueprint
from app.web.committee.pages import open_case
from app.web.committee.room import OUTCOMES, room_of


@blueprint.get("/sittings/<int:number>/live")
@roles(*sittings.READERS)
def live(number: int) -> FlaskResponse:
    """The moving part of the sitting's page; 304 while nothing has changed for this viewer."""
    return _part(number, "committee/_live.html")


@blueprint.get("/sittings/<int:number>/screen/live")
@roles(*sittings.READERS)
def screen_live(number: int) -> FlaskResponse:
    """The moving part of the projector's view."""
    return _part(number, "committee/_screen.html")


@blueprint.get("/sittings/<int:number>/screen")
@roles(*sittings.READERS)
def screen(number: int) -> str:
    """The projector's view: large, and nothing in it that is anyone's own."""
    who = viewer()
    return render_template(
        "committee/screen.html", room=room_of(who, sittings.sitting_for(who, number)), outcomes=OUTCOMES
    )


@blueprint.get("/cases/<number>/ballot/state")
@on_case()
def ballot_state(number: str) -> FlaskResponse:
    """Whether this member's vote of the running round is in: what a screen asks that lost its connection."""
    page = open_case(number, "member")
    mine = sittings.own_ballot(viewer(), sittings.item_of(page.case))
    response = jsonify(recorded=mine is not None)
    response.headers["Cache-Control"] = "no-store"
    return response


def _part(number: int, template: str) -> FlaskResponse:
    who = viewer()
    sitting = sittings.sitting_for(who, number)
    mark = fingerprint([pulse_of(who, sitting).mark, template, lang(), who.id])[:32]
    if mark in request.if_none_match:
        response = make_response("", 304)
    else:
        response = make_response(render_template(template, room=room_of(who, sitting), outcomes=OUTCOMES))
    response.set_etag(mark)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response
