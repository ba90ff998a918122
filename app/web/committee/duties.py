"""An evaluator's or member's own duty before everything else: declare interests before the file opens."""

from typing import Any

from flask import flash, redirect, render_template

from app import clock
from app.authz import on_case, viewer
from app.errors import NotFound
from app.queries.case_page import case_page
from app.queries.cases import case_for
from app.queries.facts import CaseFacts
from app.queries.interests import own_evidence, rules_for
from app.services.declare_interest import TRIGGERS, declare
from app.web.act_pages import act_page
from app.web.committee import blueprint
from app.web.committee.pages import Answer, carried_out
from app.web.interests.forms import DeclareForm

act_page("declare_evaluation", "committee.declare_interests")
act_page("declare_sitting", "committee.declare_interests")


@blueprint.route("/cases/<number>/declare", methods=["GET", "POST"])
@on_case()
def declare_interests(number: str) -> Answer:
    """Three states: none, conflict, and nothing said yet. The papers open only after "none"."""
    who = viewer()
    page = case_page(who, case_for(who, number))
    capacity = _capacity(page)
    if capacity == "evaluator" and CaseFacts(page.case, who)["my_duty"] == "invited":
        return redirect(f"/cases/{number}/duty")
    rules = rules_for(page.case, clock.today())
    form = DeclareForm().offer(rules.grounds)
    if form.validate_on_submit() and carried_out(
        form,
        lambda: declare(
            who,
            number,
            capacity,
            form.answer.data,
            form.ground.data or "",
            form.once.data or "",
            form.grounds.data or (),
        ),
    ):
        if form.answer.data == "conflict":
            flash(("이해충돌을 신고하였습니다. 이 사건의 자료는 더 이상 보이지 않습니다.",
                   "Your conflict is on record. Nothing of this case is shown to you any more."), "success")  # fmt: skip
            return redirect("/duties", 303)
        flash(("이해충돌이 없음을 신고하였습니다.", "You have declared that you have no conflict."), "success")
        return redirect(_after(number, capacity), 303)
    status = 422 if form.errors else 200
    checks = own_evidence(page.case, who.id, capacity)
    shown = {"page": page, "form": form, "capacity": capacity, "rules": rules, "checks": checks}
    return render_template("committee/declare.html", **shown), status


def _capacity(page: Any) -> str:
    """In which capacity this person declares now: the one that keeps the file shut, else one held already."""
    able = [c for c in ("evaluator", "member") if page.definition.find(page.case.state, TRIGGERS[c])]
    held = [c for c in able if c in page.standing.roles]
    if page.standing.undeclared in held:
        return str(page.standing.undeclared)
    if not held:
        raise NotFound
    return held[0]


def _after(number: str, capacity: str) -> str:
    return f"/cases/{number}/evaluation" if capacity == "evaluator" else f"/cases/{number}/committee"
