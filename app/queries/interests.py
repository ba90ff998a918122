"""Interests on one case: who takes part, what each said, what the files say beside it, and what was decided.

For the secretariat, and for a person about himself. Never decides anything, and names nobody outside the case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import (
    Affiliation,
    AgendaItem,
    Case,
    Consulting,
    Duty,
    EvaluatorProfile,
    Membership,
    Organisation,
    RoleGrant,
    Seat,
    TiesStated,
    User,
)
from app.queries.proposal import latest_version
from app.queries.standing import Out, out_and_why, said_on
from workflows import interest_checks, interest_rules, schema
from workflows.interest_checks import Check, Party, Person, Tie
from workflows.interest_rules import RuleSet
from workflows.text import Text

APPLICANT = Text("신청기관", "Applicant")
ROWS = {
    "consortium_members": Text("참여기관", "Consortium member"),
    "partner_institutions": Text("해외협력기관", "Overseas partner"),
    "partners": Text("협력기관", "Partner"),
}
"""Fields of the forms whose rows name organisations that stand beside the applicant."""


def rules_for(case: Case, day: date) -> RuleSet:
    """The grounds in force on `day` for the programme of `case`."""
    return interest_rules.in_force(programme_of(case), day)


def programme_of(case: Case) -> str:
    """The programme a case belongs to."""
    return schema.load(case.definition_id, case.definition_version).programme


def parties_in(answers: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, name, contact) of every organisation that a version names beside the applicant, in order."""
    return [
        (key, str(row.get("name") or "").strip(), str(row.get("contact") or "").strip())
        for key in ROWS
        for row in answers.get(key) or []
        if str(row.get("name") or "").strip()
    ]


def parties_of(case: Case) -> list[Party]:
    """The applicant and everyone its newest version names, with register numbers where they are on file."""
    version = latest_version(case)
    named = parties_in(version.answers) if version else []
    wanted = {name for _, name, _ in named}
    query = sa.select(Organisation).where(
        sa.or_(
            Organisation.id == (case.organisation_id or 0),
            Organisation.name_ko.in_(wanted or [""]),
            Organisation.name_en.in_(wanted or [""]),
        )
    )
    known = list(db.session.scalars(query))
    out = []
    applicant = next((org for org in known if org.id == case.organisation_id), None)
    if applicant is not None:
        people = _people_of(applicant.id)
        names = tuple(name for name in (applicant.name_ko, applicant.name_en) if name)
        out.append(Party(APPLICANT, names, applicant.register_number or "", tuple(people)))
    for key, name, contact in named:
        same = next((org for org in known if name in (org.name_ko, org.name_en)), None)
        names = tuple(dict.fromkeys([name, *((same.name_ko, same.name_en) if same else ())]))
        number = (same.register_number or "") if same else ""
        out.append(Party(ROWS[key], tuple(n for n in names if n), number, (contact,) if contact else ()))
    return out


def _people_of(organisation: int) -> list[str]:
    query = (
        sa.select(User.name_ko, User.name_en)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation, Membership.ended_at.is_(None))
        .order_by(User.id)
    )
    return [name for row in db.session.execute(query) for name in row if name]


@dataclass(frozen=True, slots=True)
class Part:
    """Who takes part in a case, and as what."""

    user_id: int
    name: Text
    capacity: str


def parts_of(case: Case) -> list[Part]:
    """The consultant, the evaluators on duty and, once the case is on an agenda, the members (one statement)."""
    tabled = sa.exists().where(AgendaItem.case_id == case.id)
    ways = sa.union_all(
        sa.select(Consulting.consultant_id.label("id"), sa.literal(1).label("turn")).where(
            Consulting.case_id == case.id
        ),
        sa.select(Duty.user_id, sa.literal(2)).where(Duty.case_id == case.id, Duty.excused_at.is_(None)),
        sa.select(Seat.user_id, sa.literal(3)).where(
            Seat.programme == programme_of(case), Seat.ended_at.is_(None), tabled
        ),
    ).subquery()
    query = (
        sa.select(User.id, User.name_ko, User.name_en, ways.c.turn)
        .join(ways, ways.c.id == User.id)
        .order_by(ways.c.turn, User.name_ko, User.id)
    )
    capacity = {1: "consultant", 2: "evaluator", 3: "member"}
    return [
        Part(row.id, Text(row.name_ko or row.name_en, row.name_en or row.name_ko), capacity[row.turn])
        for row in db.session.execute(query)
    ]


def persons(case: Case, people: Sequence[int]) -> dict[int, Person]:
    """What is on file of each of `people`, as the checks take it (eight statements, however many they are)."""
    ties = _ties(people)
    names = {row.id: (row.name_ko, row.name_en) for row in db.session.scalars(sa.select(User).where(_among(people)))}
    stated = set(db.session.scalars(sa.select(TiesStated.user_id).where(TiesStated.user_id.in_(people))))
    adviser = db.session.scalar(sa.select(Consulting.consultant_id).where(Consulting.case_id == case.id))
    appointed, mutual = _appointed(people), judging_each_other(case, people)
    return {
        person: Person(
            names=tuple(name for name in names.get(person, ()) if name),
            ties=tuple(ties.get(person, ())),
            stated=person in stated,
            appointed_on=appointed.get(person),
            adviser=person == adviser,
            reciprocal=person in mutual,
        )
        for person in people
    }


