"""The second factor: asked for at sign-in, set up and taken away on one's account."""

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app import totp
from app.authz import public, signed_in, viewer
from app.errors import Invalid, NotFound
from app.queries.safety import codes_left, has_factor, must_have_factor
from app.services import second_factor
from app.web.account import blueprint
from app.web.account.entrance import enter, own_path
from app.web.account.forms import CodeForm, blame, only_token
from app.web.proof import proven

PENDING, KNOWN = "pending", "factor"
Page = str | Response | tuple[str, int]


def ask_code(token: str) -> Response:
    """The password was right: keep the session that waits, and ask for the code."""
    session[PENDING] = token
    onward = own_path(request.args.get("next"))
    return redirect(url_for("account.sign_in_code", **({"next": onward} if onward else {})), 303)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public("next")
def sign_in_code() -> Page:
    """The code opens the session. Without a session that waits, back to the password."""
    token = session.get(PENDING)
    if not token:
        return redirect(url_for("account.sign_in"), 303)
    form = CodeForm()
    if form.validate_on_submit():
        try:
            second_factor.finish_sign_in(token, form.code.data or "")
            return enter(token)
        except NotFound:
            session.pop(PENDING, None)
            return redirect(url_for("account.sign_in"), 303)
        except Invalid as fault:
            blame(form, fault)
    page = render_template("account/code.html", form=form)
    return (page, 422) if form.errors else page


def _page(form: CodeForm | None = None, codes: list[str] | None = None) -> Page:
    who = viewer()
    on = has_factor(who.id)
    key = None if on else second_factor.waiting_key(who)
    page = render_template(
        "account/factor.html",
        form=form or CodeForm(formdata=None),
        on=on,
        key=totp.as_text(key) if key else None,
        address=totp.address(key, who.email) if key else None,
        codes=codes,
        left=codes_left(who.id) if on else 0,
        needed=must_have_factor(who),
    )
    return (page, 422) if form is not None and form.errors else page


@blueprint.get("/account/second-factor")
@signed_in()
def factor() -> Page:
    """Whether there is one, and how to set it up."""
    return _page()


@blueprint.post("/account/second-factor/begin")
@signed_in()
@proven
def begin_factor() -> Response:
    """Draw a key for the authenticator."""
    only_token()
    second_factor.begin_setup(viewer())
    return redirect(url_for("account.factor"), 303)


@blueprint.post("/account/second-factor")
@signed_in()
def confirm_factor() -> Page:
    """The first code makes it count; the recovery codes are shown once."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = second_factor.confirm_setup(viewer(), form.code.data or "")
            session.pop(KNOWN, None)
            return _page(codes=codes)
        except Invalid as fault:
            blame(form, fault)
    return _page(form)


@blueprint.post("/account/second-factor/codes")
@signed_in()
@proven
def renew_codes() -> Page:
    """New recovery codes, shown once."""
    only_token()
    return _page(codes=second_factor.renew_codes(viewer()))


@blueprint.post("/account/second-factor/remove")
@signed_in()
@proven
def remove_factor() -> Response:
    """Turn it off."""
    only_token()
    second_factor.remove_factor(viewer())
    session.pop(KNOWN, None)
    flash(("2단계 인증을 해제하였습니다.", "Two-step verification is turned off."), "success")
    return redirect(url_for("account.factor"), 303)


@blueprint.before_app_request
def insist() -> Response | None:
    """Whose role asks for a second factor sets it up before anything else."""
    if not current_app.config["SECOND_FACTOR_ROLES"] or g.get("viewer") is None or session.get(KNOWN):
        return None
    if request.endpoint is None or request.endpoint == "static" or request.endpoint.startswith("account."):
        return None
    if not must_have_factor(g.viewer):
        return None
    if has_factor(g.viewer.id):
        session[KNOWN] = True
        return None
    if request.path.startswith("/api/"):
        raise NotFound
    return redirect(url_for("account.factor"), 303)
