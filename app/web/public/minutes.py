"""Published minutes: the list, and each as far as it is public today."""

from flask import Response as FlaskResponse
from flask import render_template

from app.authz import public
from app.documents.minutes import minutes_paper
from app.queries.minutes import content_of, published, published_minutes, shown_to_public
from app.web.papers import download
from app.web.public import blueprint


@blueprint.get("/minutes")
@public()
def minutes_list() -> str:
    """Every sitting whose minutes are published, the latest first."""
    return render_template("public/minutes_list.html", rows=published())


@blueprint.get("/minutes/<int:number>")
@public()
def minutes_page(number: int) -> str:
    """The minutes of a sitting, part by part as ruled."""
    state = published_minutes(number)
    content = content_of(state)
    return render_template(
        "public/minutes.html", state=state, paper=minutes_paper(content, shown_to_public(state, content))
    )


@blueprint.get("/minutes/<int:number>.<kind>")
@public()
def minutes_download(number: int, kind: str) -> FlaskResponse:
    """The same as PDF or HWPX."""
    state = published_minutes(number)
    content = content_of(state)
    return download(minutes_paper(content, shown_to_public(state, content)), kind)
