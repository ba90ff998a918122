"""Evaluation as this viewer may read it: the frozen round, the panel, who has submitted, later the scores.

Until evaluation is closed nobody reads another's sheet: not the secretariat, not the auditor. Never writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app.authz import Standing, Viewer
from app.extensions import db
from app.models import Case, Consulting, Declaration, DraftSheet, Duty, Event, Ranking, RoleGrant, ScoreSheet, User
from app.queries.proposal import latest_version, ranking_of
from app.queries.standing import said_on
from app.queries.terms import terms_of
from workflows import scoring, words
from workflows.text import Text

PUBLIC_STATES = ("ANNOUNCED", "CLOSED")


@dataclass(frozen=True, slots=True)
class Round:
    """What was frozen when evaluation opened: the version judged, the criteria, the ranking rule."""

    version_id: int | None
    version_number: int
    cycle_revision: int
    criteria: Sequence[Mapping[str, Any]]
    ranking: Mapping[str, Any]
    stages: Sequence[str]
    sample_weights: bool


@dataclass(frozen=True, slots=True)
class Evaluator:
    """One duty: who, what was declared (none, conflict or undeclared), and which stages are in."""

    user_id: int
    name: Text
    said: str
    ground: str
    stages: tuple[str, ...]
    excuse: str | None
    """Why excused; None while on duty."""
    answer: str
    """What was answered to the invitation: invited (nothing yet), accepted or declined."""
    proposed: str
    """Whom a decliner proposes in the place."""
    basis: str
    """How the person came onto the panel: hand, proposal or draw."""
    rapporteur: bool


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion over all sheets that count: the exact mean and the reasons, without names."""

    key: str
    name: Text
    max: int
    mean: Fraction
    reasons: tuple[str, ...]


def settings_round(case: Case) -> Round:
    """The round as the cycle's settings would open it now."""
    cycle = terms_of(case)
    version = latest_version(case)
    settings = cycle.settings
    return Round(
        version_id=version.id if version else None,
        version_number=version.number if version else 0,
        cycle_revision=cycle.revision,
        criteria=[_criterion(one) for one in settings.get("criteria") or []],
        ranking=settings.get("ranking") or {"parts": [], "cutoff": None, "order": ["total"]},
        stages=settings.get("stages") or ["evaluation"],
        sample_weights="criteria_weights" in (settings.get("samples") or []),
    )


