"""The applicant face: the guide, drafts and their sections, submission, supplements, and the papers of a case."""

from flask import Blueprint

from app.intake.shown import shown
from app.web.act_pages import act_page

blueprint = Blueprint("applicant", __name__)
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(shown=shown))
act_page("submit", "applicant.submit")
act_page("withdraw", "applicant.withdraw")
act_page("answer_supplement", "applicant.supplement")
act_page("ask_more_time", "applicant.more_time")
act_page("revise", "applicant.revise")
act_page("roll_over", "applicant.roll_over")

from app.web.applicant import applications, guide, papers, round_end, sections, submission  # noqa: E402, F401
