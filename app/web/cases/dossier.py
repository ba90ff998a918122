"""The dossier of a decided case: what is in it, how it is checked, and the file itself, sent as it is made."""

from flask import Response, render_template
from wtforms import BooleanField

from app.authz import on_case, viewer
from app.errors import NotFound
from app.files import content_disposition
from app.i18n import Label
from app.queries.case_page import CasePage, case_page
from app.queries.cases import case_for
from app.queries.roots import covered, signing_keys
from app.services.export_dossier import export_dossier, may_export
from app.web.base_form import HouseForm
from app.web.cases import blueprint


class DossierForm(HouseForm):
    """Whether the documents of the application go in."""

    documents = BooleanField(Label("신청서 첨부서류도 담기", "Put the documents of the application in as well"))


def _page(number: str) -> CasePage:
    who = viewer()
    page = case_page(who, case_for(who, number))
    if not may_export(page.case, page.standing):
        raise NotFound
    return page


@blueprint.get("/cases/<number>/dossier")
@on_case()
def dossier(number: str) -> str:
    """What the dossier holds, and a button."""
    page = _page(number)
    return _shown(page, DossierForm())


def _shown(page: CasePage, form: DossierForm) -> str:
    under = covered(f"case:{page.case.number}")
    return render_template("cases/dossier.html", page=page, form=form, keys=signing_keys(), under=under)


@blueprint.post("/cases/<number>/dossier")
@on_case()
def download_dossier(number: str) -> Response | tuple[str, int]:
    """The file. Its length is known before its first byte, so that browsers show how far it has come."""
    page, form = _page(number), DossierForm()
    if not form.validate_on_submit():
        return _shown(page, form), 422
    made = export_dossier(viewer(), number, bool(form.documents.data))
    response = Response(made.pieces(), mimetype="application/zip")
    response.headers["Content-Length"] = str(made.size)
    response.headers["Content-Disposition"] = content_disposition(made.name)
    return response
