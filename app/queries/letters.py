"""The decision letter: drawn up from the records, kept as plain data, read back as what page and PDF show.

Reasons come from the score sheets without names. Dates of the ways to contest count from the day of service.
Never writes.
"""

from dataclasses import asdict, replace
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app.authz import Standing
from app.documents.letter import AppealRoute, CriterionReason, LetterData, Officer, Outcome, Signatory
from app.documents.letter import Condition as LetterCondition
from app.documents.paper import legible
from app.errors import NotFound
from app.extensions import db
from app.letter_kinds import kind_of
from app.models import Case, Condition, Decision, Letter, Organisation, Programme, User
from app.queries.conditions import name_of
from app.queries.evaluation import CriterionResult, results_of
from app.queries.sittings import conditions_of, resolution_of
from app.queries.terms import terms_of
from workflows import deadlines, schema, words
from workflows.text import Text

MINISTRY = Text("국토교통부", "Ministry of Land, Infrastructure and Transport")


def letter_of(case: Case, kind: str | None = None) -> Letter | None:
    """A letter of the case, drafted or served: that of the decision of the hearing it is in, or the one named."""
    kind = kind or kind_of(case)
    return db.session.scalar(sa.select(Letter).where(Letter.case_id == case.id, Letter.kind == kind))


def letters_of(case: Case, standing: Standing) -> list[Letter]:
    """Every letter of the case that this person may read, in the order of service."""
    query = sa.select(Letter).where(Letter.case_id == case.id).order_by(Letter.served_at, Letter.id)
    return [letter for letter in db.session.scalars(query) if may_read_letter(case, standing, letter)]


def may_read_letter(case: Case, standing: Standing, letter: Letter | None) -> bool:
    """A letter once served: the inside and the applicant, for good; before that the inside of a decided case."""
    if letter is not None and letter.served_at is not None:
        return standing.inside or standing.applicant
    return standing.inside and case.state == "DECIDED"


def decision_of(case: Case) -> Decision | None:
    """The Minister's decision that is in effect: the last one."""
    query = sa.select(Decision).where(Decision.case_id == case.id).order_by(Decision.hearing.desc())
    return db.session.scalar(query.limit(1))


def earlier_decision(decision: Decision) -> Decision | None:
    """The decision in whose place this one took effect."""
    query = sa.select(Decision).where(Decision.case_id == decision.case_id, Decision.hearing < decision.hearing)
    return db.session.scalar(query.order_by(Decision.hearing.desc()).limit(1))


def compose(case: Case, on: date, number: str, verification: str) -> LetterData:
    """The letter of a decided case as served on the day `on`. Raises NotFound without a decision."""
    decision = decision_of(case)
    if decision is None:
        raise NotFound
    resolution = resolution_of(case)
    conditions = conditions_of(resolution) if decision.outcome == "approve" else []
    outcome: Outcome = "rejected"
    if decision.outcome == "approve":
        outcome = "approved_with_conditions" if conditions else "approved"
    cycle = terms_of(case)
    programme = db.session.get_one(Programme, cycle.programme_id)
    label = schema.load(case.definition_id, case.definition_version).label
    title = title_of(case)
    return LetterData(
        outcome=outcome,
        issuer=MINISTRY,
        number=number,
        dated=on,
        addressee=addressee(case),
        case_number=case.number,
        case_title=both_names(title),
        cycle=Text(f"{cycle.fiscal_year}년 {label.ko}", f"{label.en} {cycle.fiscal_year}"),
        subject=_subject(programme, decision),
        decision=_decision(decision, outcome),
        signatory=signatory(decision),
        officer=officer(case),
        verification=verification,
        amount=words.money(decision.amount_krw) if decision.amount_krw is not None else None,
        verdict=_verdict(resolution),
        reasons=tuple(reason_of(result) for result in results_of(case)),
        conditions=tuple(
            LetterCondition(
                article=name_of(row, i),
                text=_condition(row),
                due=date.fromisoformat(row.due) if row.due else None,
            )
            for i, row in enumerate(conditions, 1)
        ),
        appeals=appeals(on, objection=decision.hearing == 1),
    )


def _subject(programme: Programme, decision: Decision) -> Text:
    if decision.hearing > 1:
        return Text(
            f"{programme.name_ko} 제안 재심의 결과 통지",
            f"Result of the reconsideration of the proposal to the {programme.name_en}",
        )
    return Text(
        f"{programme.name_ko} 제안 심사 결과 통지",
        f"Result of the proposal to the {programme.name_en}",
    )


def _condition(row: Condition) -> Text:
    """What must be done, and what for."""
    if not row.purpose:
        return Text(row.text, row.text)
    return Text(f"{row.text}\n붙인 목적: {row.purpose}", f"{row.text}\nPurpose: {row.purpose}")


def title_of(case: Case) -> Text:
    """The title in each language; in the other's where the typefaces do not hold it."""
    return Text(legible(case.title_ko, case.title_en), legible(case.title_en, case.title_ko))


def both_names(title: Text) -> str:
    """A title in both languages where they differ."""
    return title.ko if title.ko == title.en else f"{title.ko} ({title.en})"


def addressee(case: Case) -> Text:
    """To whom a letter goes."""
    body = db.session.get(Organisation, case.organisation_id) if case.organisation_id else None
    if body is None:
        return Text("신청기관", "The applicant")
    return Text(legible(body.name_ko, body.name_en), legible(body.name_en, body.name_ko))


