"""Keep what an evaluator has typed of a sheet. Typing, not an act: no event tells it and nothing counts it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, standing_on
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import DraftSheet
from app.queries.cases import case_for
from app.queries.evaluation import round_of

LONGEST = 4000


def save_draft_sheet(who: Viewer, number: str, stage: str, typed: Mapping[str, Mapping[str, Any]]) -> datetime:
    """Store what stands on the page for `stage`, good or not: criterion key -> {score, reason, abstain}. When it was.

    Raises NotFound unless the case is being evaluated and this person evaluates it with its papers open.
    """
    with unit_of_work():
        case = case_for(who, number)
        round_ = round_of(case)
        standing = standing_on(who, case)
        open_to = "evaluator" in standing.roles and standing.undeclared is None
        if case.state not in ("EVALUATING", "RANKED") or not open_to or stage not in round_.stages:
            raise NotFound
        kept = {
            criterion["key"]: {
                "score": str(mark.get("score", ""))[:12],
                "reason": str(mark.get("reason", ""))[:LONGEST],
                "abstain": bool(mark.get("abstain")),
            }
            for criterion in round_.criteria
            if (mark := typed.get(criterion["key"])) is not None
        }
        now = clock.now()
        where = (DraftSheet.case_id == case.id, DraftSheet.user_id == who.id, DraftSheet.stage == stage)
        row = db.session.scalar(sa.select(DraftSheet).where(*where).with_for_update())
        if row is None:
            row = DraftSheet(case_id=case.id, user_id=who.id, stage=stage)
            db.session.add(row)
        row.typed, row.saved_at = kept, now
        return now
