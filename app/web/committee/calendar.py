"""Sittings in one's own calendar: a file for one sitting, and a secret address that keeps itself up to date."""

from hashlib import sha256

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.authz import public, roles, viewer
from app.documents.calendar import calendar_file
from app.files import content_disposition
from app.i18n import lang
from app.queries import calendar, sittings
from app.services.calendar_feed import new_feed, revoke_feed
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from workflows.text import Text


@blueprint.get("/sittings/<int:number>.ics")
@roles(*sittings.READERS)
def sitting_file(number: int) -> FlaskResponse:
    """One sitting as a calendar file, without its items: the file leaves the house."""
    found = sittings.sitting_for(viewer(), number)
    title = Text(f"제{number}차 위원회", f"Sitting no. {number}")
    return _file(calendar_file([calendar.entry_of(found)], title, lang()), f"sitting-{number}.ics")


@blueprint.get("/calendar")
@roles(*sittings.READERS)
def my_calendar() -> str:
    """What the feed is, and making or revoking it."""
    return render_template("committee/calendar.html", feed=calendar.feed_of(viewer()), address=None)


@blueprint.post("/calendar")
@roles(*sittings.READERS)
def make_feed() -> str:
    """A new address, shown this once."""
    who, form = viewer(), HouseForm()
    address = None
    if form.validate_on_submit():
        base = str(current_app.config["BASE_URL"]).rstrip("/")
        address = f"{base}/calendar/{new_feed(who, lang())}.ics"
    return render_template("committee/calendar.html", feed=calendar.feed_of(who), address=address)


@blueprint.post("/calendar/revoke")
@roles(*sittings.READERS)
def end_feed() -> Response:
    """The address stops working."""
    if HouseForm().validate_on_submit():
        revoke_feed(viewer())
        flash(("구독 주소를 해지하였습니다.", "The address does not work any more."), "success")
    return redirect("/calendar", 303)


@blueprint.get("/calendar/<secret>.ics")
@public()
def feed(secret: str) -> FlaskResponse:
    """The feed, as its owner may read today; a calendar program asks without a session."""
    who, chosen = calendar.owner_of(secret)
    entries = calendar.entries_for(who, calendar.programmes_of(who))
    body = calendar_file(entries, calendar.NAME, chosen)
    response = _file(body, "k-city.ics")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _file(body: bytes, name: str) -> FlaskResponse:
    response = FlaskResponse(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