def _decision(decision: Decision, outcome: str) -> Text:
    if decision.outcome == "approve":
        amount = words.money(decision.amount_krw or 0)
        tail = (
            Text(" 아래 조건을 이행하여야 합니다.", " The conditions below must be met.")
            if outcome == "approved_with_conditions"
            else Text("", "")
        )
        text = Text(
            f"제안하신 사업을 지원 대상으로 선정하고 {amount.ko}을 지원하기로 결정하였습니다.{tail.ko}",
            f"The project you proposed is selected for support with {amount.en}.{tail.en}",
        )
    else:
        text = Text(
            "제안하신 사업을 지원 대상으로 선정하지 않기로 결정하였습니다.",
            "It is decided not to select the project you proposed for support.",
        )
    before = earlier_decision(decision) if decision.hearing > 1 else None
    if before is not None:
        day = words.day(before.decided_on)
        text = Text(
            f"{text.ko}\n이 결정은 {day.ko} 자 결정을 대신합니다.",
            f"{text.en}\nThis decision takes the place of that of {day.en}.",
        )
    if not decision.reason:
        return text
    return Text(f"{text.ko}\n{decision.reason}", f"{text.en}\n{decision.reason}")


def _verdict(resolution: Any) -> Text | None:
    said = resolution.verdict.get("words") if resolution is not None else None
    return Text(said["ko"], said["en"]) if said else None


def reason_of(result: CriterionResult) -> CriterionReason:
    """A criterion with its mean, and the evaluators' reasons in their own words, unnamed."""
    mean = words.score(result.mean)
    merged = "\n".join(f"- {reason}" for reason in result.reasons)
    name = Text(
        f"{result.name.ko} (평균 {mean} / {result.max})",
        f"{result.name.en} (mean {mean} of {result.max})",
    )
    return CriterionReason(criterion=name, reason=Text(merged, merged))


def signatory(decision: Decision) -> Signatory:
    """In whose name it goes out."""
    person = db.session.get_one(User, decision.decided_by)
    office = Text(f"{MINISTRY.ko}장관", f"Minister, {MINISTRY.en}")
    return Signatory(office, Text(person.name_ko or person.name_en, person.name_en or person.name_ko))


def officer(case: Case) -> Officer:
    """Who answers questions about it."""
    person = db.session.get(User, case.assignee_id) if case.assignee_id else None
    unit = Text("K-City Network 사무국", "K-City Network secretariat")
    if person is None:
        return Officer(unit, Text("담당자", "Officer"), "", "")
    name = Text(person.name_ko or person.name_en, person.name_en or person.name_ko)
    return Officer(unit, name, "", person.email)


def appeals(served_on: date, objection: bool = True) -> tuple[AppealRoute, ...]:
    """Every way open against the decision, with its last day counted from the day of service.

    Without `objection` after a reconsideration, against which none lies any more.
    행정기본법 제36조제1항 (30일), 행정심판법 제27조제1항 (90일), 행정소송법 제20조제1항 (90일).
    """
    routes = _routes(served_on)
    return routes if objection else routes[1:]


def _routes(served_on: date) -> tuple[AppealRoute, ...]:
    first = deadlines.due("civil", served_on, deadlines.Length(30, "days"))
    other = deadlines.due("civil", served_on, deadlines.Length(90, "days"))
    return (
        AppealRoute(
            route=Text(
                "이의신청 (통지를 받은 날부터 30일, 행정기본법 제36조)",
                "Objection (30 days from receipt; General Act on Public Administration Art. 36)",
            ),
            until=first,
            where=Text(
                "국토교통부 (이 시스템의 ‘이의신청’ 또는 담당자)",
                "The Ministry (“File an objection” in this system, or the officer)",
            ),
        ),
        AppealRoute(
            route=Text(
                "행정심판 (처분이 있음을 안 날부터 90일, 행정심판법 제27조)",
                "Administrative appeal (90 days from notice; Administrative Appeals Act Art. 27)",
            ),
            until=other,
            where=Text("중앙행정심판위원회", "Central Administrative Appeals Commission"),
        ),
        AppealRoute(
            route=Text(
                "행정소송 (처분이 있음을 안 날부터 90일, 행정소송법 제20조)",
                "Administrative litigation (90 days from notice; Administrative Litigation Act Art. 20)",
            ),
            until=other,
            where=Text("관할 행정법원", "The competent administrative court"),
        ),
    )


def redated(data: LetterData, on: date) -> LetterData:
    """The same letter with the same ways to contest it, served on the day `on`."""
    return replace(data, dated=on, appeals=_routes(on)[-len(data.appeals) :] if data.appeals else ())


def as_content(data: LetterData) -> dict[str, Any]:
    """The letter as plain data that is stored and sealed."""
    content: dict[str, Any] = _plain(asdict(data))
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return {"ko": value.ko, "en": value.en}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return str(value) if isinstance(value, Fraction) else value


def from_content(content: dict[str, Any]) -> LetterData:
    """A stored letter as page and PDF take it."""
    flat = {key: _text(value) for key, value in content.items()}
    flat["dated"] = date.fromisoformat(content["dated"])
    flat["signatory"] = Signatory(**_texts(content["signatory"]))
    flat["officer"] = Officer(**_texts(content["officer"]))
    flat["reasons"] = tuple(CriterionReason(**_texts(row)) for row in content["reasons"])
    flat["conditions"] = tuple(
        LetterCondition(**{**_texts(row), "due": _day(row["due"])}) for row in content["conditions"]
    )
    flat["appeals"] = tuple(
        AppealRoute(**{**_texts(row), "until": date.fromisoformat(row["until"])}) for row in content["appeals"]
    )
    return LetterData(**flat)


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _text(value) for key, value in row.items()}


def _text(value: Any) -> Any:
    return Text(value["ko"], value["en"]) if isinstance(value, dict) and set(value) == {"ko", "en"} else value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
