"""The front page, and the short pages on what this is and how accessible it is."""

from flask import render_template

from app import clock
from app.authz import public
from app.queries import public as query
from app.web.public import blueprint
from app.web.public.shown import dots

LATEST = 6


@blueprint.get("/")
@public()
def home() -> str:
    """What can be applied for now, how a decision comes about, where to go, what was decided last."""
    return render_template(
        "public/home.html",
        calls=query.calls(clock.now()),
        tally=query.tally(),
        dots=dots(query.places(query.Asked())),
        latest=query.latest(LATEST),
        today=clock.today(),
    )


@blueprint.get("/about")
@public()
def about() -> str:
    """What this is, what of it is real and what is a sample."""
    return render_template("public/about.html")


@blueprint.get("/accessibility")
@public()
def accessibility() -> str:
    """What was done for accessibility, how it is checked and what is known to be missing."""
    return render_template("public/accessibility.html")
