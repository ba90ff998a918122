"""The desk face: the secretariat's queue, screening, outsiders' opinions, consulting and the conversation."""

from flask import Blueprint

from app import countries
from app.i18n import tr
from app.web.act_pages import act_page

blueprint = Blueprint("desk", __name__)


@blueprint.app_template_filter("country")
def country(code: str | None) -> str:
    """The name of a country in the reader's language."""
    return tr(countries.name_of(code))


from app.web.desk import consulting, messages, opinions, queue, screening  # noqa: E402, F401  (binds the views)

for _trigger, _endpoint in (
    ("assign_officer", "desk.assign"),
    ("begin_screening", "desk.begin"),
    ("check_eligibility", "desk.screen"),
    ("find_eligible", "desk.eligible"),
    ("request_supplement", "desk.supplement"),
    ("demand_again", "desk.demand"),
    ("return_ineligible", "desk.send_back"),
    ("return_unanswered", "desk.send_back_unanswered"),
    ("request_opinion", "desk.opinions"),
    ("note_no_opinion", "desk.opinions"),
    ("reply_opinion", "desk.reply"),
    ("assign_consultant", "desk.consultant"),
    ("declare_consulting", "desk.declare"),
    ("begin_consulting", "desk.begin_consult"),
    ("log_meeting", "desk.meeting"),
    ("give_advice", "desk.advise"),
    ("answer_advice", "desk.consulting"),
    ("judge_advice", "desk.consulting"),
    ("write_feasibility", "desk.feasibility"),
    ("complete_consulting", "desk.complete"),
    ("extend_consulting", "desk.extend"),
    ("end_consulting", "desk.end"),
    ("propose_decline", "desk.propose"),
    ("confirm_decline", "desk.confirm"),
    ("write_message", "desk.messages"),
):
    act_page(_trigger, _endpoint)
