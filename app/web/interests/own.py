"""What a person keeps of himself: his ties, that the list is complete, and what he declared. For others: administrators."""

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from app.authz import roles, signed_in, viewer
from app.queries import accounts, interest_history
from app.queries.ties import stated_on, ties_of
from app.services.affiliations import add_tie, state_complete, withdraw_tie
from app.web.account.forms import only_token
from app.web.committee.pages import carried_out
from app.web.interests import blueprint
from app.web.interests.forms import TieForm
from workflows.interest_checks import KINDS

ADDED = ("등록하였습니다.", "Entered.")
GONE = ("목록에서 제외하였습니다.", "Removed from the list.")
PERSON = "/admin/people/<int(max=9007199254740991):user_id>/ties"


def _add(form: TieForm, person: int) -> bool:
    return form.validate_on_submit() and carried_out(
        form,
        lambda: add_tie(
            viewer(),
            person,
            form.organisation.data or "",
            form.kind.data or "",
            form.register_number.data or "",
            form.since.data,
            form.until.data,
        ),
    )


@blueprint.get("/account/interests")
@signed_in()
def own() -> Response | str | tuple[str, int]:
    """Ties, whether the list is complete, and one's declarations on cases one may know of."""
    return _own(TieForm(formdata=None))


def _own(form: TieForm) -> str | tuple[str, int]:
    who = viewer()
    page = render_template(
        "interests/own.html",
        form=form,
        ties=ties_of(who.id),
        stated=stated_on(who.id),
        said=interest_history.own(who),
        kinds=KINDS,
        capacities=interest_history.CAPACITIES,
    )
    return (page, 422) if form.errors else page


@blueprint.post("/account/interests")
@signed_in()
def add_own() -> Response | str | tuple[str, int]:
    """Enter a tie of one's own."""
    form = TieForm()
    if _add(form, viewer().id):
        return _back("/account/interests", ADDED)
    return _own(form)


@blueprint.post("/account/interests/complete")
@signed_in()
def complete() -> Response:
    """Say that the list is complete."""
    only_token()
    state_complete(viewer())
    return _back(
        "/account/interests", ("목록이 전부임을 확인하셨습니다.", "You have stated that the list is complete.")
    )


@blueprint.post("/account/interests/<int(max=9007199254740991):tie_id>/withdraw")
@signed_in()
def withdraw_own(tie_id: int) -> Response:
    """Take a tie of one's own off the list."""
    only_token()
    withdraw_tie(viewer(), viewer().id, tie_id)
    return _back("/account/interests", GONE)


@blueprint.get(PERSON)
@roles("admin")
def of_person(user_id: int) -> Response | str | tuple[str, int]:
    """The ties of a person, as an administrator keeps them."""
    return _of(user_id, TieForm(formdata=None))


def _of(user_id: int, form: TieForm) -> str | tuple[str, int]:
    page = render_template(
        "interests/of_person.html",
        form=form,
        person=accounts.person(viewer(), user_id),
        ties=ties_of(user_id),
        stated=stated_on(user_id),
        kinds=KINDS,
    )
    return (page, 422) if form.errors else page


@blueprint.post(PERSON)
@roles("admin")
def add_for(user_id: int) -> Response | str | tuple[str, int]:
    """Enter a tie of a person."""
    form = TieForm()
    if _add(form, user_id):
        return _back(f"/admin/people/{user_id}/ties", ADDED)
    return _of(user_id, form)


@blueprint.post(f"{PERSON}/<int(max=9007199254740991):tie_id>/withdraw")
@roles("admin")
def withdraw_for(user_id: int, tie_id: int) -> Response:
    """Take a tie of a person off the list."""
    only_token()
    withdraw_tie(viewer(), user_id, tie_id)
    return _back(f"/admin/people/{user_id}/ties", GONE)


def _back(path: str, said: tuple[str, str]) -> Response:
    flash(said, "success")
    return redirect(path, 303)
