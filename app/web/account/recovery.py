"""A forgotten password."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import clock
from app.authz import public
from app.errors import Invalid, NotFound
from app.services import one_time
from app.services.reset_password import ask_for_reset, reset_password
from app.web.account import blueprint
from app.web.account.entrance import address, leave
from app.web.account.entry import Page, form_page
from app.web.account.forms import AskResetForm, ResetForm, blame


@blueprint.route("/reset", methods=["GET", "POST"])
@public()
def ask_reset() -> Page:
    """Ask for a link. The answer is the same whether the address is known or not."""
    form = AskResetForm()
    if form.validate_on_submit():
        ask_for_reset(form.email.data, address())
        return redirect(url_for("account.reset_sent"), 303)
    return form_page("account/ask_reset.html", form)


@blueprint.get("/reset/sent")
@public()
def reset_sent() -> str:
    """Look into your mail."""
    return render_template("account/sent.html", matter="reset")


@blueprint.route("/reset/<secret>", methods=["GET", "POST"])
@public()
def reset(secret: str) -> Page | Response:
    """The link from the mail: a new password, then sign in with it."""
    form = ResetForm()
    try:
        one_time.owner(secret, one_time.RESET, clock.now())
        if form.validate_on_submit():
            reset_password(secret, form.password.data)
            leave()
            done = (
                "비밀번호를 바꾸었습니다. 새 비밀번호로 로그인하십시오.",
                "Password changed. Sign in with it.",
            )
            flash(done, "success")
            return redirect(url_for("account.sign_in"), 303)
    except NotFound:
        return render_template("account/link_dead.html", matter="reset"), 404
    except Invalid as fault:
        blame(form, fault)
    return form_page("account/reset.html", form)
