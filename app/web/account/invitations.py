"""The page behind the link of an invitation."""

from typing import Any

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.authz import public, signed_in, viewer
from app.errors import Invalid, NotFound
from app.queries.accounts import ALL_PROGRAMMES, MEMBER_WORDS, ROLE_WORDS, invitation_by_secret
from app.services import accept_invitation
from app.web.account import blueprint
from app.web.account.entrance import address, browser, enter
from app.web.account.entry import Page, form_page
from app.web.account.forms import InvitedForm, blame, only_token


def _dead() -> tuple[str, int]:
    return render_template("account/link_dead.html", matter="invitation"), 404


def _words(found: Any) -> dict[str, Any]:
    role = MEMBER_WORDS.get(found.member_role) or ROLE_WORDS[found.role]
    return {"role": role, "all_programmes": ALL_PROGRAMMES}


@blueprint.route("/invitations/<secret>", methods=["GET", "POST"])
@public()
def invitation(secret: str) -> Page:
    """What one is invited to. A new person makes the account here (POST); others accept signed in."""
    form = InvitedForm()
    try:
        found = invitation_by_secret(secret)
        if g.viewer is None and not found.has_account and form.validate_on_submit():
            names = (form.name_ko.data, form.name_en.data)
            made = accept_invitation.accept_as_new(
                secret, *names, form.password.data, form.locale.data, browser(), address()
            )
            return enter(made.token, _next(found))
    except NotFound:
        return _dead()
    except Invalid as fault:
        blame(form, fault)
    return form_page("account/invitation.html", form, invitation=found, secret=secret, **_words(found))


@blueprint.post("/invitations/<secret>/accept")
@signed_in()
def accept(secret: str) -> Response | tuple[str, int]:
    """Accept as the signed-in person."""
    only_token()
    try:
        found = invitation_by_secret(secret)
        accept_invitation.accept(viewer(), secret)
    except NotFound:
        return _dead()
    return redirect(_next(found) or url_for("account.account"), 303)


def _next(found: Any) -> str | None:
    if found.member_role and found.organisation_id:
        return url_for("account.organisation", organisation_id=found.organisation_id)
    return None
