"""A round: its closed cases ranked against each other, and the rankings that the panel has frozen. Never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.models import Case, Cycle, Placing, Ranking
from app.queries.evaluation import candidate_of, cutoff_of, parts_of
from workflows import scoring


@dataclass(frozen=True, slots=True)
class RoundPage:
    """The ranking of all closed cases of a cycle, by the rule they were frozen with."""

    cycle: Cycle
    cases: Mapping[str, Case]
    rankings: Mapping[str, Ranking]
    """case number -> the ranking that counts of it"""
    found: scoring.Ranking | None
    rule: Mapping[str, Any]
    open_cases: Sequence[Case]


def ranking_of_round(cycle: Cycle) -> RoundPage:
    """Rank the closed cases of `cycle` against each other by their newest rankings (two statements)."""
    later = sa.orm.aliased(Ranking)
    newer = sa.exists().where(
        later.case_id == Ranking.case_id, later.hearing == Ranking.hearing, later.number > Ranking.number
    )
    rows = db.session.execute(
        sa.select(Case, Ranking)
        .join(Ranking, sa.and_(Ranking.case_id == Case.id, Ranking.hearing == Case.hearing))
        .where(Ranking.cycle_id == cycle.id, ~newer)
        .order_by(Case.number)
    ).all()
    running = db.session.scalars(
        sa.select(Case).where(Case.cycle_id == cycle.id, Case.state == "EVALUATING").order_by(Case.number)
    ).all()
    cases = {case.number: case for case, _ in rows}
    rankings = {case.number: ranking for case, ranking in rows}
    rule = rows[0][1].rule if rows else cycle.settings.get("ranking") or {}
    same = [(case, ranking) for case, ranking in rows if ranking.rule == rule]
    if not same:
        return RoundPage(cycle, cases, rankings, None, rule, running)
    candidates = [candidate_of(case.number, ranking) for case, ranking in same]
    found = scoring.rank(parts_of(rule), candidates, cutoff_of(rule), rule.get("order") or ["total"])
    return RoundPage(cycle, cases, rankings, found, rule, running)


def placings_of(cycle: Cycle) -> list[Placing]:
    """The frozen rankings of a round, newest first, each once (it is kept with every case it was told to)."""
    first = sa.select(sa.func.min(Placing.id)).where(Placing.cycle_id == cycle.id).group_by(Placing.number)
    query = sa.select(Placing).where(Placing.id.in_(first)).order_by(Placing.number.desc())
    return list(db.session.scalars(query))


def placing_of(case: Case) -> Placing | None:
    """The place of a case in the newest frozen ranking that holds it."""
    query = sa.select(Placing).where(Placing.case_id == case.id).order_by(Placing.number.desc())
    return db.session.scalar(query.limit(1))
