"""What stands against a draft from outside its form: the cap of its cycle, other proposals of its country.

The guards of submit ask the same; here the section that must be changed says so before one tries. Never writes.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.intake.crosschecks import over_cap
from app.models import Case, Cycle
from app.queries.proposal import Draft, draft_of
from workflows.text import Text

OVER = ("DRAFT", "WITHDRAWN", "RETURNED", "DECLINED", "LAPSED", "CLOSED")
RANK = Text(
    "같은 국가의 다른 제안이 이미 접수되어 있습니다. ‘예’를 고르고 국가 내 우선순위를 적어 주십시오.",
    "Another proposal from your country has been received: answer yes and give the priority rank.",
)


def rank_missing(case: Case, answers: Mapping[str, Any]) -> bool:
    """Whether several proposals come from the country and this one gives no rank among them."""
    if answers.get("national_priority_rank"):
        return False
    other = sa.exists().where(
        Case.country == case.country,
        Case.definition_id == case.definition_id,
        Case.cycle_id == case.cycle_id,
        Case.state.not_in(OVER),
        Case.id != case.id,
    )
    return bool(db.session.scalar(sa.select(other)))


def draft_seen_whole(case: Case) -> Draft:
    """The draft with what stands against it from outside, so that its sections say what submit would refuse."""
    draft = draft_of(case)
    outside = {**_cap(case, draft), **_rank(case, draft)}
    return replace(draft, outside=outside) if outside else draft


def _cap(case: Case, draft: Draft) -> dict[str, Text]:
    if "amount_requested" not in draft.answers:
        return {}
    cycle = db.session.get_one(Cycle, case.cycle_id)
    refused = (cycle.settings.get("allocation") or {}).get("over_cap") == "refuse"
    text = over_cap(draft.answers["amount_requested"], cycle.cap_krw, refused)
    return {"amount_requested": text} if text else {}


def _rank(case: Case, draft: Draft) -> dict[str, Text]:
    said = draft.answers.get("several_from_country")
    if case.state != "DRAFT" or said != "no" or not rank_missing(case, draft.answers):
        return {}
    return {"several_from_country": RANK}
