"""The case page, common to everybody who may know of the case, and the plain page of an act."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.authz import on_case, standing_on, viewer
from app.errors import NotFound
from app.i18n import Label, t
from app.queries.case_page import case_page, shown_state
from app.queries.cases import case_for
from app.queries.facts import CaseFacts
from app.services.act import act
from app.web.act_pages import BESIDE_ROWS, PAGES, UNLESS_IDLE, address
from app.web.base_form import HouseForm
from app.web.cases import blueprint
from workflows import engine, schema
from workflows.engine import Offer, Refused
from workflows.text import Reason, Text


@dataclass(frozen=True, slots=True)
class Action:
    """An offer with its address, as the page's macro takes it."""

    label: Text
    url: str
    kind: str
    reason: Reason | None


class PlainForm(HouseForm):
    """Confirm, with a reason where one is asked for."""

    revision = HiddenField()
    reason = TextAreaField(Label("사유", "Reason"), validators=[Length(max=2000)])


AT_THE_DESK = {"exclude", "clear_interest", "ask_anew"}
"""Acts on a person, not on the case: they are done on the tab of interests, where the person is chosen."""


def _kept(offer: Offer) -> bool:
    return offer.trigger not in AT_THE_DESK and (offer.trigger != "decide_challenge" or offer.allowed)


def actions(offers: list[Offer], number: str) -> list[Action]:
    """The offers as buttons; the first that moves the case is the primary one."""
    offers = _without_idle(offers, number)
    out = []
    offers = [offer for offer in offers if _kept(offer)]
    lead = next((o for o in offers if o.allowed and o.transition.to and not o.transition.escape), None)
    seen: set[str] = set()
    for offer in offers:
        page = address(offer.trigger, number)
        if page in seen:
            continue
        seen.add(page)
        ends = offer.transition.escape
        kind = "primary" if offer is lead else "danger" if ends else "secondary"
        out.append(Action(offer.label, address(offer.trigger, number), kind, offer.reason))
    return sorted(out, key=lambda a: ("primary", "secondary", "danger").index(a.kind))


def _without_idle(offers: list[Offer], number: str) -> list[Offer]:
    """Of the acts beside rows those that can be done now, one a page."""
    seen: set[str] = set()
    out = []
    for offer in offers:
        if offer.trigger in BESIDE_ROWS:
            continue
        if offer.trigger in UNLESS_IDLE:
            where = address(offer.trigger, number)
            if not offer.allowed or where in seen:
                continue
            seen.add(where)
        out.append(offer)
    return out


@blueprint.get("/cases/<number>")
@on_case()
def case(number: str) -> Response | str:
    """The case: whose turn, what I may do and what not and why, the spine of what happened."""
    who = viewer()
    found = case_for(who, number)
    if found.state == "DRAFT":
        return redirect(f"/applications/{number}")
    page = case_page(who, found)
    if page.standing.undeclared and not page.standing.papers:
        return render_template("cases/undeclared.html", page=page, actions=actions(list(page.offers), number))
    if not page.standing.papers:
        if "opinion_giver" in page.standing.roles:
            return redirect(f"/opinions/{number}")
        raise NotFound
    return render_template("cases/case.html", page=page, actions=actions(list(page.offers), number))


@blueprint.get("/cases/<number>/history")
@on_case()
def history(number: str) -> str:
    """Every event with its hash, for those who check."""
    who = viewer()
    page = case_page(who, case_for(who, number))
    if not page.standing.papers or page.case.state == "DRAFT":
        raise NotFound
    return render_template("cases/history.html", page=page)


@blueprint.get("/cases/<number>/diagram")
@on_case()
def drawing(number: str) -> str:
    """The state diagram, large."""
    who = viewer()
    page = case_page(who, case_for(who, number))
    if not page.standing.papers:
        raise NotFound
    return render_template("cases/diagram.html", page=page)


@blueprint.route("/cases/<number>/do/<trigger>", methods=["GET", "POST"])
@on_case()
def do(number: str, trigger: str) -> Response | str:
    """The plain page of an act: says what it will do, asks for a reason where one is due, does it."""
    who = viewer()
    found = case_for(who, number)
    definition = schema.load(found.definition_id, found.definition_version)
    standing = standing_on(who, found)
    transition = definition.find(found.state, trigger)
    if trigger in PAGES:
        return redirect(address(trigger, number))
    if transition is None or not standing.roles & set(transition.who):
        raise NotFound
    form = PlainForm(revision=str(found.seq))
    needs_reason = any(use.name in ("reason_given", "departure_reasoned") for use in transition.guards)
    blocked = engine.refusal(transition, CaseFacts(found, who), standing.actor(who), asking=True)
    if blocked is None and form.validate_on_submit():
        try:
            reason = (form.reason.data or "").strip()
            act(
                who,
                number,
                trigger,
                inputs={"in_reason": reason},
                revision=int(form.revision.data or -1) if request.form.get("revision", "").isdigit() else -1,
                data={"reason": reason} if reason else {},
            )
            flash((f"처리하였습니다: {transition.label.ko}", f"Done: {transition.label.en}"), "success")
            return redirect(url_for("cases.case", number=number), 303)
        except Refused as refused:
            form.reason.errors = [*form.reason.errors, t(*refused.reason.text)]
    return render_template(
        "cases/do.html",
        case=found,
        definition=definition,
        transition=transition,
        form=form,
        blocked=blocked,
        needs_reason=needs_reason,
        shown=shown_state(found, standing, definition),
    )
