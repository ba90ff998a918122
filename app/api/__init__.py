"""/api/v1: the same services and queries as the pages, in JSON. Errors are application/problem+json."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from app import clock
from app.api.openapi import DOCUMENT
from app.authz import on_case, public, viewer
from app.errors import Invalid, NotFound
from app.extensions import csrf
from app.queries import public as open_queries
from app.queries.case_page import case_page
from app.queries.cases import case_for
from workflows import rules
from workflows.text import Text

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def both(text: Text) -> dict[str, str]:
    """Words in both languages."""
    return {"ko": text.ko, "en": text.en}


@blueprint.get("/openapi.json")
@public()
def openapi() -> Response:
    """What this interface offers."""
    return jsonify(DOCUMENT)


@blueprint.get("/projects")
@public("year", "country", "type", "after")
def projects() -> Response:
    """Supported projects, a page at a time: `next` is the number to ask on from."""
    year = request.args.get("year", "0")
    if not year.isdigit() or len(year) > 4:
        raise Invalid("year", Text("연도는 네 자리 숫자로 적어 주십시오.", "The year has four digits."))
    asked = open_queries.Asked(int(year), request.args.get("country", ""), request.args.get("type", ""))
    page = open_queries.projects(asked, request.args.get("after", "")[:24], "")
    return jsonify(items=[_project(row) for row in page.rows], next=page.older)


def _project(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "year": row.year,
        "type": row.definition_id,
        "title": {"ko": row.title_ko, "en": row.title_en},
        "country": row.country,
        "city": row.city,
        "amount_krw": row.awarded_krw,
        "source": row.source,
    }


@blueprint.post("/rules/<name>")
@csrf.exempt
@public()
def rule(name: str) -> Response:
    """A rule of law: the same pure function the application decides with. Stores nothing."""
    if name not in rules.NAMES:
        raise NotFound
    try:
        given = request.get_data(cache=False).decode("utf-8")
        return make_response(jsonify(rules.run_rule(name, rules.parse(given))))
    except UnicodeDecodeError:
        raise Invalid("input", Text("UTF-8이 아닙니다.", "This is not UTF-8.")) from None
    except rules.BadInput as fault:
        raise Invalid(fault.field, fault.text) from None


@blueprint.get("/cases/<number>")
@on_case()
def case(number: str) -> Response:
    """A case as its viewer sees it: state, whose turn, what may be done and what not and why."""
    who = viewer()
    page = case_page(who, case_for(who, number))
    if not page.standing.papers:
        raise NotFound
    found = page.case
    return jsonify(
        number=found.number,
        definition={"id": found.definition_id, "version": found.definition_version},
        state=page.shown_state,
        label=both(page.state.label.text),
        turn=both(page.turn_sentence()),
        since=clock.seoul(found.turn_since).isoformat(),
        title={"ko": found.title_ko, "en": found.title_en},
        received_at=clock.seoul(found.received_at).isoformat() if found.received_at else None,
        revision=found.seq,
        actions=[
            {
                "trigger": offer.trigger,
                "label": both(offer.label),
                "allowed": offer.allowed,
                "reason": both(offer.reason.text) if offer.reason else None,
            }
            for offer in page.offers
        ],
    )
