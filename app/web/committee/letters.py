"""The decision letter: read it, check it before it goes out, confirm that it was received, take it as PDF."""

import re

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from app import clock
from app.authz import on_case, viewer
from app.documents.letter import LETTER_WORDS, OUTCOME_WORDS, LetterData, letter_pdf
from app.documents.paper import undrawn_in
from app.errors import NotFound
from app.files import content_disposition
from app.i18n import lang, t
from app.models import Letter
from app.queries import letters
from app.queries.case_page import CasePage
from app.services.preview_letter import preview_letter
from app.services.receive_letter import receive_letter
from app.web.act_pages import act_page
from app.web.committee import blueprint
from app.web.committee.forms import ActForm
from app.web.committee.pages import Answer, acts, carried_out, open_case

act_page("preview_letter", "committee.letter")


def _letter(number: str) -> tuple[CasePage, Letter | None, LetterData]:
    page = open_case(number)
    stored = letters.letter_of(page.case)
    if not letters.may_read_letter(page.case, page.standing, stored):
        raise NotFound
    if stored is not None and stored.content:
        return page, stored, letters.from_content(stored.content)
    if not page.standing.inside or page.case.state != "DECIDED":
        raise NotFound
    on = clock.day_of(max(page.case.announce_at or clock.now(), clock.now()))
    blank = t("확인할 때 부여", "given when checked")
    return page, None, letters.compose(page.case, on, blank, blank)


@blueprint.get("/cases/<number>/letter")
@on_case()
def letter(number: str) -> str:
    """The letter as a page: the same words as the PDF."""
    page, stored, data = _letter(number)
    return _page(page, stored, data, ActForm(revision=str(page.case.seq)))


def _page(page: CasePage, stored: Letter | None, data: LetterData, form: ActForm) -> str:
    return render_template(
        "letters/letter.html",
        page=page,
        stored=stored,
        letter=data,
        words=LETTER_WORDS,
        outcome=OUTCOME_WORDS[data.outcome],
        form=form,
        offers=acts(page, "preview_letter"),
        undrawn="" if stored is not None and stored.served_at else undrawn_in(data),
        may_confirm=page.standing.applicant and stored is not None and stored.opened_at is None,
    )


@blueprint.get("/cases/<number>/letter.pdf")
@on_case()
def letter_as_pdf(number: str) -> FlaskResponse:
    """The letter as PDF/UA in the reader's language."""
    _, stored, data = _letter(number)
    if stored is None:
        raise NotFound
    chosen = "en" if lang() == "en" else "ko"
    response = FlaskResponse(letter_pdf(data, chosen), mimetype="application/pdf")
    name = re.sub(r"[^A-Za-z0-9-]", "-", stored.number)
    response.headers["Content-Disposition"] = content_disposition(f"{name}-{chosen}.pdf")
    return response


@blueprint.post("/cases/<number>/letter")
@on_case()
def check_letter(number: str) -> Answer:
    """An officer has read it."""
    form = ActForm()
    if form.validate_on_submit() and carried_out(form, lambda: preview_letter(viewer(), number, form.seen)):
        flash(("통지서를 확인하였습니다.", "The letter is checked."), "success")
        return redirect(f"/cases/{number}/letter", 303)
    page, stored, data = _letter(number)
    return _page(page, stored, data, form), 422


@blueprint.post("/cases/<number>/letter/received")
@on_case()
def received(number: str) -> Response:
    """The applicant confirms receipt."""
    if ActForm().validate_on_submit():
        receive_letter(viewer(), number)
        flash(("수령을 확인하였습니다.", "Receipt is confirmed."), "success")
    return redirect(f"/cases/{number}/letter", 303)
