"""What an applicant sees of his own cases: the list, one case to work on, and what of it may be edited now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.errors import NotFound
from app.extensions import db
from app.models import Case, Cycle, Once, Organisation, Section, Supplement, SupplementItem, User
from app.queries.cases import case_for
from workflows import schema
from workflows.form_schema import load_form
from workflows.text import Text

EDITABLE = ("DRAFT", "SUPPLEMENT", "CONSULTING")


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the applicant's list."""

    case: Case
    cycle: Cycle
    organisation: Organisation
    state: schema.State
    type_label: Text

    @property
    def title(self) -> Text:
        """Its title; a draft may have none yet."""
        none = Text("(제목 없는 초안)", "(draft without a title)")
        return Text(
            self.case.title_ko or self.case.title_en or none.ko, self.case.title_en or self.case.title_ko or none.en
        )


def my_cases(who: Viewer) -> list[Line]:
    """The cases of my organisations, those that wait for us first; a draft that was withdrawn is gone (one statement)."""
    rows = db.session.execute(
        sa.select(Case, Cycle, Organisation)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Case.organisation_id.in_(who.organisations or (0,)))
        .where(sa.or_(Case.state != "WITHDRAWN", Case.received_at.is_not(None)))
        .order_by(sa.case((Case.turn == "signatory", 0), else_=1), Case.due_on, Case.id.desc())
        .limit(200)
    )
    return [_line(*row) for row in rows]


def _line(case: Case, cycle: Cycle, organisation: Organisation) -> Line:
    definition = schema.load(case.definition_id, case.definition_version)
    state = definition.states[case.state]
    shown = definition.states[state.veil] if state.veil else state
    return Line(case, cycle, organisation, shown, definition.label.text)


def own_case(who: Viewer, number: str, lock: bool = False) -> Case:
    """The case, if `who` belongs to its applicant.

    Raises:
        NotFound: to everybody else, also to those who may read it.
    """
    case = case_for(who, number, lock=lock)
    if case.organisation_id not in who.organisations:
        raise NotFound
    return case


def role_of(who: Viewer, case: Case) -> str:
    """signatory or delegate."""
    return dict(who.memberships)[case.organisation_id or 0]


def submitted_as(who: Viewer, draft_number: str) -> str | None:
    """The number a draft became, if it was submitted and `who` belongs to its applicant."""
    query = sa.select(Case.number).join(Once, Once.result == Case.number)
    return db.session.scalar(
        query.where(Once.key == draft_number, Case.organisation_id.in_(who.organisations or (0,))).limit(1)
    )


def editable_sections(case: Case) -> frozenset[str]:
    """Keys of the sections the applicant may change now: all of a draft, those asked for of a supplement."""
    if case.state not in EDITABLE:
        return frozenset()
    form = load_form(case.definition_id, case.form_version)
    if case.state == "SUPPLEMENT":
        return frozenset(item.section for item in open_items(case))
    return frozenset(section.key for section in form.sections)


def open_supplement(case: Case) -> Supplement | None:
    """The latest request to supplement."""
    query = sa.select(Supplement).where(Supplement.case_id == case.id)
    return db.session.scalar(query.order_by(Supplement.id.desc()).limit(1))


def open_items(case: Case) -> list[SupplementItem]:
    """What the latest request asks for, in its order (one statement)."""
    latest = sa.select(sa.func.max(Supplement.id)).where(Supplement.case_id == case.id).scalar_subquery()
    query = sa.select(SupplementItem).where(SupplementItem.supplement_id == latest)
    return list(db.session.scalars(query.order_by(SupplementItem.id)))


def section_of(case: Case, key: str) -> Section | None:
    """What is stored of a section."""
    return db.session.scalar(sa.select(Section).where(Section.case_id == case.id, Section.key == key))


def saved_by(section: Section | None) -> dict[str, Any] | None:
    """Who saved a section last, and when."""
    if section is None:
        return None
    person = db.session.execute(
        sa.select(User.name_ko, User.name_en, User.email).where(User.id == section.saved_by)
    ).one()
    at: datetime = section.saved_at
    return {"ko": person.name_ko or person.name_en or person.email, "en": person.name_en or person.email, "at": at}


def applicants_of(who: Viewer) -> list[Organisation]:
    """The organisations this person acts for."""
    query = sa.select(Organisation).where(Organisation.id.in_(who.organisations or (0,)))
    return list(db.session.scalars(query.order_by(Organisation.id)))
