"""Start a draft: the type, the applicant and the answers of the self-check. Seen by the applicant's people only."""

import secrets
from collections.abc import Mapping

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotAllowed, NotFound
from app.extensions import db
from app.intake.applicants import misfit
from app.models import Case, Organisation
from app.queries.cycles import target_cycle
from app.services.once import earlier_result, remember
from app.services.record import count
from workflows import schema
from workflows.form_schema import load_form
from workflows.text import Text, because


def start_draft(
    who: Viewer, definition_id: str, organisation_id: int, eligibility: Mapping[str, str], once: str
) -> str:
    """A new, empty draft; its number. `eligibility`: question key -> "yes" or "no".

    Raises:
        NotFound: the organisation is not one of this person's.
        NotAllowed: it may not apply for this type, or nothing can be applied for now.
        Invalid: a question of the self-check has no answer, or one that rules the proposal out.
    """
    with unit_of_work():
        body = f"{definition_id}:{organisation_id}"
        if earlier := earlier_result(who, once, body):
            return earlier
        case = _draft(who, definition_id, organisation_id, dict(eligibility))
        db.session.add(case)
        db.session.flush()
        count(case, None, "DRAFT")
        remember(who, once, body, case.number)
        return case.number


def _draft(who: Viewer, definition_id: str, organisation_id: int, eligibility: dict[str, str]) -> Case:
    if organisation_id not in who.organisations:
        raise NotFound
    organisation = db.session.get_one(Organisation, organisation_id)
    if reason := misfit(definition_id, organisation.kind, organisation.country):
        raise NotAllowed(reason)
    now = clock.now()
    cycle = target_cycle(definition_id, now)
    if cycle is None:
        raise NotAllowed(
            because("window_closed", "지금은 접수 기간이 아닙니다.", "Nothing can be applied for at present.")
        )
    _eligible(definition_id, cycle.form_version, eligibility)
    definition = schema.newest(definition_id)
    return Case(
        number=f"DRAFT-{secrets.token_hex(5)}",
        definition_id=definition_id,
        definition_version=definition.version,
        form_version=cycle.form_version,
        cycle_id=cycle.id,
        cycle_revision=cycle.revision,
        organisation_id=organisation_id,
        state=definition.initial,
        seq=0,
        head="",
        created_at=now,
        created_by=who.id,
        turn=definition.states[definition.initial].turn,
        turn_since=now,
        eligibility=eligibility,
    )


def _eligible(definition_id: str, form_version: int, answers: dict[str, str]) -> None:
    for question in load_form(definition_id, form_version).eligibility:
        if answers.get(question.key) not in ("yes", "no"):
            raise Invalid(question.key, Text("답을 선택해 주십시오.", "Please answer this."))
        if answers[question.key] != question.ok:
            raise Invalid(question.key, question.why_not)
