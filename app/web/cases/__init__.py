"""The cases face: what everybody who may know of a case shares."""

from typing import Any

from flask import Blueprint

from app.i18n import t
from app.queries.case_page import CasePage
from app.services.export_dossier import may_export

blueprint = Blueprint("cases", __name__)


def page_tabs(page: CasePage, current: str) -> list[tuple[str, str, bool]]:
    """The pages of one case that this viewer may open."""
    base, standing = f"/cases/{page.case.number}", page.standing
    inside = standing.inside
    tabs = [("case", t("진행", "Progress"), base), ("proposal", t("제안서", "Proposal"), f"{base}/proposal")]
    if inside:
        tabs.append(("screening", t("적격 검토", "Screening"), f"{base}/screening"))
        tabs.append(("opinions", t("의견 조회", "Opinions"), f"{base}/opinions"))
    if (inside or standing.applicant or "consultant" in standing.roles) and "CONSULTING" in page.definition.states:
        tabs.append(("consulting", t("사전컨설팅", "Consulting"), f"{base}/consulting"))
    if inside or standing.applicant:
        tabs.append(("messages", t("대화", "Messages"), f"{base}/messages"))
    if inside or "evaluator" in standing.roles or (standing.applicant and page.case.announced_at):
        tabs.append(("evaluation", t("평가", "Evaluation"), f"{base}/evaluation"))
    if inside or "member" in standing.roles:
        tabs.append(("committee", t("위원회", "Committee"), f"{base}/committee"))
    if standing.roles & {"officer", "clerk", "auditor"}:
        tabs.append(("interests", t("이해관계", "Interests"), f"{base}/interests"))
    if page.sees_outcome:
        tabs.append(("money", t("결정·지원금", "Decision and money"), f"{base}/money"))
    if (inside or standing.applicant) and page.sees_outcome and page.conditions:
        tabs.append(("conditions", t("조건 이행", "Conditions"), f"{base}/conditions"))
    if (inside or standing.applicant) and page.letters:
        tabs.append(("letters", t("통지서", "Letters"), f"{base}/letters"))
    tabs += [
        ("diagram", t("절차도", "Diagram"), f"{base}/diagram"),
        ("history", t("기록", "Record"), f"{base}/history"),
    ]
    return [(label, url, key == current) for key, label, url in tabs]


@blueprint.app_context_processor
def tabs_of_a_case() -> dict[str, Any]:
    """`page_tabs(page, current)` for every template of a case, and whether it offers the dossier."""
    return {"page_tabs": page_tabs, "offers_dossier": lambda page: may_export(page.case, page.standing)}


from app.web.cases import dossier, routes  # noqa: E402, F401  (binds the views)