def _among(people: Sequence[int]) -> sa.ColumnElement[bool]:
    return User.id.in_(people)


def _ties(people: Sequence[int]) -> dict[int, list[Tie]]:
    out: dict[int, list[Tie]] = {}
    query = sa.select(Affiliation).where(Affiliation.user_id.in_(people), Affiliation.withdrawn_at.is_(None))
    for row in db.session.scalars(query.order_by(Affiliation.id)):
        tie = Tie((row.organisation,), row.kind, row.register_number, row.since, row.until)
        out.setdefault(row.user_id, []).append(tie)
    profiles = sa.select(EvaluatorProfile).where(EvaluatorProfile.user_id.in_(people))
    for profile in db.session.scalars(profiles.where(EvaluatorProfile.institution != "")):
        out.setdefault(profile.user_id, []).append(Tie((profile.institution,), "employment"))
    here = (
        sa.select(Membership, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id.in_(people))
        .order_by(Membership.id)
    )
    for member, org in db.session.execute(here):
        until = clock.day_of(member.ended_at) if member.ended_at else None
        names = tuple(name for name in (org.name_ko, org.name_en) if name)
        tie = Tie(names, "account", org.register_number or "", clock.day_of(member.since), until)
        out.setdefault(member.user_id, []).append(tie)
    return out


def _appointed(people: Sequence[int]) -> dict[int, date]:
    """The day on which each was first appointed to a seat or a role in which interests are declared."""
    first = sa.union_all(
        sa.select(RoleGrant.user_id, RoleGrant.granted_at.label("at")).where(
            RoleGrant.user_id.in_(people), RoleGrant.role.in_(("consultant", "evaluator", "member"))
        ),
        sa.select(Seat.user_id, Seat.since).where(Seat.user_id.in_(people)),
    ).subquery()
    query = sa.select(first.c.user_id, sa.func.min(first.c.at, type_=first.c.at.type)).group_by(first.c.user_id)
    return {person: clock.day_of(at) for person, at in db.session.execute(query)}


def judging_each_other(case: Case, people: Sequence[int]) -> set[int]:
    """Those of `people` whose own organisation's case of this cycle is judged by people of this applicant
    (국가연구개발혁신법 시행령 제27조제3항)."""
    if not people or case.organisation_id is None:
        return set()
    ours = sa.select(Membership.user_id).where(Membership.organisation_id == case.organisation_id)
    query = (
        sa.select(Membership.user_id)
        .join(Case, Case.organisation_id == Membership.organisation_id)
        .join(Duty, Duty.case_id == Case.id)
        .where(Duty.user_id.in_(ours), Duty.excused_at.is_(None), Membership.user_id.in_(people))
        .where(Membership.ended_at.is_(None), Case.cycle_id == case.cycle_id)
    )
    return set(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One person beside the parties of a case: what he said, what was found, what was decided."""

    part: Part
    said: str
    """none, conflict or undeclared"""
    out: Out
    checks: tuple[Check, ...]

    @property
    def worst(self) -> str:
        """found before unknown before none."""
        return interest_checks.needs_look(self.checks)

    @property
    def apart(self) -> bool:
        """Whether what he said and what was found do not fit: somebody has to look."""
        return self.worst == "found" and not self.out


def evidence(case: Case) -> list[Evidence]:
    """Everybody who takes part, those first who need a look."""
    parts = parts_of(case)
    found = _checked(case, [part.user_id for part in parts])
    said = {capacity: said_on([case.id], capacity).get(case.id, {}) for capacity in {p.capacity for p in parts}}
    rows = [
        Evidence(
            part,
            said[part.capacity].get(part.user_id, "undeclared"),
            out_and_why(case.id, part.user_id)
            if said[part.capacity].get(part.user_id) == "conflict"
            else Out(False, False, False),
            for_capacity(found[part.user_id], part.capacity),
        )
        for part in parts
    ]
    order = {"found": 0, "unknown": 1, "none": 2}
    return sorted(rows, key=lambda row: (not row.apart, bool(row.out), order[row.worst]))


def for_capacity(checks: tuple[Check, ...], capacity: str) -> tuple[Check, ...]:
    """The checks that mean something in a capacity: that the consultant advises on the case is no finding."""
    return tuple(check for check in checks if capacity != "consultant" or check.key != "adviser")


def own_evidence(case: Case, person: int, capacity: str) -> tuple[Check, ...]:
    """What was found about one person: shown to him before he declares. Without what would tell him who judges whom."""
    return tuple(c for c in for_capacity(evidence_on(case, person), capacity) if c.key != "reciprocal")


def evidence_on(case: Case, person: int) -> tuple[Check, ...]:
    """Every check on one person, for the secretariat."""
    return _checked(case, [person])[person]


def _checked(case: Case, people: Sequence[int]) -> dict[int, tuple[Check, ...]]:
    today = clock.today()
    rules, parties = rules_for(case, today), parties_of(case)
    return {
        person: interest_checks.check(known, parties, rules, today) for person, known in persons(case, people).items()
    }


def grounds_named(rule_set: str, keys: Iterable[str]) -> list[interest_rules.Ground]:
    """The grounds behind stored keys, in the set under which they were declared."""
    rules = interest_rules.named(rule_set)
    return rules.words_of(list(keys)) if rules else []
