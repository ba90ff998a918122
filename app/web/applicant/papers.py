"""The papers of a case: the proposal as submitted, its versions beside each other, and its files."""

from flask import Response as FlaskResponse
from flask import render_template, request
from werkzeug.wsgi import wrap_file

from app.authz import on_case, viewer
from app.errors import NotFound
from app.files import NotStored, content_disposition
from app.i18n import lang
from app.queries.attachments import file_for
from app.queries.case_page import case_page
from app.queries.cases import case_for
from app.queries.differences import differences
from app.queries.proposal import versions_of
from app.services.attach import store
from app.web.applicant import blueprint
from workflows.form_schema import load_form
from workflows.text import Text

REASONS = {
    "submit": Text("최초 제출", "First submission"),
    "supplement": Text("보완", "Supplement"),
    "revision": Text("수정본", "Revision"),
}


@blueprint.get("/cases/<number>/proposal")
@on_case("version")
def proposal(number: str) -> str:
    """The proposal as it was submitted last, or in the version asked for."""
    page = case_page(viewer(), case_for(viewer(), number))
    if not page.standing.papers or page.case.received_at is None:
        raise NotFound
    versions = versions_of(page.case)
    return render_template(
        "applicant/proposal.html",
        page=page, versions=versions, version=_one(versions, request.args.get("version")), reasons=REASONS,
        form=load_form(page.case.definition_id, page.case.form_version),
    )  # fmt: skip


@blueprint.get("/cases/<number>/versions")
@on_case("from", "to")
def versions(number: str) -> str:
    """Two versions compared field by field: the last two, or those asked for."""
    page = case_page(viewer(), case_for(viewer(), number))
    if not page.standing.papers or page.case.received_at is None:
        raise NotFound
    found = versions_of(page.case)
    new = _one(found, request.args.get("to"))
    old = _one(found, request.args.get("from") or str(new.number - 1 if new and new.number > 1 else 1))
    form = load_form(page.case.definition_id, page.case.form_version)
    changed = differences(form, old, new, lang()) if old and new and old is not new else []
    return render_template(
        "applicant/versions.html", page=page, versions=found, old=old, new=new, changed=changed, reasons=REASONS
    )


def _one(versions: list, asked: str | None):  # type: ignore[no-untyped-def, type-arg]
    """The version of that number, or the last one; None where nothing was submitted in this house."""
    if asked is None:
        return versions[-1] if versions else None
    for version in versions:
        if str(version.number) == asked:
            return version
    if not versions:
        return None
    raise NotFound


@blueprint.get("/cases/<number>/files/<int:attachment>")
@on_case()
def file(number: str, attachment: int) -> FlaskResponse:
    """A file, always as a download that can run nothing."""
    found = file_for(viewer(), number, attachment)
    try:
        content = store().open(found.sha256)
    except NotStored:
        raise NotFound from None
    response = FlaskResponse(
        wrap_file(request.environ, content), content_type=found.media_type, direct_passthrough=True
    )
    response.content_length = found.size
    response.headers["Content-Disposition"] = content_disposition(found.name)
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