def _criterion(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A criterion with its words as {ko, en} (a cycle loaded from data holds them as pairs)."""
    words_of = {key: stored.get(key) or ("", "") for key in ("name", "guide")}
    pairs = {
        key: dict(value) if isinstance(value, Mapping) else {"ko": value[0], "en": value[1]}
        for key, value in words_of.items()
    }
    return {**stored, **pairs}


def round_of(case: Case) -> Round:
    """The round as it was frozen by the event that opened it; before that, as it would be."""
    query = sa.select(Event.data).where(Event.case_id == case.id, Event.trigger == "open_evaluation")
    frozen = db.session.scalar(query.order_by(Event.seq.desc()).limit(1))
    if not frozen or "round" not in frozen:
        return settings_round(case)
    return Round(**frozen["round"])


def panel_of(case: Case) -> list[Evaluator]:
    """Every duty of the case, those excused last (five statements)."""
    people = db.session.execute(
        sa.select(Duty, User.name_ko, User.name_en)
        .join(User, User.id == Duty.user_id)
        .where(Duty.case_id == case.id, Duty.hearing == case.hearing)
        .order_by(Duty.excused_at.is_not(None), Duty.id)
    ).all()
    words_of = {row.user_id: row.ground for row in db.session.scalars(_said(case))}
    said = said_on([case.id], "evaluator").get(case.id, {})
    done: dict[int, list[str]] = {}
    query = sa.select(ScoreSheet.user_id, ScoreSheet.stage).where(ScoreSheet.case_id == case.id)
    for user_id, stage in db.session.execute(query.distinct().order_by(ScoreSheet.stage)):
        done.setdefault(user_id, []).append(stage)
    out = []
    for duty, ko, en in people:
        out.append(
            Evaluator(
                user_id=duty.user_id,
                name=Text(ko or en, en or ko),
                said=said.get(duty.user_id, "undeclared"),
                ground=words_of.get(duty.user_id, ""),
                stages=tuple(done.get(duty.user_id, ())),
                excuse=duty.excuse if duty.excused_at else None,
                answer="declined" if duty.declined_at else "accepted" if duty.accepted_at else "invited",
                proposed=duty.proposed,
                basis=duty.basis,
                rapporteur=duty.rapporteur_at is not None,
            )
        )
    return out


def _said(case: Case) -> Any:
    query = sa.select(Declaration).where(Declaration.case_id == case.id, Declaration.capacity == "evaluator")
    return query.order_by(Declaration.number)


def may_be_invited(case: Case, programme: str) -> list[tuple[int, Text, bool]]:
    """(account, name, is the adviser of the case) of those who hold the role and have no duty here yet."""
    adviser = db.session.scalar(sa.select(Consulting.consultant_id).where(Consulting.case_id == case.id))
    here = sa.select(Duty.user_id).where(Duty.case_id == case.id)
    query = (
        sa.select(User.id, User.name_ko, User.name_en)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == "evaluator", RoleGrant.ended_at.is_(None), User.disabled_at.is_(None))
        .where(sa.or_(RoleGrant.programme.is_(None), RoleGrant.programme == programme), User.id.not_in(here))
        .distinct()
        .order_by(User.name_ko, User.id)
    )
    return [(row.id, Text(row.name_ko, row.name_en), row.id == adviser) for row in db.session.execute(query)]


def is_closed(case: Case) -> bool:
    """Whether the sheets of the case are open for reading: its ranking is frozen."""
    return ranking_of(case) is not None


def may_read_scores(who: Viewer, case: Case, standing: Standing) -> bool:
    """Nobody before the close; then the inside, evaluators whose own sheet is in, members with the papers.

    An applicant never reads sheets; what he may read after the announcement is `results_of`, without names.
    """
    if not is_closed(case):
        return False
    if standing.inside or ("member" in standing.roles and standing.papers):
        return True
    return "evaluator" in standing.roles and own_sheet(who, case) is not None


def may_read_results(who: Viewer, case: Case, standing: Standing) -> bool:
    """Means and reasons per criterion: those who read scores, and the applicant once announced."""
    if standing.applicant and not standing.inside:
        return case.state in PUBLIC_STATES and is_closed(case)
    return may_read_scores(who, case, standing)


def own_sheet(who: Viewer, case: Case, stage: str | None = None) -> ScoreSheet | None:
    """The newest sheet this person has submitted (for one stage)."""
    query = sa.select(ScoreSheet).where(ScoreSheet.case_id == case.id, ScoreSheet.user_id == who.id)
    if stage is not None:
        query = query.where(ScoreSheet.stage == stage)
    return db.session.scalar(query.order_by(ScoreSheet.id.desc()).limit(1))


def draft_sheet(who: Viewer, case: Case, stage: str) -> dict[str, Any] | None:
    """What this person has typed and not handed in; nobody reads another's."""
    query = sa.select(DraftSheet.typed).where(DraftSheet.case_id == case.id, DraftSheet.user_id == who.id)
    return db.session.scalar(query.where(DraftSheet.stage == stage))


def counted_sheets(case: Case) -> list[ScoreSheet]:
    """What counts: the newest sheet of each stage and evaluator on duty who declared no conflict."""
    cleared = {one.user_id for one in panel_of(case) if one.excuse is None and one.said == "none"}
    query = sa.select(ScoreSheet).where(ScoreSheet.case_id == case.id).order_by(ScoreSheet.number)
    newest = {(sheet.user_id, sheet.stage): sheet for sheet in db.session.scalars(query)}
    return [sheet for (user_id, _), sheet in sorted(newest.items()) if user_id in cleared]


def total_of(scores: Mapping[str, Any]) -> Fraction | None:
    """The exact sum of a sheet; None where a criterion was abstained from: a part is no whole and is never guessed."""
    if any(entry["score"] is None for entry in scores.values()):
        return None
    return sum((Fraction(entry["score"]) for entry in scores.values()), Fraction(0))


def corrections_of(case: Case) -> list[ScoreSheet]:
    """Sheets handed in after the lock, oldest first; each says why."""
    query = sa.select(ScoreSheet).where(ScoreSheet.case_id == case.id, ScoreSheet.correction != "")
    return list(db.session.scalars(query.order_by(ScoreSheet.id)))


def shortage(case: Case) -> Text | None:
    """A warning, without a score, where the sheets that are in with a total cannot reach what the rule needs."""
    sheets = counted_sheets(case)
    for part in parts_of(round_of(case).ranking):
        mine = [total_of(sheet.scores) for sheet in sheets if sheet.stage == part.key]
        without = sum(total is None for total in mine)
        on_duty = sum(one.excuse is None and one.said != "conflict" for one in panel_of(case))
        need = max(part.min_ballots, part.drop_high + part.drop_low + 1)
        if part.aggregate != "given" and without and on_duty - without < need:
            return Text(
                f"기권한 항목이 있는 평가표 {without}건은 합계가 없어, 이대로는 집계에 필요한 {need}건을 채울 수 없습니다. "
                "위원을 더 위촉하십시오.",
                f"{without} of the sheets abstain and have no total; the {need} that the rule needs cannot be reached. "
                "Invite more evaluators.",
            )
    return None


def ranked_sheets(case: Case) -> list[ScoreSheet]:
    """The sheets that the frozen ranking counted; empty before the close."""
    ranking = ranking_of(case)
    ids = [entry["id"] for entry in ranking.sheets] if ranking else []
    query = sa.select(ScoreSheet).where(ScoreSheet.id.in_(ids or [0])).order_by(ScoreSheet.stage, ScoreSheet.id)
    return list(db.session.scalars(query))


def results_of(case: Case) -> list[CriterionResult]:
    """Mean and reasons of each criterion over the sheets that counted. Reasons stand in the order of their
    letters, so that neither a name nor a place tells who wrote which."""
    sheets = ranked_sheets(case)
    out = []
    for criterion in round_of(case).criteria if sheets else []:
        marks = [sheet.scores[criterion["key"]] for sheet in sheets if criterion["key"] in sheet.scores]
        entries = [mark for mark in marks if mark["score"] is not None]
        if not entries:
            continue
        mean = sum((Fraction(entry["score"]) for entry in entries), Fraction(0)) / len(entries)
        reasons = tuple(sorted({entry["reason"].strip() for entry in entries}))
        name = Text(criterion["name"]["ko"], criterion["name"]["en"])
        out.append(CriterionResult(criterion["key"], name, int(criterion["max"]), mean, reasons))
    return out


def parts_of(rule: Mapping[str, Any]) -> list[scoring.Part]:
    """The parts of a ranking rule as the pure rule takes them."""
    return [
        scoring.Part(
            part["key"],
            part["max"],
            part["aggregate"],
            part.get("drop_high") or 0,
            part.get("drop_low") or 0,
            part.get("min_ballots") or 1,
        )
        for part in rule["parts"]
    ]


def cutoff_of(rule: Mapping[str, Any]) -> scoring.Cutoff | None:
    """The cut-off of a ranking rule."""
    cutoff = rule.get("cutoff")
    return scoring.Cutoff(cutoff["part"], cutoff["percent"]) if cutoff else None


def candidate_of(number: str, ranking: Ranking) -> scoring.Candidate:
    """A closed case as the ranking rule takes it: the totals of its sheets by part, and what was given."""
    scores: dict[str, list[scoring.Score | None]] = {part["key"]: [] for part in ranking.rule["parts"]}
    for entry in ranking.sheets:
        scores[entry["stage"]].append(None if entry["total"] is None else Fraction(entry["total"]))
    for key, value in ranking.result.get("given", {}).items():
        scores[key] = [Fraction(value)]
    return scoring.Candidate(number, scores)


def shown(value: Fraction | None) -> str:
    """A score as people read it; a dash for none."""
    return "–" if value is None else words.score(value)
