"""The decision paper of a case and of a round, as a page and as a file, from one definition."""

from flask import Response as FlaskResponse
from flask import render_template

from app.authz import on_case, roles, viewer
from app.documents.paper_model import Paper
from app.errors import NotFound
from app.queries import decision_papers, evaluation
from app.queries.case_page import CasePage
from app.web.committee import blueprint
from app.web.committee.pages import open_case
from app.web.committee.rounds import INSIDE, cycle_for
from app.web.papers import KINDS, download


def _case(number: str) -> tuple[CasePage, Paper]:
    """For whoever may read the scores. Raises NotFound before the close and for everybody else."""
    page = open_case(number)
    paper = decision_papers.case_paper(page.case)
    if paper is None or not evaluation.may_read_scores(viewer(), page.case, page.standing):
        raise NotFound
    return page, paper


@blueprint.get("/cases/<number>/evaluation/paper")
@on_case()
def case_decision_paper(number: str) -> str:
    """The paper as a page."""
    page, paper = _case(number)
    return render_template("committee/case_paper.html", page=page, paper=paper, kinds=list(KINDS))


@blueprint.get("/cases/<number>/evaluation/paper.<kind>")
@on_case()
def case_decision_file(number: str, kind: str) -> FlaskResponse:
    """The paper as PDF, HWPX or XLSX in the reader's language."""
    return download(_case(number)[1], kind)


def _round(cycle_id: int) -> Paper:
    paper = decision_papers.round_paper(cycle_for(cycle_id))
    if paper is None:
        raise NotFound
    return paper


@blueprint.get("/rounds/<int:cycle_id>/paper")
@roles(*INSIDE)
def round_decision_paper(cycle_id: int) -> str:
    """The paper of the round as a page."""
    return render_template(
        "committee/round_paper.html", paper=_round(cycle_id), cycle=cycle_for(cycle_id), kinds=list(KINDS)
    )


@blueprint.get("/rounds/<int:cycle_id>/paper.<kind>")
@roles(*INSIDE)
def round_decision_file(cycle_id: int, kind: str) -> FlaskResponse:
    """The paper of the round as a file."""
    return download(_round(cycle_id), kind)
