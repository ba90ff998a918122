"""My proposals: the list, a new draft, and the overview of one."""

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app import clock
from app.authz import on_case, signed_in, viewer
from app.errors import Invalid, NotAllowed, NotFound
from app.extensions import db
from app.i18n import Label, tr
from app.intake.applicants import misfit
from app.models import Case, Cycle, Organisation
from app.models.case import NO_DEADLINE
from app.queries.applications import applicants_of, editable_sections, my_cases, own_case, role_of, submitted_as
from app.queries.cycles import cycle_name, target_cycle
from app.queries.outside import draft_seen_whole
from app.services.start_draft import start_draft
from app.web.applicant import blueprint
from app.web.applicant.guide import CHECKED, OpenCycle, check_form_for, judged, open_now
from app.web.base_form import HouseForm
from workflows import schema
from workflows.text import Text


def my_case(number: str) -> Case:
    """The applicant's own case.

    Raises:
        NotFound: to everybody else.
    """
    return own_case(viewer(), number)


@blueprint.get("/applications")
@signed_in()
def applications() -> str:
    """The cases of my organisations: those that wait for us first."""
    lines = my_cases(viewer())
    return render_template("applicant/list.html", lines=lines, today=clock.today(), never=NO_DEADLINE)


@blueprint.route("/applications/new/<definition_id>", methods=["GET", "POST"])
@signed_in()
def new(definition_id: str) -> Response | str | tuple[str, int]:
    """A new draft: for whom, and the self-check if it was not done before."""
    found = open_now().get(definition_id)
    if found is None:
        raise NotFound
    applicants = applicants_of(viewer())
    fitting = [o for o in applicants if misfit(definition_id, o.kind, o.country) is None]
    earlier = session.get(CHECKED, {}).get(definition_id)
    given = _new_form(found, fitting, bool(earlier))
    why_not: list[Text] = []
    if fitting and given.validate_on_submit():
        answers, why_not = (earlier, []) if earlier else judged(found.form, given)
        number = _started(found, given, answers, why_not)
        if number:
            flash(("초안을 만들었습니다.", "The draft was created."), "success")
            return redirect(url_for("applicant.overview", number=number), 303)
    refused = misfit(definition_id, applicants[0].kind, applicants[0].country) if applicants and not fitting else None
    page = render_template(
        "applicant/new.html", found=found, form=given, why_not=why_not, fitting=fitting,
        applicants=applicants, refused=refused, earlier=earlier,
    )  # fmt: skip
    return (page, 422) if request.method == "POST" else page


def _new_form(found: OpenCycle, fitting: list[Organisation], checked: bool) -> HouseForm:
    choices = [
        SelectChoice(str(o.id), tr({"ko": o.name_ko or o.name_en, "en": o.name_en or o.name_ko})) for o in fitting
    ]
    members = {"organisation": SelectField(Label("신청기관", "Applicant"), choices=choices)}
    base = HouseForm if checked else type(check_form_for(found.form))
    form: HouseForm = type("NewDraftForm", (base,), members)()
    return form


def _started(found: OpenCycle, given: HouseForm, answers: dict[str, str], why_not: list[Text]) -> str | None:
    if why_not or len(answers) < len(found.form.eligibility):
        return None
    try:
        return start_draft(
            viewer(), found.definition.id, int(given["organisation"].data), answers, str(given["once"].data)
        )
    except NotAllowed as refusal:
        given["organisation"].errors = [refusal.text]
    except Invalid as fault:
        given["organisation"].errors = [fault.text]
    return None


@blueprint.get("/applications/<number>")
@on_case()
def overview(number: str) -> Response | str:
    """One draft: its sections and how far they are, what is missing, what comes next."""
    who = viewer()
    try:
        case = my_case(number)
    except NotFound:
        became = submitted_as(who, number)
        if became is None:
            raise
        return redirect(url_for("applicant.receipt", number=became))
    editable = editable_sections(case)
    if not editable:
        return redirect(f"/cases/{case.number}" if case.state != "WITHDRAWN" or case.received_at else "/applications")
    draft = draft_seen_whole(case)
    definition = schema.load(case.definition_id, case.definition_version)
    cycle = target_cycle(case.definition_id, clock.now()) if case.seq == 0 else db.session.get(Cycle, case.cycle_id)
    return render_template(
        "applicant/overview.html",
        case=case,
        draft=draft,
        editable=editable,
        definition=definition,
        cycle=cycle,
        cycle_name=cycle_name(cycle) if cycle else None,
        role=role_of(who, case),
    )
