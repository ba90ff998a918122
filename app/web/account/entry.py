"""Sign in, sign out, sign up, confirm the address."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.authz import public, signed_in, viewer
from app.errors import Invalid, NotFound
from app.services import one_time
from app.services.confirm_address import confirm_address
from app.services.sign_in import sign_in as sign_in_with
from app.services.sign_out import sign_out as end_session
from app.services.sign_up import sign_up as open_account
from app.web.account import blueprint
from app.web.account.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from app.web.account.entrance import address, browser, enter, is_familiar, leave, own_path
from app.web.account.factor import ask_code
from app.web.account.forms import ConfirmForm, SignInForm, SignUpForm, blame, only_token

Page = str | Response | tuple[str, int]


def form_page(template: str, form: Any, **more: Any) -> Page:
    """The form, as 422 where it was sent and refused."""
    page = render_template(template, form=form, **more)
    return (page, 422) if form.errors else page


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public("next")
def sign_in() -> Page:
    """Sign in and go on to the page that asked for it."""
    if g.viewer is not None:
        return redirect(own_path(request.args.get("next")) or url_for("account.account"), 303)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            email = form.email.data
            found = sign_in_with(email, form.password.data, browser(), address(), is_familiar(email))
            return ask_code(found.token) if found.awaits_code else enter(found.token)
        except Invalid as fault:
            blame(form, fault)
    return form_page("account/sign_in.html", form, demo_accounts=DEMO_ACCOUNTS, demo_password=DEMO_PASSWORD)


@blueprint.post("/sign-out")
@signed_in()
def sign_out() -> Response:
    """End the session on the server."""
    only_token()
    end_session(viewer())
    leave()
    return redirect("/", 303)


@blueprint.route("/sign-up", methods=["GET", "POST"])
@public()
def sign_up() -> Page:
    """Open an account. The answer is the same whether the address is known or not."""
    form = SignUpForm()
    if form.validate_on_submit():
        try:
            names = (form.name_ko.data, form.name_en.data)
            open_account(form.email.data, form.password.data, *names, form.locale.data, address())
            return redirect(url_for("account.sign_up_sent"), 303)
        except Invalid as fault:
            blame(form, fault)
    return form_page("account/sign_up.html", form)


@blueprint.get("/sign-up/sent")
@public()
def sign_up_sent() -> str:
    """Look into your mail."""
    return render_template("account/sent.html", matter="sign_up")


@blueprint.route("/confirm/<secret>", methods=["GET", "POST"])
@public()
def confirm(secret: str) -> Page:
    """The link from the mail: the password finishes the sign-up and signs in."""
    form = ConfirmForm()
    try:
        one_time.owner(secret, one_time.CONFIRM, clock.now())
        if form.validate_on_submit():
            found = confirm_address(secret, form.password.data, browser(), address())
            return enter(found.token, url_for("account.new_organisation"))
    except NotFound:
        return render_template("account/link_dead.html", matter="confirm"), 404
    except Invalid as fault:
        blame(form, fault)
    return form_page("account/confirm.html", form)
