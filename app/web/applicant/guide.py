"""The public guide: what can be applied for now, what is needed, and a self-check before anything is typed."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from app import clock
from app.authz import public
from app.errors import NotFound
from app.i18n import Label
from app.intake.forms import YES_NO
from app.models import Cycle
from app.queries.cycles import cycle_name, open_cycles
from app.web.applicant import blueprint
from app.web.base_form import HouseForm
from workflows import schema, words
from workflows.form_schema import FormDefinition, FormField, load_form
from workflows.schema import Definition
from workflows.text import Text

CHECKED = "eligibility"
"""Where the browser's session keeps the answers of a self-check that was passed, by type."""


@dataclass(frozen=True, slots=True)
class OpenCycle:
    """What can be applied for now."""

    cycle: Cycle
    definition: Definition
    form: FormDefinition

    @property
    def name(self) -> Text:
        """Type and fiscal year."""
        return cycle_name(self.cycle)

    @property
    def files(self) -> list[FormField]:
        """The papers asked for."""
        return [field for field in self.form.fields if field.kind == "files"]

    @property
    def decided(self) -> Text | None:
        """The month in which the decision is expected."""
        if not self.cycle.decision_month:
            return None
        year, month = map(int, self.cycle.decision_month.split("-"))
        return Text(f"{year}년 {month}월", f"{words.MONTHS[month - 1]} {year}")

    def sample(self, name: str) -> bool:
        """Whether a figure of the cycle is a sample and not taken from a publication."""
        return name in self.cycle.settings.get("samples", [])

    @property
    def samples(self) -> bool:
        """Whether any figure shown is a sample."""
        return any(self.sample(name) for name in ("opens", "closes", "cut_off", "cap_krw"))


def open_now() -> dict[str, OpenCycle]:
    """type -> the cycle that a proposal submitted now would be in."""
    found = {}
    for cycle in open_cycles(clock.now()):
        definition = schema.newest(cycle.definition_id)
        form = load_form(cycle.definition_id, cycle.form_version)
        found[cycle.definition_id] = OpenCycle(cycle, definition, form)
    return found


def check_form_for(form: FormDefinition) -> HouseForm:
    """The self-check as a form: one question a field, nothing preselected."""
    members: dict[str, Any] = {
        question.key: RadioField(
            Label(*question.question), choices=[SelectChoice(*c) for c in YES_NO], validate_choice=False
        )
        for question in form.eligibility
    }
    return type("EligibilityForm", (HouseForm,), members)()


def judged(form: FormDefinition, given: HouseForm) -> tuple[dict[str, str], list[Text]]:
    """The answers, and why not; an open question is marked on the form."""
    answers: dict[str, str] = {}
    why_not = []
    for question in form.eligibility:
        answer = given[question.key].data
        if answer not in ("yes", "no"):
            given[question.key].errors = [Text("답을 선택해 주십시오.", "Please answer this.")]
            continue
        answers[question.key] = answer
        if answer != question.ok:
            why_not.append(question.why_not)
    return answers, why_not


@blueprint.get("/guide")
@public()
def guide() -> str:
    """What can be applied for now."""
    types = {d.id: d for d in schema.all_published() if d.programme == "kcity"}
    return render_template("applicant/guide.html", open=open_now(), types=types)


@blueprint.route("/guide/<definition_id>", methods=["GET", "POST"])
@public()
def self_check(definition_id: str) -> Response | str | tuple[str, int]:
    """The self-check of one type; nothing is stored but in this browser's session."""
    found = open_now().get(definition_id)
    if found is None:
        raise NotFound
    given = check_form_for(found.form)
    why_not: list[Text] = []
    passed = False
    if given.validate_on_submit():
        answers, why_not = judged(found.form, given)
        complete = len(answers) == len(found.form.eligibility)
        passed = complete and not why_not
        if passed:
            session[CHECKED] = {**session.get(CHECKED, {}), definition_id: answers}
            return redirect(url_for("applicant.self_check_passed", definition_id=definition_id), 303)
    page = render_template("applicant/self_check.html", found=found, form=given, why_not=why_not)
    return (page, 422) if request.method == "POST" else page


@blueprint.get("/guide/<definition_id>/passed")
@public()
def self_check_passed(definition_id: str) -> Response | str:
    """By one's own answers the proposal is eligible: what comes next."""
    found = open_now().get(definition_id)
    if found is None:
        raise NotFound
    if definition_id not in session.get(CHECKED, {}):
        return redirect(url_for("applicant.self_check", definition_id=definition_id))
    return render_template("applicant/self_check_passed.html", found=found)
