"""Programmes and cycles as administrators read them: their terms in words, and what each revision changed.

A cycle's terms are one flat mapping {key: plain value}, made from the content that a revision keeps, so that
two revisions compare key by key. Dates are days in Seoul ("2026-12-31"), amounts integer KRW.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.errors import NotFound
from app.extensions import db
from app.models import Case, Cycle, CycleRevision, Envelope, Programme, Seat, User
from app.queries.accounts import must_be_admin
from workflows import schema
from workflows.programme_schema import load_programme
from workflows.text import Text

MATCHING_WORDS = {
    "none": Text("해당 없음", "No matching"),
    "voluntary": Text("자율", "Voluntary"),
    "required": Text("필수", "Required"),
}
REGIME_WORDS = {
    "procurement": Text("용역 계약(국가계약법)", "Procurement (State Contracts Act)"),
    "subsidy_act": Text("보조금(보조금법)", "Subsidy (Subsidy Act)"),
    "rnd_act": Text("연구개발(국가연구개발혁신법)", "R&D (National R&D Innovation Act)"),
    "agency_agreement": Text("위탁기관 협약", "Agreement of the agency"),
}
PLAIN = {
    "opens": (Text("접수 시작일", "Opens on"), "day"),
    "closes": (Text("접수 마감일", "Closes on"), "day"),
    "always_open": (Text("상시 접수", "Always open"), "flag"),
    "cut_off": (Text("회차 기준일", "Cut-off"), "day"),
    "decision_month": (Text("결정 월", "Decision month"), "text"),
    "cap_krw": (Text("과제당 지원 한도", "Cap per project"), "krw"),
    "envelope_krw": (Text("총예산", "Envelope"), "krw"),
    "planned_awards": (Text("선정 예정 건수", "Planned awards"), "number"),
    "matching_rule": (Text("대응 투자", "Matching"), "matching"),
    "regime": (Text("적용 법령", "Legal regime"), "regime"),
}
SAMPLE_WORDS = {
    "matching": Text("대응 투자", "Matching"),
    "criteria": Text("평가 기준", "Criteria"),
    "criteria_weights": Text("평가 배점", "Weights of criteria"),
    "ranking": Text("순위 산정 방식", "Ranking rule"),
    "committee": Text("위원회 구성", "Committee"),
    "allocation": Text("예산 배분 방식", "Allocation rule"),
    **{key: label for key, (label, _) in PLAIN.items() if key != "matching_rule"},
}


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a cycle says. kind: day flag text krw number days points matching regime samples."""

    key: str
    label: Text
    kind: str
    sample: bool = False
    default: int | None = None
    """Length of a clock where the cycle sets none of its own."""


def content_now(cycle: Cycle, envelope: Envelope | None) -> dict[str, Any]:
    """The cycle's present content as a revision keeps it: every column, and the amount of its envelope."""
    content: dict[str, Any] = {}
    for column in sa.inspect(Cycle).columns:
        value = getattr(cycle, column.key)
        content[column.key] = value.isoformat() if hasattr(value, "isoformat") else value
    content["envelope_krw"] = envelope.amount_krw if envelope else None
    return content


def both(stored: Any) -> Text:
    """Words as JSON keeps them, a pair or a mapping, as words again."""
    return Text(stored["ko"], stored["en"]) if isinstance(stored, Mapping) else Text(*stored)


def terms(content: Mapping[str, Any], programme: str) -> list[Term]:
    """What this cycle says, in the order of its page."""
    settings = content["settings"]
    samples = set(settings.get("samples") or ())
    found = [
        Term(key, label, kind, key in samples or (key == "matching_rule" and "matching" in samples))
        for key, (label, kind) in PLAIN.items()
    ]
    for criterion in settings.get("criteria") or ():
        name = both(criterion["name"])
        label = Text(f"배점: {name.ko}", f"Weight: {name.en}")
        found.append(Term(f"weight_{criterion['key']}", label, "points", "criteria_weights" in samples))
    for key, setting in load_programme(programme).settings.items():
        label = Text(setting.name.ko, setting.name.en)
        kind = "days" if setting.unit == "days" else "number"
        found.append(Term(f"set_{key}", label, kind, setting.source == "sample"))
    definition = schema.newest(str(content["definition_id"]))
    for rule in definition.clocks.values():
        if rule.setting and f"set_{rule.setting}" not in {t.key for t in found}:
            label = Text(f"처리기간: {rule.label.ko}", f"Clock: {rule.label.en}")
            found.append(Term(f"clock_{rule.setting}", label, "days", False, rule.days))
    found.append(Term("samples", Text("견본으로 표시한 항목", "Marked as sample"), "samples"))
    return found


def values(content: Mapping[str, Any]) -> dict[str, Any]:
    """The flat mapping of a content. A revision made before envelopes were kept is silent on it."""
    settings = content["settings"]
    flat: dict[str, Any] = {
        "opens": _day(content["opens_at"]),
        "closes": _day(content["closes_at"]),
        "always_open": bool(content["always_open"]),
        "cut_off": content["cut_off_on"],
        "decision_month": content["decision_month"],
        "cap_krw": content["cap_krw"],
        "planned_awards": content["planned_awards"],
        "matching_rule": content["matching_rule"],
        "regime": content["legal_regime"],
        "samples": sorted(settings.get("samples") or ()),
    }
    if "envelope_krw" in content:
        flat["envelope_krw"] = content["envelope_krw"]
    flat |= {f"weight_{c['key']}": c["max"] for c in settings.get("criteria") or ()}
    flat |= {f"set_{key}": value for key, value in settings.items() if isinstance(value, int)}
    flat |= {f"clock_{key}": value for key, value in (settings.get("clocks") or {}).items()}
    return flat


