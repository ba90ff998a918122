"""The first page of administration, and the mails about accounts."""

from flask import render_template, request, url_for

from app.authz import roles, viewer
from app.errors import NotFound
from app.queries.accounts import account_mails, overview
from app.web.admin import blueprint


def place(name: str = "before") -> int | None:
    """Where a page of a list begins.

    Raises:
        NotFound: no number.
    """
    value = request.args.get(name)
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise NotFound
    return int(value)


def words_asked(name: str = "q") -> str:
    """What is looked for."""
    return (request.args.get(name) or "").strip()[:100]


@blueprint.get("/admin")
@roles("admin")
def home() -> str:
    """What there is to administer."""
    return render_template("admin/home.html", counts=overview(viewer()))


@blueprint.get("/admin/mails")
@roles("admin", query=("before",))
def mails() -> str:
    """Mails about accounts, with what became of them."""
    rows, older = account_mails(viewer(), place())
    older_url = url_for("admin.mails", before=older) if older else None
    return render_template("admin/mails.html", rows=rows, older_url=older_url)
