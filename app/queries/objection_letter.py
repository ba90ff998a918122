"""The letter that answers an objection: what was objected, what is held, and the ways that are open next. Never writes."""

from datetime import date

from app import clock
from app.documents.letter import AppealRoute, CriterionReason, LetterData
from app.errors import NotFound
from app.extensions import db
from app.models import Case, Decision, Objection, Programme
from app.queries.letters import MINISTRY, addressee, both_names, decision_of, officer, signatory, title_of
from app.queries.terms import terms_of
from workflows import deadlines, schema, words
from workflows.text import Text


def compose_answer(case: Case, objection: Objection, on: date, number: str, verification: str) -> LetterData:
    """The answer to `objection` as served on the day `on` (행정기본법 제36조제2항). Raises NotFound without a decision."""
    decision = decision_of(case)
    if decision is None:
        raise NotFound
    cycle = terms_of(case)
    programme = db.session.get_one(Programme, cycle.programme_id)
    label = schema.load(case.definition_id, case.definition_version).label
    title = title_of(case)
    return LetterData(
        outcome="upheld" if objection.upheld else "dismissed",
        issuer=MINISTRY,
        number=number,
        dated=on,
        addressee=addressee(case),
        case_number=case.number,
        case_title=both_names(title),
        cycle=Text(f"{cycle.fiscal_year}년 {label.ko}", f"{label.en} {cycle.fiscal_year}"),
        subject=Text(
            f"{programme.name_ko} 제안 이의신청 결과 통지",
            f"Answer to the objection concerning the proposal to the {programme.name_en}",
        ),
        decision=_decision(objection, decision),
        signatory=signatory(decision),
        officer=officer(case),
        verification=verification,
        reasons=(
            CriterionReason(Text("이의신청 요지", "The objection"), Text(objection.text, objection.text)),
            CriterionReason(Text("판단 이유", "Reasons of the answer"), Text(objection.answer, objection.answer)),
        ),
        appeals=() if objection.upheld else next_routes(on, decision.decided_on),
    )


def _decision(objection: Objection, decision: Decision) -> Text:
    filed, decided = words.day(clock.day_of(objection.filed_at)), words.day(decision.decided_on)
    if objection.upheld:
        return Text(
            f"{decided.ko} 자 결정에 대하여 {filed.ko}에 제기하신 이의신청을 받아들여, 첫 심사에 참여하지 않은 위원으로 "
            "평가위원을 다시 구성하여 재심의합니다. 재심의 결과는 따로 통지하며, 그때까지는 당초 결정의 효력이 유지됩니다.",
            f"The objection of {filed.en} to the decision of {decided.en} is upheld. The case is reconsidered by a panel "
            "without any member of the first. Its result will be notified; until then the first decision stands.",
        )
    return Text(
        f"{decided.ko} 자 결정에 대하여 {filed.ko}에 제기하신 이의신청은 이유가 없어 받아들이지 않습니다.",
        f"The objection of {filed.en} to the decision of {decided.en} is dismissed.",
    )


def next_routes(told_on: date, decided_on: date) -> tuple[AppealRoute, ...]:
    """What is open after an answer served on `told_on` to an objection against a decision of `decided_on`.

    90 days from the answer (행정기본법 제36조제4항), and never later than 180 days from the decision for the appeal
    (행정심판법 제27조제3항) or a year for the litigation (행정소송법 제20조제2항).
    """
    ninety = deadlines.due("civil", told_on, deadlines.Length(90, "days"))
    appeal = min(ninety, deadlines.due("civil", decided_on, deadlines.Length(180, "days")))
    suit = min(ninety, deadlines.due("civil", decided_on, deadlines.Length(1, "years")))
    return (
        AppealRoute(
            route=Text(
                "행정심판 (결과를 통지받은 날부터 90일, 행정기본법 제36조제4항. 처분이 있었던 날부터 180일 이내, "
                "행정심판법 제27조제3항)",
                "Administrative appeal (90 days from this answer; General Act on Public Administration Art. 36(4); within "
                "180 days of the decision; Administrative Appeals Act Art. 27(3))",
            ),
            until=appeal,
            where=Text("중앙행정심판위원회", "Central Administrative Appeals Commission"),
        ),
        AppealRoute(
            route=Text(
                "행정소송 (결과를 통지받은 날부터 90일, 행정기본법 제36조제4항. 처분이 있은 날부터 1년 이내, "
                "행정소송법 제20조제2항)",
                "Administrative litigation (90 days from this answer; General Act on Public Administration Art. 36(4); "
                "within a year of the decision; Administrative Litigation Act Art. 20(2))",
            ),
            until=suit,
            where=Text("관할 행정법원", "The competent administrative court"),
        ),
    )
