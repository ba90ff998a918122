"""People, their roles and sessions; invitations to roles."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authz import roles, viewer
from app.errors import Invalid
from app.queries import accounts
from app.queries.programmes import programmes
from app.services import disable_account, grant_role
from app.services.invite import invite_to_role
from app.web.account.browsers import browser_words
from app.web.account.entry import Page, form_page
from app.web.account.forms import blame, only_token
from app.web.admin import blueprint
from app.web.admin.forms import GrantForm, InviteRoleForm
from app.web.admin.home import place, words_asked
from app.web.proof import proven

PERSON = "/admin/people/<int:user_id>"


def _back(user_id: int, ko: str, en: str) -> Response:
    flash((ko, en), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.get("/admin/people")
@roles("admin", query=("q", "role", "before"))
def people() -> str:
    """Accounts, searched and paged."""
    who = viewer()
    words, role = words_asked(), request.args.get("role", "")
    rows, older = accounts.people(who, words, role, place())
    kept = {"q": words or None, "role": role or None}
    return render_template(
        "admin/people.html",
        rows=rows,
        roles_of=accounts.roles_of([row.id for row in rows]),
        role_words=accounts.ROLE_WORDS,
        words=words,
        role=role,
        older_url=url_for("admin.people", before=older, **kept) if older else None,
        first_url=url_for("admin.people", **kept) if request.args.get("before") else None,
    )


def _person(user_id: int, form: GrantForm) -> Page:
    who = viewer()
    found = accounts.person(who, user_id)
    return form_page(
        "admin/person.html",
        form,
        person=found,
        grants=accounts.grants_of(who, user_id),
        memberships=accounts.memberships_of(who, user_id),
        sessions=[(row, browser_words(row.browser)) for row in accounts.sessions_of(who, user_id)],
        role_words=accounts.ROLE_WORDS,
        member_words=accounts.MEMBER_WORDS,
        programme_words={p.key: {"ko": p.name_ko, "en": p.name_en} for p in programmes(who)},
        all_programmes=accounts.ALL_PROGRAMMES,
    )


def _grant_form(**kw: None) -> GrantForm:
    who = viewer()
    return GrantForm(**kw).offer(programmes(who), list(accounts.opinion_bodies(who)))


@blueprint.get(PERSON)
@roles("admin")
def person(user_id: int) -> Page:
    """One account with its roles, organisations and sessions."""
    return _person(user_id, _grant_form(formdata=None))


@blueprint.post(f"{PERSON}/roles")
@roles("admin")
@proven
def give_role(user_id: int) -> Page | Response:
    """Give a role."""
    form = _grant_form()
    if form.validate_on_submit():
        try:
            programme = form.programme.data or None
            grant_role.grant_role(viewer(), user_id, form.role.data, programme, form.organisation_id)
            return _back(user_id, "역할을 정하였습니다.", "The role is given.")
        except Invalid as fault:
            blame(form, fault)
    return _person(user_id, form)


@blueprint.post(f"{PERSON}/roles/<int:grant_id>/end")
@roles("admin")
@proven
def end_role(user_id: int, grant_id: int) -> Response:
    """End a role."""
    only_token()
    grant_role.end_grant(viewer(), grant_id)
    return _back(user_id, "역할을 끝냈습니다.", "The role has ended.")


@blueprint.post(f"{PERSON}/disable")
@roles("admin")
@proven
def disable(user_id: int) -> Response:
    """Close the account."""
    only_token()
    disable_account.disable_account(viewer(), user_id)
    return _back(user_id, "계정을 정지하였습니다.", "The account is disabled.")


@blueprint.post(f"{PERSON}/enable")
@roles("admin")
def enable(user_id: int) -> Response:
    """Open the account again."""
    only_token()
    disable_account.enable_account(viewer(), user_id)
    return _back(user_id, "계정을 다시 열었습니다.", "The account is enabled.")


@blueprint.post(f"{PERSON}/sessions/end")
@roles("admin")
def end_sessions(user_id: int) -> Response:
    """Sign the person out everywhere."""
    only_token()
    disable_account.end_sessions_of(viewer(), user_id)
    return _back(user_id, "모든 로그인을 끝냈습니다.", "All sessions are ended.")


@blueprint.route("/admin/invitations", methods=["GET", "POST"])
@roles("admin")
@proven
def invitations() -> Page | Response:
    """Open invitations to roles, and a new one."""
    who = viewer()
    form = InviteRoleForm().offer(programmes(who), list(accounts.opinion_bodies(who)))
    if form.validate_on_submit():
        try:
            where = (form.programme.data or None, form.organisation_id)
            invite_to_role(who, form.email.data, form.role.data, *where, form.mail_language.data)
            flash(("초대하였습니다.", "The invitation is on its way."), "success")
            return redirect(url_for("admin.invitations"), 303)
        except Invalid as fault:
            blame(form, fault)
    return form_page(
        "admin/invitations.html",
        form,
        invitations=accounts.open_invitations(None),
        role_words=accounts.ROLE_WORDS,
        all_programmes=accounts.ALL_PROGRAMMES,
        programme_words={p.key: {"ko": p.name_ko, "en": p.name_en} for p in programmes(who)},
    )
