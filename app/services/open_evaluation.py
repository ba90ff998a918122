"""Open the evaluation of a case: what is judged, by which criteria and rule, is frozen in the event."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.models import Case
from app.queries.cases import case_for
from app.queries.evaluation import Round, settings_round
from app.services.act import act_within
from workflows.engine import Refused
from workflows.text import because


def open_evaluation(who: Viewer, number: str, revision: int | None = None) -> Case:
    """Freeze version, criteria and ranking rule and let the panel begin.

    Raises as `act`, and Refused where the cycle has no criteria, no rule, or criteria that do not add up to it.
    """
    with unit_of_work():
        found = settings_round(case_for(who, number, lock=True))

        def change(case: Case, now: datetime) -> list[Sealed]:
            _check(found)
            case.cycle_revision = found.cycle_revision
            return []

        return act_within(
            who,
            number,
            "open_evaluation",
            revision=revision,
            data={"round": _plain(found), "version": found.version_number},
            change=change,
        )


def _plain(found: Round) -> dict[str, Any]:
    whole = asdict(found)
    return {**whole, "criteria": list(found.criteria), "stages": list(found.stages)}


def _check(found: Round) -> None:
    """A round that could not be ranked is refused now and not when all the sheets are in."""
    top = sum(int(criterion["max"]) for criterion in found.criteria)
    parts = {part["key"]: part["max"] for part in found.ranking.get("parts", [])}
    if not found.criteria or not parts:
        raise Refused(
            because(
                "no_criteria",
                "이 회차에는 평가 기준이 정해져 있지 않습니다.",
                "No criteria are set for this cycle.",
            )
        )
    if any(parts.get(stage) != top for stage in found.stages):
        raise Refused(
            because(
                "criteria_do_not_add_up",
                f"평가 기준 배점의 합({top}점)이 평가 단계의 만점과 다릅니다.",
                f"The criteria add up to {top}, which is not the maximum of every stage.",
            )
        )
