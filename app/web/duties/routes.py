"""One list of what waits for me, whatever my roles, and my notices."""

from flask import abort, redirect, render_template, request

from app.authz import signed_in, viewer
from app.queries.duties import waiting_for
from app.queries.inbox import inbox
from app.services.read_notice import read_all_notices, read_notice
from app.web.base_form import HouseForm
from app.web.desk.common import View
from app.web.duties import blueprint


@blueprint.get("/duties")
@signed_in()
def duties() -> View:
    """What is to be done, on which case, by when; what is due first on top."""
    rows = waiting_for(viewer())
    return render_template("duties/duties.html", rows=rows, late=sum(row.late for row in rows))


def _key(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if not text.isdigit() or len(text) > 18:
        abort(400)
    return int(text)


@blueprint.get("/notices")
@signed_in("after", "before")
def notices() -> View:
    """Newest first, unread ones marked."""
    page = inbox(viewer(), _key("after"), _key("before"))
    return render_template("duties/notices.html", page=page, form=HouseForm())


@blueprint.post("/notices/<int(max=9007199254740991):notice_id>/read")
@signed_in()
def read(notice_id: int) -> View:
    """Mark it as read and go where it leads."""
    if not HouseForm().validate_on_submit():
        abort(400)
    path = read_notice(viewer(), notice_id)
    return redirect(path if path.startswith("/") and not path.startswith("//") else "/notices", 303)


@blueprint.post("/notices/read")
@signed_in()
def read_all() -> View:
    """Mark all of them as read."""
    if not HouseForm().validate_on_submit():
        abort(400)
    read_all_notices(viewer())
    return redirect("/notices", 303)
