"""The panel's word on a case as it stands, and how its members scored against each other. Never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.models import Case, ConsensusAnswer, ConsensusReport, Ranking, ScoreSheet, User
from app.queries.evaluation import ranked_sheets, round_of, total_of
from app.queries.proposal import ranking_of
from workflows import diagnosis
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Said:
    """What one evaluator answered to the report."""

    user_id: int
    name: Text
    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report with its author's name and the answers to it."""

    row: ConsensusReport
    author: Text
    answers: Sequence[Said]


def reports_of(case: Case) -> list[Report]:
    """Every report of the case, newest first, with what was said to each (two statements)."""
    rows = db.session.execute(
        sa.select(ConsensusReport, User.name_ko, User.name_en)
        .join(User, User.id == ConsensusReport.author_id)
        .where(ConsensusReport.case_id == case.id)
        .order_by(ConsensusReport.number.desc())
    ).all()
    said: dict[int, list[Said]] = {}
    for answer, ko, en in db.session.execute(
        sa.select(ConsensusAnswer, User.name_ko, User.name_en)
        .join(User, User.id == ConsensusAnswer.user_id)
        .where(ConsensusAnswer.case_id == case.id)
        .order_by(ConsensusAnswer.id)
    ):
        one = Said(answer.user_id, Text(ko or en, en or ko), answer.answer, answer.words)
        said.setdefault(answer.report_id, []).append(one)
    return [Report(row, Text(ko or en, en or ko), said.get(row.id, [])) for row, ko, en in rows]


# diagnosis --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One sheet among those of its stage. `place` numbers the evaluators where no name is shown."""

    user_id: int
    place: int
    name: Text | None
    total: Fraction | None
    marks: Mapping[str, Mapping[str, Any]]
    far_out: bool
    dropped: str
    """high, low or empty: what the declared rule left out of the mean."""


@dataclass(frozen=True, slots=True)
class StageFound:
    """How one stage was scored."""

    stage: str
    top: int
    lines: Sequence[Line]
    total: diagnosis.Spread | None
    criteria: Sequence[tuple[Mapping[str, Any], diagnosis.Spread | None, frozenset[int]]]
    """(criterion, its spread, whose score lies far out)"""


@dataclass(frozen=True, slots=True)
class Severe:
    """One evaluator's severity over the cases of the round that he shares with others."""

    place: int
    name: Text | None
    difference: Fraction
    cases: int


@dataclass(frozen=True, slots=True)
class Found:
    """The diagnosis of a closed case."""

    stages: Sequence[StageFound]
    severity: Sequence[Severe]


def diagnosis_of(case: Case, *, named: bool) -> Found:
    """How the counted sheets of a closed case lie to each other. `named`: for the inside, who reads names."""
    sheets = ranked_sheets(case)
    round_ = round_of(case)
    places = {user_id: place for place, user_id in enumerate(sorted({sheet.user_id for sheet in sheets}), start=1)}
    names = _names(list(places)) if named else {}
    rule = ranking_of(case)
    parts = {part["key"]: part for part in (rule.rule["parts"] if rule else [])}
    stages = [
        _stage([s for s in sheets if s.stage == stage], stage, round_.criteria, parts.get(stage, {}), places, names)
        for stage in round_.stages
    ]
    shared = diagnosis.severities(_totals_of_round(case, set(places)))
    severe = [
        Severe(places[one.evaluator], names.get(one.evaluator), one.difference, one.cases)
        for one in shared
        if one.evaluator in places
    ]
    return Found(stages, severe)


def _names(ids: Sequence[int]) -> dict[int, Text]:
    rows = db.session.execute(sa.select(User.id, User.name_ko, User.name_en).where(User.id.in_(ids or [0])))
    return {user_id: Text(ko or en, en or ko) for user_id, ko, en in rows}


def _stage(
    sheets: Sequence[ScoreSheet],
    stage: str,
    criteria: Sequence[Mapping[str, Any]],
    part: Mapping[str, Any],
    places: Mapping[int, int],
    names: Mapping[int, Text],
) -> StageFound:
    totals = {sheet.user_id: total_of(sheet.scores) for sheet in sheets}
    top = sum(int(criterion["max"]) for criterion in criteria)
    high, low = diagnosis.dropped(totals, part.get("drop_high") or 0, part.get("drop_low") or 0)
    out = diagnosis.far_out(totals, top)
    lines = [
        Line(
            user_id=sheet.user_id,
            place=places[sheet.user_id],
            name=names.get(sheet.user_id),
            total=totals[sheet.user_id],
            marks=sheet.scores,
            far_out=sheet.user_id in out,
            dropped="high" if sheet.user_id in high else "low" if sheet.user_id in low else "",
        )
        for sheet in sorted(sheets, key=lambda s: places[s.user_id])
    ]
    by_criterion = []
    for criterion in criteria:
        scores = {s.user_id: _exact(s.scores.get(criterion["key"])) for s in sheets}
        far = diagnosis.far_out(scores, int(criterion["max"]))
        by_criterion.append((criterion, diagnosis.spread(list(scores.values())), far))
    return StageFound(stage, top, lines, diagnosis.spread(list(totals.values())), by_criterion)


def _exact(mark: Mapping[str, Any] | None) -> Fraction | None:
    return None if mark is None or mark["score"] is None else Fraction(mark["score"])


def _totals_of_round(case: Case, people: set[int]) -> dict[str, dict[int, Fraction | None]]:
    """ "case stage" -> evaluator -> total, over the closed cases of the round: only what the rankings counted."""
    later = sa.orm.aliased(Ranking)
    newer = sa.exists().where(
        later.case_id == Ranking.case_id, later.hearing == Ranking.hearing, later.number > Ranking.number
    )
    rows = db.session.execute(
        sa.select(Ranking.case_id, Ranking.sheets).where(Ranking.cycle_id == case.cycle_id, ~newer)
    )
    out: dict[str, dict[int, Fraction | None]] = {}
    for case_id, sheets in rows:
        if not people & {entry["user"] for entry in sheets}:
            continue
        for entry in sheets:
            total = None if entry["total"] is None else Fraction(entry["total"])
            out.setdefault(f"{case_id} {entry['stage']}", {})[entry["user"]] = total
    return out
