"""The register of interests of the committee: every declaration, finding, challenge and ruling, with its case."""

from flask import abort, render_template, request

from app.authz import roles, viewer
from app.queries import interest_history
from app.web.interests import blueprint


@blueprint.get("/sittings/interests")
@roles("clerk", "officer", "auditor", query=("page",))
def register() -> str:
    """Newest first, a page at a time."""
    text = request.args.get("page", "1")
    if not text.isdigit() or not 0 < int(text[:6]) < 100_000:
        abort(400)
    page = int(text)
    rows, more = interest_history.register(viewer(), page)
    return render_template(
        "interests/register.html", rows=rows, page=page, more=more, capacities=interest_history.CAPACITIES
    )
