"""Organisations and who acts for them."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.authz import signed_in, viewer
from app.countries import name_of
from app.errors import Invalid
from app.queries.accounts import (
    KIND_WORDS,
    MEMBER_WORDS,
    SIZE_WORDS,
    may_manage,
    members_of,
    open_invitations,
    organisation_for,
)
from app.services import members
from app.services.create_organisation import create_organisation
from app.services.invite import invite_member, revoke_invitation
from app.web.account import blueprint
from app.web.account.entry import Page, form_page
from app.web.account.forms import InviteMemberForm, MemberRoleForm, OrganisationForm, blame, only_token

PATH = "/organisations/<int:organisation_id>"


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@signed_in()
def new_organisation() -> Page:
    """Register the organisation one applies for."""
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            values = {k: v for k, v in form.data.items() if k not in ("csrf_token", "once")}
            made = create_organisation(viewer(), **values, once=(form.once.data or "")[:40])
            flash(("기관을 등록하였습니다.", "The organisation is registered."), "success")
            return redirect(url_for("account.organisation", organisation_id=made), 303)
        except Invalid as fault:
            blame(form, fault)
    return form_page("account/new_organisation.html", form, first=not viewer().memberships)


def _page(organisation_id: int, form: InviteMemberForm) -> Page:
    who = viewer()
    found = organisation_for(who, organisation_id)
    manage = may_manage(who, organisation_id)
    return form_page(
        "account/organisation.html",
        form,
        organisation=found,
        members=members_of(found),
        invitations=open_invitations(organisation_id) if manage else [],
        manage=manage,
        kind=KIND_WORDS[found.kind],
        size=SIZE_WORDS.get(found.size_class or ""),
        country=name_of(found.country),
        member_words=MEMBER_WORDS,
    )


@blueprint.get(PATH)
@signed_in()
def organisation(organisation_id: int) -> Page:
    """The organisation and its members."""
    return _page(organisation_id, InviteMemberForm(formdata=None))


@blueprint.post(f"{PATH}/invite")
@signed_in()
def invite(organisation_id: int) -> Page | Response:
    """Invite somebody to act for it."""
    form = InviteMemberForm()
    if form.validate_on_submit():
        try:
            invite_member(viewer(), organisation_id, form.email.data, form.role.data, form.mail_language.data)
            flash(("초대하였습니다.", "The invitation is on its way."), "success")
            return redirect(url_for("account.organisation", organisation_id=organisation_id), 303)
        except Invalid as fault:
            blame(form, fault)
    return _page(organisation_id, form)


@blueprint.post(f"{PATH}/members/<int:membership_id>/role")
@signed_in()
def member_role(organisation_id: int, membership_id: int) -> Response | tuple[str, int]:
    """Make a member signatory or delegate."""
    form = MemberRoleForm()
    if not form.validate_on_submit():
        return redirect(url_for("account.organisation", organisation_id=organisation_id), 303)
    members.change_member_role(viewer(), organisation_id, membership_id, form.role.data)
    flash(("역할을 바꾸었습니다.", "The role is changed."), "success")
    return redirect(url_for("account.organisation", organisation_id=organisation_id), 303)


@blueprint.post(f"{PATH}/members/<int:membership_id>/end")
@signed_in()
def end_membership(organisation_id: int, membership_id: int) -> Response:
    """Somebody acts for it no longer."""
    only_token()
    who = viewer()
    left = members.end_membership(who, organisation_id, membership_id)
    flash(("구성원에서 제외하였습니다.", "The membership has ended."), "success")
    if left == who.id:
        return redirect(url_for("account.account"), 303)
    return redirect(url_for("account.organisation", organisation_id=organisation_id), 303)


@blueprint.post("/invitations/<int:invitation_id>/revoke")
@signed_in()
def revoke(invitation_id: int) -> Response:
    """Take an invitation back."""
    only_token()
    organisation_id = revoke_invitation(viewer(), invitation_id)
    flash(("초대를 취소하였습니다.", "The invitation is withdrawn."), "success")
    if organisation_id is None:
        return redirect(url_for("admin.invitations"), 303)
    return redirect(url_for("account.organisation", organisation_id=organisation_id), 303)
