"""What the pages of this face share: opening a case, carrying an act out, saying why not."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.authz import viewer
from app.errors import Invalid, NotFound, Stale
from app.i18n import tr
from app.queries.case_page import CasePage, case_page
from app.queries.cases import case_for
from app.web.cases.routes import Action, actions
from app.web.committee.forms import ActForm
from workflows.engine import Refused
from workflows.text import Reason, Text, because

Answer = Response | str | tuple[str, int]


def open_case(number: str, *roles: str) -> CasePage:
    """The page of a case for who may read its papers (and, where roles are named, holds one of them on it)."""
    who = viewer()
    page = case_page(who, case_for(who, number))
    if page.case.state == "DRAFT" or not page.standing.papers:
        raise NotFound
    if roles and not page.standing.roles & set(roles):
        raise NotFound
    return page


def acts(page: CasePage, *triggers: str) -> list[Action]:
    """What this viewer may do here of `triggers`, and what not and why."""
    return actions([offer for offer in page.offers if offer.trigger in triggers], page.case.number)


def refused(page: CasePage, trigger: str) -> Reason | None:
    """Why the act is blocked before anything is typed. Raises NotFound when it is never this viewer's."""
    known = [t for t in page.definition.transitions if t.trigger == trigger]
    if not known or not page.standing.roles & set(known[0].who):
        raise NotFound
    offer = next((one for one in page.offers if one.trigger == trigger), None)
    if offer is not None:
        return offer.reason
    label = page.state.label
    return because(
        "not_from_this_state",
        f"‘{label.ko}’ 단계에서는 처리할 수 없습니다.",
        f"This cannot be done while the case is “{label.en}”.",
    )


def carried_out(form: Any, step: Callable[[], object]) -> bool:
    """Run a service; what it refuses stands on the form, and what was typed is kept."""
    try:
        step()
    except Refused as no:
        form.form_errors.append(tr(no.reason.text))
        return False
    except Invalid as wrong:
        blame(form, wrong)
        return False
    except Stale as old:
        raise Stale(yours=typed(form), theirs=old.theirs) from old
    return True


def typed(form: Any) -> dict[str, Any]:
    """What was written, by label, for the page that shows it beside the newer state."""
    kinds = ("TextAreaField", "StringField", "IntegerField", "RadioField")
    return {str(field.label.text): str(field.data) for field in form if field.type in kinds and field.data}


def blame(form: Any, wrong: Invalid) -> None:
    """Put the error beside its field, or above the form where there is none of that name."""
    parts = wrong.field.split("-")
    found: Any = form._fields.get(wrong.field) or form._fields.get(parts[0])
    if found is not None and len(parts) == 3 and found.type == "FieldList":
        entry = found.entries[int(parts[1])] if int(parts[1]) < len(found.entries) else None
        found = entry.form._fields.get(parts[2]) if entry else None
    if found is None:
        form.form_errors.append(tr(wrong.text))
    else:
        found.errors = [*found.errors, tr(wrong.text)]


def act_page_of(
    number: str,
    trigger: str,
    form: ActForm,
    step: Callable[[ActForm], object],
    *,
    tab: str,
    intro: Text | None = None,
    confirm: Text | None = None,
    prepare: Callable[[CasePage], None] | None = None,
    then: str | None = None,
    template: str = "committee/act.html",
    **more: Any,
) -> Answer:
    """One act on one page: says what it will do, asks what it needs, does it, goes back to its tab."""
    page = open_case(number)
    blocked = refused(page, trigger)
    if prepare is not None:
        prepare(page)
    transition = next(t for t in page.definition.transitions if t.trigger == trigger)
    if request.method == "GET":
        if "revision" in form:  # acts that may run beside each other carry none
            form.revision.data = str(page.case.seq)
    elif blocked is not None:
        raise Refused(blocked)
    elif form.validate_on_submit() and carried_out(form, lambda: step(form)):
        label = transition.label
        flash((f"처리하였습니다: {label.ko}", f"Done: {label.en}"), "success")
        return redirect(then or f"/cases/{number}/{tab}", 303)
    status = 422 if form.errors else 200
    return (
        render_template(
            template,
            page=page,
            tab=tab,
            transition=transition,
            form=form,
            blocked=blocked,
            intro=intro,
            confirm=confirm,
            back=f"/cases/{number}/{tab}",
            **more,
        ),
        status,
    )
