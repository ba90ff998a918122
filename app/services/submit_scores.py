"""Submit a score sheet: sealed, never changed; a later one of the same evaluator stands beside it and counts.

Zero is a score and blank is none. Never reads another evaluator's sheet.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Case, ScoreSheet
from app.queries.cases import case_for
from app.queries.evaluation import Round, round_of
from app.services.act import act_within
from app.services.once import earlier_result, remember
from workflows.text import Text

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


def submit_sheet(who: Viewer, number: str, stage: str, scores: Mapping[str, tuple[str, str]], once: str = "") -> Case:
    """Submit the sheet for `stage`: criterion key -> (score as typed, reason).

    Raises as `act`; Refused says how many criteria lack a score or reason; Invalid names a score out of range.
    """
    with unit_of_work():
        found = case_for(who, number, lock=True)
        body = f"score {number} {stage}"
        if once and earlier_result(who, once, body) is not None:
            return found
        round_ = round_of(found)
        if stage not in round_.stages:
            raise NotFound
        sheet = _exact(round_, scores)
        missing = sum(not (entry["score"] and entry["reason"]) for entry in sheet.values())

        def change(case: Case, now: datetime) -> list[Sealed]:
            return [_add(who, case, round_, stage, sheet, now)]

        case = act_within(
            who,
            number,
            "score",
            inputs={"in_reasons_missing": missing},
            data={"person": {"ko": who.name_ko, "en": who.name_en}, "stage": stage},
            change=change,
        )
        if once:
            remember(who, once, body, number)
        return case


def _exact(round_: Round, scores: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str | None]]:
    sheet: dict[str, dict[str, str | None]] = {}
    for criterion in round_.criteria:
        key, top = criterion["key"], int(criterion["max"])
        score, reason = scores.get(key, ("", ""))
        try:
            sheet[key] = {"score": exact_score(score, top), "reason": reason.strip()}
        except ValueError as fault:
            words = Text(
                f"0부터 {top}까지, 소수 둘째 자리까지 적어 주십시오.",
                f"Write a number from 0 to {top} with at most two decimals.",
            )
            raise Invalid(f"{key}-score", words) from fault
    return sheet


def _add(
    who: Viewer,
    case: Case,
    round_: Round,
    stage: str,
    sheet: dict[str, dict[str, str | None]],
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
        submitted_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row
