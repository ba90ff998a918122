"""The procedures as they are carried out: diagram, acts with ground and who, deadlines. From the definitions."""

from functools import cache

from flask import render_template

from app.authz import public
from app.errors import NotFound
from app.i18n import lang
from app.web.public import blueprint
from workflows import diagram, schema


@cache
def drawing(definition_id: str, language: str) -> str:
    """The diagram of the newest version; drawn once."""
    return diagram.diagram(schema.newest(definition_id), language)


@blueprint.get("/workflows")
@public()
def workflows() -> str:
    """Every procedure of this installation."""
    ids = dict.fromkeys(name for name, _ in schema.locked())
    return render_template("public/workflows.html", definitions=[schema.newest(name) for name in ids])


@blueprint.get("/workflows/<definition_id>")
@public()
def workflow(definition_id: str) -> str:
    """One procedure: what leads where, who may do it, on which ground, within which time."""
    try:
        definition = schema.newest(definition_id)
    except LookupError:
        raise NotFound from None
    return render_template(
        "public/workflow.html",
        definition=definition,
        drawing=drawing(definition.id, lang()),
        moves=[t for t in definition.transitions if t.to],
        acts=[t for t in definition.transitions if not t.to],
        sha=schema.locked()[definition.key],
    )
