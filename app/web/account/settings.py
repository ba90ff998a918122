"""One's own account: name, language, password, the browsers signed in."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.authz import signed_in, viewer
from app.errors import Invalid
from app.queries.accounts import KIND_WORDS, MEMBER_WORDS, own_organisations, own_sessions
from app.services import sessions
from app.services.account_settings import change_settings
from app.services.change_password import change_password
from app.web.account import blueprint
from app.web.account.browsers import browser_words
from app.web.account.entrance import leave
from app.web.account.entry import Page
from app.web.account.forms import PasswordForm, SettingsForm, blame, only_token


def _page(settings: SettingsForm | None = None, password: PasswordForm | None = None) -> Page:
    who = viewer()
    own = {"name_ko": who.name_ko, "name_en": who.name_en, "locale": who.locale}
    page = render_template(
        "account/account.html",
        settings=settings or SettingsForm(formdata=None, data=own),
        password=password or PasswordForm(formdata=None),
        sessions=[(row, browser_words(row.browser)) for row in own_sessions(who)],
        organisations=own_organisations(who),
        kinds=KIND_WORDS,
        member_words=MEMBER_WORDS,
    )
    return (page, 422) if settings or password else page


@blueprint.get("/account")
@signed_in()
def account() -> Page:
    """The account."""
    return _page()


@blueprint.post("/account")
@signed_in()
def save_settings() -> Page | Response:
    """Store name and language."""
    form = SettingsForm()
    if form.validate_on_submit():
        try:
            change_settings(viewer(), form.name_ko.data, form.name_en.data, form.locale.data)
            flash(("저장하였습니다.", "Saved."), "success")
            return redirect(url_for("account.account"), 303)
        except Invalid as fault:
            blame(form, fault)
    return _page(settings=form)


@blueprint.post("/account/password")
@signed_in()
def save_password() -> Page | Response:
    """Change the password; all other browsers are signed out."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            change_password(viewer(), form.old.data, form.new.data)
            done = (
                "비밀번호를 바꾸고 다른 기기의 로그인을 끝냈습니다.",
                "Password changed; others are signed out.",
            )
            flash(done, "success")
            return redirect(url_for("account.account"), 303)
        except Invalid as fault:
            blame(form, fault)
    return _page(password=form)


@blueprint.post("/account/sessions/<int:session_id>/end")
@signed_in()
def end_session(session_id: int) -> Response:
    """Sign one browser out."""
    only_token()
    sessions.end_own(viewer(), session_id)
    flash(("로그인을 끝냈습니다.", "Signed out there."), "success")
    return redirect(url_for("account.account"), 303)


@blueprint.post("/account/sessions/end-all")
@signed_in()
def end_all_sessions() -> Response:
    """Sign out everywhere, here too."""
    only_token()
    sessions.sign_out_everywhere(viewer())
    leave()
    flash(("모든 기기에서 로그아웃하였습니다.", "You are signed out everywhere."), "success")
    return redirect(url_for("account.sign_in"), 303)
