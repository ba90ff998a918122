"""Submit a score sheet: sealed, never changed; a later one of the same evaluator stands beside it and counts.

Zero is a score, blank is none, and to abstain is to say so with a reason. After the lock a sheet is a correction: it
stands beside the old one with its reason, and the frozen ranking stays as it is until the office ranks anew.
Never reads another evaluator's sheet.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Case, DraftSheet, ScoreSheet
from app.queries.cases import case_for
from app.queries.evaluation import Round, round_of
from app.services.act import act_within
from app.services.once import earlier_result, remember
from workflows.engine import Refused
from workflows.text import Text, because

PLACES = 2


def exact_score(text: str, top: int) -> str | None:
    """A score from 0 to `top` with at most two decimals as a plain decimal string; None where nothing stands.

    Raises:
        ValueError: not such a number.
    """
    written = text.strip()
    if not written:
        return None
    if len(written) > 12 or not written.replace(".", "", 1).isascii() or not written.replace(".", "", 1).isdigit():
        raise ValueError(written)
    try:
        value = Decimal(written)
    except InvalidOperation as fault:
        raise ValueError(written) from fault
    exponent = value.as_tuple().exponent
    if not 0 <= value <= top or (isinstance(exponent, int) and exponent < -PLACES):
        raise ValueError(written)
    return str(value)


Mark = tuple[str, str] | tuple[str, str, bool]
"""A score as typed, its reason, and whether the criterion is abstained from."""


def submit_sheet(who: Viewer, number: str, stage: str, scores: Mapping[str, Mark], once: str = "") -> Case:
    """Submit the sheet for `stage`: criterion key -> (score as typed, reason, abstained or not).

    Raises as `act`; Refused says how many criteria lack a score or reason, or that an earlier stage comes first;
    Invalid names a score out of range.
    """
    return _hand_in(who, number, stage, scores, "score", "", once)


def correct_sheet(
    who: Viewer, number: str, stage: str, scores: Mapping[str, Mark], reason: str, once: str = ""
) -> Case:
    """Hand in a corrected sheet after the lock, with the reason. Raises as `submit_sheet`, and Refused without one."""
    return _hand_in(who, number, stage, scores, "correct_score", reason.strip(), once)


def _hand_in(
    who: Viewer, number: str, stage: str, scores: Mapping[str, Mark], trigger: str, reason: str, once: str
) -> Case:
    with unit_of_work():
        found = case_for(who, number, lock=True)
        body = f"{trigger} {number} {stage}"
        if once and earlier_result(who, once, body) is not None:
            return found
        round_ = round_of(found)
        if stage not in round_.stages:
            raise NotFound
        sheet = _exact(round_, scores)
        missing = sum(not ((mark["score"] or mark.get("abstain")) and mark["reason"]) for mark in sheet.values())

        def change(case: Case, now: datetime) -> list[Sealed]:
            _in_order(who, case, round_, stage)
            drafts = (DraftSheet.case_id == case.id, DraftSheet.user_id == who.id, DraftSheet.stage == stage)
            db.session.execute(sa.delete(DraftSheet).where(*drafts))
            return [_add(who, case, round_, stage, sheet, reason, now)]

        data: dict[str, Any] = {"person": {"ko": who.name_ko, "en": who.name_en}, "stage": stage}
        case = act_within(
            who,
            number,
            trigger,
            inputs={"in_reasons_missing": missing, "in_reason": reason},
            data={**data, "reason": reason} if reason else data,
            change=change,
        )
        if once:
            remember(who, once, body, number)
        return case


def _in_order(who: Viewer, case: Case, round_: Round, stage: str) -> None:
    """The presentation is judged by who has judged the papers."""
    before = list(round_.stages)[: list(round_.stages).index(stage)]
    query = sa.select(ScoreSheet.stage).where(ScoreSheet.case_id == case.id, ScoreSheet.user_id == who.id)
    if before and not set(before) <= set(db.session.scalars(query)):
        raise Refused(
            because(
                "earlier_stage_open",
                "서면평가표를 먼저 제출하여야 발표평가표를 제출할 수 있습니다.",
                "The written sheet comes before the sheet for the presentation.",
            )
        )


def _exact(round_: Round, scores: Mapping[str, Mark]) -> dict[str, dict[str, Any]]:
    sheet: dict[str, dict[str, Any]] = {}
    for criterion in round_.criteria:
        key, top = criterion["key"], int(criterion["max"])
        score, reason, *more = scores.get(key, ("", ""))
        abstain = bool(more and more[0])
        try:
            mark: dict[str, Any] = {"score": exact_score(score, top), "reason": reason.strip()}
        except ValueError as fault:
            words = Text(
                f"0부터 {top}까지, 소수 둘째 자리까지 적어 주십시오.",
                f"Write a number from 0 to {top} with at most two decimals.",
            )
            raise Invalid(f"{key}-score", words) from fault
        if abstain and mark["score"] is not None:
            words = Text("채점과 기권 중 하나만 선택해 주십시오.", "Either score this criterion or abstain from it.")
            raise Invalid(f"{key}-score", words)
        sheet[key] = {**mark, "abstain": True} if abstain else mark
    return sheet


def _add(
    who: Viewer,
    case: Case,
    round_: Round,
    stage: str,
    sheet: dict[str, dict[str, Any]],
    reason: str,
    now: datetime,
) -> ScoreSheet:
    where = (ScoreSheet.case_id == case.id, ScoreSheet.user_id == who.id, ScoreSheet.stage == stage)
    last = db.session.scalar(sa.select(sa.func.max(ScoreSheet.number)).where(*where)) or 0
    row = ScoreSheet(
        case_id=case.id,
        user_id=who.id,
        stage=stage,
        number=last + 1,
        version_id=round_.version_id,
        scores=sheet,
        correction=reason,
        submitted_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row
