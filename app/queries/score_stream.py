"""An evaluator's own sheets one after the other: what waits, what is done, how long is left, his own totals so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.extensions import db
from app.interests import stands
from app.models import Case, DraftSheet, Duty, Event, ScoreSheet
from app.models.case import NO_DEADLINE
from app.queries.evaluation import total_of
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet that this person owes: of which case and stage, whether it is in, whether something is typed."""

    number: str
    title: Text
    stage: str
    due_on: date | None
    done: bool
    begun: bool

    @property
    def path(self) -> str:
        """Where it is filled in."""
        return f"/cases/{self.number}/score/{self.stage}"

    @property
    def days_left(self) -> int | None:
        """Days to the date, 0 on it, negative after; None where there is none."""
        return None if self.due_on is None else (self.due_on - clock.today()).days


@dataclass(frozen=True, slots=True)
class Stream:
    """All sheets in the order in which they are due."""

    sheets: Sequence[Sheet]

    @property
    def done(self) -> int:
        """How many are in."""
        return sum(sheet.done for sheet in self.sheets)

    def place(self, number: str, stage: str) -> int:
        """The place of a sheet from 1; 0 for one that is not in the stream."""
        return next((i for i, s in enumerate(self.sheets, 1) if (s.number, s.stage) == (number, stage)), 0)

    def after(self, number: str = "", stage: str = "") -> Sheet | None:
        """The next that waits after this one, round and round; None when this was the last."""
        here = self.place(number, stage)
        around = [*self.sheets[here:], *self.sheets[: max(0, here - 1)]]
        return next((sheet for sheet in around if not sheet.done), None)


def stream_of(who: Viewer) -> Stream:
    """The stream of `who`: cases under evaluation, duty accepted, no conflict (four statements)."""
    cases = db.session.scalars(
        sa.select(Case)
        .join(Duty, sa.and_(Duty.case_id == Case.id, Duty.hearing == Case.hearing))
        .where(Duty.user_id == who.id, Duty.excused_at.is_(None), Duty.accepted_at.is_not(None))
        .where(Case.state == "EVALUATING", stands(Case.id, who.id, "evaluator") == "none")
        .order_by(Case.due_on, Case.number)
    ).all()
    ids = [case.id for case in cases] or [0]
    stages = _stages(ids)
    done = _marks(ScoreSheet, who, ids)
    begun = _marks(DraftSheet, who, ids)
    return Stream(
        [
            Sheet(
                number=case.number,
                title=Text(case.title_ko or case.title_en, case.title_en or case.title_ko),
                stage=stage,
                due_on=None if case.due_on == NO_DEADLINE else case.due_on,
                done=(case.id, stage) in done,
                begun=(case.id, stage) in begun,
            )
            for case in cases
            for stage in stages.get(case.id, ())
        ]
    )


def _stages(ids: Sequence[int]) -> dict[int, Sequence[str]]:
    query = sa.select(Event.case_id, Event.data).where(Event.case_id.in_(ids), Event.trigger == "open_evaluation")
    rows = db.session.execute(query.order_by(Event.seq))
    return {case_id: data["round"]["stages"] for case_id, data in rows if "round" in data}


def _marks(model: Any, who: Viewer, ids: Sequence[int]) -> set[tuple[int, str]]:
    query = sa.select(model.case_id, model.stage).where(model.user_id == who.id, model.case_id.in_(ids))
    return {(case_id, stage) for case_id, stage in db.session.execute(query)}


def own_totals(who: Viewer, case: Case, stage: str) -> list[tuple[str, Text, Fraction]]:
    """(case, title, total) of this person's own newest sheets for `stage` in the case's cycle, the highest first."""
    rows = db.session.execute(
        sa.select(Case.number, Case.title_ko, Case.title_en, ScoreSheet.scores)
        .join(ScoreSheet, ScoreSheet.case_id == Case.id)
        .where(ScoreSheet.user_id == who.id, ScoreSheet.stage == stage, Case.cycle_id == case.cycle_id)
        .where(stands(Case.id, who.id, "evaluator") == "none")
        .order_by(ScoreSheet.number)
    )
    newest = {number: (Text(ko or en, en or ko), total_of(scores)) for number, ko, en, scores in rows}
    found = [(number, title, total) for number, (title, total) in newest.items() if total is not None]
    return sorted(found, key=lambda row: (-row[2], row[0]))
