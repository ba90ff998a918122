"""The letter that ends a reserve listing: what had been resolved, why it ends, how it may be contested. Never writes."""

from dataclasses import replace
from datetime import date

from app.documents.letter import AppealRoute, LetterData, Signatory
from app.extensions import db
from app.models import Case, Programme, User
from app.queries.evaluation import results_of
from app.queries.letters import MINISTRY, addressee, appeals, both_names, officer, reason_of, title_of
from app.queries.people import holders
from app.queries.sittings import resolution_of
from app.queries.terms import terms_of
from workflows import schema
from workflows.text import Text

IN_WRITING = Text("국토교통부 (담당자에게 문서로 제출)", "The Ministry (in writing, to the officer)")


def compose_lapse(case: Case, reason: str, on: date, number: str, verification: str) -> LetterData:
    """The letter to who stays without an award, as served on the day `on` (행정절차법 제23조·제26조)."""
    cycle = terms_of(case)
    programme = db.session.get_one(Programme, cycle.programme_id)
    definition = schema.load(case.definition_id, case.definition_version)
    title = title_of(case)
    resolution = resolution_of(case)
    said = resolution.verdict.get("words") if resolution is not None else None
    return LetterData(
        outcome="lapsed",
        issuer=MINISTRY,
        number=number,
        dated=on,
        addressee=addressee(case),
        case_number=case.number,
        case_title=both_names(title),
        cycle=Text(f"{cycle.fiscal_year}년 {definition.label.ko}", f"{definition.label.en} {cycle.fiscal_year}"),
        subject=Text(
            f"{programme.name_ko} 제안 예비 선정 종료 통지",
            f"End of the reserve listing of the proposal to the {programme.name_en}",
        ),
        decision=Text(
            f"예비 선정의 효력이 끝나 제안하신 사업을 지원 대상으로 선정하지 않기로 하였습니다.\n{reason}",
            f"The reserve listing has ended and the project you proposed is not selected for support.\n{reason}",
        ),
        signatory=_minister(definition.programme),
        officer=officer(case),
        verification=verification,
        verdict=Text(said["ko"], said["en"]) if said else None,
        reasons=tuple(reason_of(result) for result in results_of(case)),
        appeals=_routes(on),
    )


def _routes(on: date) -> tuple[AppealRoute, ...]:
    """As against a rejection; the objection goes to the officer in writing."""
    objection, *others = appeals(on)
    return (replace(objection, where=IN_WRITING), *others)


def _minister(programme: str) -> Signatory:
    """In whose name it goes out: the Minister's, whose office holds whoever it is."""
    person = next((db.session.get_one(User, found) for found in holders("minister", programme)), None)
    name = Text(person.name_ko or person.name_en, person.name_en or person.name_ko) if person else Text("", "")
    return Signatory(Text(f"{MINISTRY.ko}장관", f"Minister, {MINISTRY.en}"), name)
