"""Close the evaluation of a case: its sheets are opened, added up by the frozen rule, the result is frozen.

Never rounds before it compares, never breaks a tie: the round's page ranks all closed cases by the same rule.
A ranking is never changed: after a correction the case is ranked anew, beside the old ranking and with the reason.
"""

from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Case, DraftSheet, Ranking, ScoreSheet, Version
from app.queries import evaluation
from app.queries.terms import terms_of
from app.services.act import act
from workflows import scoring, words
from workflows.engine import Refused
from workflows.text import because


def close_evaluation(who: Viewer, number: str, revision: int | None = None) -> Case:
    """Freeze the result of the case. Raises as `act`, and Refused where too few sheets are left to count."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        db.session.execute(sa.delete(DraftSheet).where(DraftSheet.case_id == case.id))
        return [_freeze(case, "", now)]

    return act(who, number, "close_evaluation", revision=revision, change=change)


def rank_again(who: Viewer, number: str, reason: str, revision: int | None = None) -> Case:
    """Rank the case anew from what counts now; the old ranking stays on record. Raises as `close_evaluation`."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        return [_freeze(case, reason.strip(), now)]

    inputs, data = {"in_reason": reason}, {"reason": reason.strip()}
    return act(who, number, "rank_again", inputs=inputs, revision=revision, data=data, change=change)


def _freeze(case: Case, reason: str, now: datetime) -> Ranking:
    row = _result(case, now)
    where = (Ranking.case_id == case.id, Ranking.hearing == case.hearing)
    row.number = (db.session.scalar(sa.select(sa.func.max(Ranking.number)).where(*where)) or 0) + 1
    row.hearing, row.reason = case.hearing, reason
    db.session.add(row)
    db.session.flush()
    return row


def _result(case: Case, now: datetime) -> Ranking:
    round_ = evaluation.round_of(case)
    rule = dict(round_.ranking)
    sheets = evaluation.counted_sheets(case)
    parts = evaluation.parts_of(rule)
    given = {part.key: _bonus(case) for part in parts if part.aggregate == "given"}
    scores: dict[str, list[scoring.Score | None]] = {part.key: [] for part in parts}
    for sheet in sheets:
        scores[sheet.stage].append(evaluation.total_of(sheet.scores))
    for key, points in given.items():
        scores[key] = [points]
    sums = {part.key: scoring.aggregate(part, scores[part.key]) for part in parts}
    if any(value is None for value in sums.values()):
        raise Refused(
            because(
                "too_few_sheets",
                "집계할 수 있는 평가표가 모자랍니다.",
                "Too few score sheets are left to be counted.",
            )
        )
    exact = {key: value for key, value in sums.items() if value is not None}
    found = scoring.rank(
        parts,
        [scoring.Candidate(case.number, scores)],
        evaluation.cutoff_of(rule),
        rule.get("order") or [scoring.TOTAL],
    )
    return Ranking(
        case_id=case.id,
        hearing=case.hearing,
        cycle_id=case.cycle_id,
        rule=rule,
        sheets=[_line(sheet) for sheet in sheets],
        result=_told(exact, given, found),
        total=words.four_places(sum(exact.values(), Fraction(0))),
        below_cutoff=any(entry.reason == "below_cutoff" for entry in found.excluded),
        closed_at=now,
    )


def _line(sheet: ScoreSheet) -> dict[str, Any]:
    """What was counted of a sheet; without a total where a criterion was abstained from."""
    total = evaluation.total_of(sheet.scores)
    return {
        "id": sheet.id,
        "user": sheet.user_id,
        "stage": sheet.stage,
        "total": None if total is None else str(total),
        "sha256": sheet.seal(),
    }


def _told(exact: dict[str, Fraction], given: dict[str, int], found: scoring.Ranking) -> dict[str, Any]:
    return {
        "parts": {key: words.four_places(value) for key, value in exact.items()},
        "exact": {key: str(value) for key, value in exact.items()},
        "given": {key: str(value) for key, value in given.items()},
        "words": {"ko": found.words.ko, "en": found.words.en},
    }


def _bonus(case: Case) -> int:
    """Points for matching: the highest step of the cycle's whose share of the subsidy it reaches."""
    cycle = terms_of(case)
    steps = (cycle.settings.get("matching") or {}).get("bonus") or []
    round_ = evaluation.round_of(case)
    version = db.session.get(Version, round_.version_id) if round_.version_id else None
    answers = version.answers if version else {}
    asked = int(answers.get("amount_requested") or 0)
    matching = int(answers.get("matching_cash") or 0) + int(answers.get("matching_in_kind") or 0)
    reached = [step["points"] for step in steps if asked and matching * 100 >= asked * step["from_percent"]]
    return max(reached, default=0)
