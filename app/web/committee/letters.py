"""The decision letter: read it, check it before it goes out, confirm that it was received, take it as PDF."""

import re

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from app import clock
from app.authz import on_case, viewer
from app.documents.letter import OUTCOME_WORDS, LetterData, letter_pdf, words_of
from app.documents.paper import undrawn_in
from app.errors import NotFound
from app.files import content_disposition
from app.i18n import lang, t
from app.letter_kinds import DECISION, KINDS, kind_of
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


def _letter(number: str, kind: str | None = None) -> tuple[CasePage, Letter | None, LetterData]:
    page = open_case(number)
    if kind is not None and kind not in KINDS:
        raise NotFound
    stored = letters.letter_of(page.case, kind)
    if not letters.may_read_letter(page.case, page.standing, stored):
        raise NotFound
    if stored is not None and stored.content:
        return page, stored, letters.from_content(stored.content)
    if kind not in (None, kind_of(page.case)):
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
        words=words_of(data),
        here=_address(page, stored),
        anew=page.case.hearing > 1,
        outcome=OUTCOME_WORDS[data.outcome],
        form=form,
        offers=acts(page, "preview_letter"),
        undrawn="" if stored is not None and stored.served_at else undrawn_in(data),
        objects=stored is not None and stored.kind == DECISION,
        may_confirm=page.standing.applicant and stored is not None and stored.opened_at is None,
    )


def _address(page: CasePage, stored: Letter | None) -> str:
    """Where this letter is read: that of the decision at hand has the short address."""
    base = f"/cases/{page.case.number}"
    if stored is None or stored.kind == kind_of(page.case):
        return f"{base}/letter"
    return f"{base}/letters/{stored.kind}"


@blueprint.get("/cases/<number>/letters")
@on_case()
def letter_list(number: str) -> str:
    """Every letter of the case, in the order of service."""
    page = open_case(number)
    if not (page.standing.inside or page.standing.applicant):
        raise NotFound
    rows = [
        (one, letters.from_content(one.content), _address(page, one))
        for one in letters.letters_of(page.case, page.standing)
        if one.content
    ]
    return render_template("letters/letters.html", page=page, rows=rows, outcomes=OUTCOME_WORDS)


@blueprint.get("/cases/<number>/letters/<kind>")
@on_case()
def one_letter(number: str, kind: str) -> str:
    """A letter of the case by its kind."""
    page, stored, data = _letter(number, kind)
    return _page(page, stored, data, ActForm(revision=str(page.case.seq)))


@blueprint.get("/cases/<number>/letters/<kind>.pdf")
@on_case()
def one_letter_as_pdf(number: str, kind: str) -> FlaskResponse:
    """A letter of the case by its kind, as PDF/UA in the reader's language."""
    return _pdf(number, kind)


@blueprint.post("/cases/<number>/letters/<kind>/received")
@on_case()
def one_received(number: str, kind: str) -> Response:
    """The applicant confirms receipt of a letter by its kind."""
    if ActForm().validate_on_submit():
        receive_letter(viewer(), number, kind)
        flash(("수령을 확인하였습니다.", "Receipt is confirmed."), "success")
    return redirect(f"/cases/{number}/letters/{kind}", 303)


@blueprint.get("/cases/<number>/letter.pdf")
@on_case()
def letter_as_pdf(number: str) -> FlaskResponse:
    """The letter as PDF/UA in the reader's language."""
    return _pdf(number, None)


def _pdf(number: str, kind: str | None) -> FlaskResponse:
    _, stored, data = _letter(number, kind)
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