def _day(instant: str | None) -> str | None:
    return clock.day_of(datetime.fromisoformat(instant)).isoformat() if instant else None


def differences(before: Mapping[str, Any], after: Mapping[str, Any], programme: str) -> list[tuple[Term, Any, Any]]:
    """What changed from one content to the next: (term, value before, value after)."""
    old, new = values(before), values(after)
    changed: list[tuple[Term, Any, Any]] = []
    for term in terms(after, programme):
        was, now = old.get(term.key, term.default), new.get(term.key, term.default)
        if was != now and not (term.key == "envelope_krw" and "envelope_krw" not in old):
            changed.append((term, was, now))
    return changed


# Reads ------------------------------------------------------------------------------------------------------


def cycles(who: Viewer) -> list[Any]:
    """Every cycle with its programme, envelope and number of cases, by type, newest first."""
    must_be_admin(who)
    cases = sa.select(sa.func.count()).where(Case.cycle_id == Cycle.id).scalar_subquery()
    query = (
        sa.select(
            Cycle.id,
            Cycle.definition_id,
            Cycle.fiscal_year,
            Cycle.opens_at,
            Cycle.closes_at,
            Cycle.always_open,
            Cycle.cut_off_on,
            Cycle.cap_krw,
            Cycle.revision,
            Envelope.amount_krw,
            Envelope.committed_krw,
            Programme.key.label("programme"),
            Programme.name_ko,
            Programme.name_en,
            cases.label("cases"),
        )
        .join(Programme, Programme.id == Cycle.programme_id)
        .outerjoin(Envelope, Envelope.cycle_id == Cycle.id)
        .order_by(Programme.id, Cycle.definition_id.desc(), Cycle.fiscal_year.desc())
    )
    return list(db.session.execute(query))


def programmes(who: Viewer) -> list[Any]:
    """The programmes a role may be limited to: key and names."""
    must_be_admin(who)
    return list(
        db.session.execute(sa.select(Programme.key, Programme.name_ko, Programme.name_en).order_by(Programme.id))
    )


def cycle_for(who: Viewer, cycle_id: int) -> tuple[Cycle, Programme, Envelope | None]:
    """A cycle with its programme and its envelope.

    Raises:
        NotFound: no administrator asks, or there is none.
    """
    must_be_admin(who)
    found = db.session.get(Cycle, cycle_id)
    if found is None:
        raise NotFound
    return found, db.session.get_one(Programme, found.programme_id), db.session.get(Envelope, cycle_id)


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision as its page shows it. `changes`: (term, before, after); none for the first."""

    number: int
    by: Text
    at: datetime
    reason: str
    changes: list[tuple[Term, Any, Any]]


def revisions(who: Viewer, cycle_id: int, programme: str) -> list[Revision]:
    """The history of a cycle, newest first."""
    must_be_admin(who)
    rows = db.session.execute(
        sa.select(
            CycleRevision.revision,
            CycleRevision.content,
            CycleRevision.reason,
            CycleRevision.changed_at,
            User.name_ko,
            User.name_en,
        )
        .outerjoin(User, User.id == CycleRevision.changed_by)
        .where(CycleRevision.cycle_id == cycle_id)
        .order_by(CycleRevision.revision)
    ).all()
    found: list[Revision] = []
    before: dict[str, Any] = {}
    for row in rows:
        changes = differences(before, row.content, programme) if before else []
        by = Text(row.name_ko or row.name_en or "", row.name_en or row.name_ko or "")
        found.append(Revision(row.revision, by, row.changed_at, row.reason, changes))
        before = row.content
    return found[::-1]


def content_at(cycle_id: int, revision: int) -> dict[str, Any]:
    """What a cycle said at a revision: what a case made under it keeps (`Case.cycle_revision`).

    Raises:
        NotFound: there is no such revision.
    """
    found = db.session.scalar(
        sa.select(CycleRevision.content).where(CycleRevision.cycle_id == cycle_id, CycleRevision.revision == revision)
    )
    if found is None:
        raise NotFound
    return dict(found)


def known() -> list[Any]:
    """Every programme: key, name_ko, name_en."""
    query = sa.select(Programme.key, Programme.name_ko, Programme.name_en).order_by(Programme.key)
    return list(db.session.execute(query))


def seats(who: Viewer) -> list[Any]:
    """The seats taken now, chairs and government members first."""
    must_be_admin(who)
    query = (
        sa.select(Seat.id, Seat.programme, Seat.side, Seat.chair, Seat.since, User.name_ko, User.name_en, User.email)
        .join(User, User.id == Seat.user_id)
        .where(Seat.ended_at.is_(None))
        .order_by(Seat.programme, Seat.side, Seat.chair.desc(), User.email)
    )
    return list(db.session.execute(query))
