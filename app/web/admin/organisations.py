"""Organisations of every kind; ministries, missions and the secretariat are made here only."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authz import roles, viewer
from app.countries import name_of
from app.errors import Invalid
from app.queries import accounts
from app.services.create_organisation import create_organisation
from app.web.account.entry import Page, form_page
from app.web.account.forms import blame
from app.web.admin import blueprint
from app.web.admin.forms import AnyOrganisationForm
from app.web.admin.home import place, words_asked


@blueprint.get("/admin/organisations")
@roles("admin", query=("q", "kind", "before"))
def organisations() -> str:
    """Organisations, searched and paged."""
    words, kind = words_asked(), request.args.get("kind", "")
    rows, older = accounts.organisations(viewer(), words, kind, place())
    kept = {"q": words or None, "kind": kind or None}
    return render_template(
        "admin/organisations.html",
        rows=rows,
        kinds=accounts.KIND_WORDS,
        country_of=name_of,
        words=words,
        kind=kind,
        older_url=url_for("admin.organisations", before=older, **kept) if older else None,
        first_url=url_for("admin.organisations", **kept) if request.args.get("before") else None,
    )


@blueprint.route("/admin/organisations/new", methods=["GET", "POST"])
@roles("admin")
def new_organisation() -> Page | Response:
    """Make an organisation; its people are invited on its page."""
    form = AnyOrganisationForm()
    if form.validate_on_submit():
        try:
            values = {k: v for k, v in form.data.items() if k not in ("csrf_token", "once")}
            once = (form.once.data or "")[:40]
            made = create_organisation(viewer(), **values, once=once, as_administrator=True)
            flash(("기관을 등록하였습니다.", "The organisation is registered."), "success")
            return redirect(url_for("account.organisation", organisation_id=made), 303)
        except Invalid as fault:
            blame(form, fault)
    return form_page("admin/new_organisation.html", form)
