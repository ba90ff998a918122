"""The people of the demo: organisations, accounts with one shared password, roles, memberships and seats.

Every person and every body here is invented. Call inside a unit of work.
"""

from dataclasses import dataclass, field
from typing import Any

from app import clock
from app.authz import Viewer
from app.demo.source import read
from app.extensions import db
from app.models import Affiliation, EvaluatorProfile, Membership, Organisation, RoleGrant, Seat, TiesStated, User
from app.queries.people import viewer_of

PROGRAMME = "kcity"
SINCE = clock.from_seoul("2025-01-02T09:00")
"""When the people of the demo took up their work: before the first of its cases was begun."""
KINDS = {
    "foreign_local_government": "local_government",
    "foreign_central_government": "central_government",
    "foreign_public_institution": "public_institution",
    "international_organisation": "international_organisation",
    "korean_company": "company",
}
HOUSE_KINDS = {
    "secretariat": "secretariat",
    "molit": "ministry",
    "embassy": "embassy",
    "line_ministry": "ministry",
    "kotra_centre": "trade_centre",
    "local_government": "local_government",
    "audit_office": "public_institution",
}
MEMBER_ROLES = ("signatory", "delegate")
EVERYWHERE = ("administrator", "auditor")
"""Roles held in every programme."""


@dataclass
class People:
    """Accounts by their address, organisations by their key in the content."""

    users: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    _viewers: dict[str, Viewer] = field(default_factory=dict)

    def viewer(self, email: str) -> Viewer:
        """The person as services meet him; roles do not change in the demo, so each is looked up once."""
        if email not in self._viewers:
            self._viewers[email] = viewer_of(db.session.get_one(User, self.users[email]))
        return self._viewers[email]


def load_people(password_hash: str) -> People:
    """Add all of them. `password_hash`: of the one password they share; made once, for that is slow on purpose."""
    people = People()
    organisations, content = read("organisations.yaml"), read("people.yaml")
    for one in (*organisations["house"], *organisations["applicants"]):
        people.organisations[one["key"]] = _organisation(one)
    for person in content["accounts"]:
        user = _user(people, person, password_hash)
        for role in person["roles"]:
            _role(user, role, people.organisations[person["organisation"]])
    for place, person in enumerate(content["evaluators"]):
        user = _user(people, person, password_hash)
        _role(user, "evaluator", None)
        _profile(user, person)
        _ties(user, person, all_told=place != SILENT)
    for place, person in enumerate(content["members"]):
        user = _user(people, person, password_hash)
        _seat(user, person)
        _ties(user, person, all_told=place != SILENT)
    for one in organisations["applicants"]:
        signatory = one["signatory"]
        if signatory["email"] not in people.users:
            _role(_user(people, signatory, password_hash), "signatory", people.organisations[one["key"]])
    db.session.flush()
    return people


SILENT = 4
"""The one of each list who has not said that his ties are all: what is asked of him could not be checked."""


def _ties(user: int, person: dict[str, Any], all_told: bool) -> None:
    """Where he works, as he entered it, and that there is nothing more."""
    db.session.add(
        Affiliation(
            user_id=user,
            organisation=person["affiliation"]["ko"],
            kind="employment",
            source="self",
            entered_by=user,
            entered_at=SINCE,
        )
    )
    if all_told:
        db.session.add(TiesStated(user_id=user, stated_at=SINCE))


REGIONS = ("capital", "chungcheong", "capital", "capital", "honam", "abroad", "dongnam")
"""Where the sample evaluators live, one after the other."""


def _profile(user: int, person: dict[str, Any]) -> None:
    """What the evaluator knows and where he works, as the content tells it."""
    place = int(person["email"].split("@")[0].removeprefix("evaluator")) - 1
    db.session.add(
        EvaluatorProfile(
            user_id=user,
            expertise=sorted(person["expertise"]),
            institution=person["affiliation"]["ko"],
            region=REGIONS[place % len(REGIONS)],
            yearly_cap=20,
            saved_at=clock.now(),
            saved_by=user,
        )
    )


def _organisation(one: dict[str, Any]) -> int:
    row = Organisation(
        name_ko=one["name"]["ko"],
        name_en=one["name"]["en"],
        kind=HOUSE_KINDS.get(one["key"]) or KINDS[one["kind"]],
        country=one["country"],
        register_number=one.get("register_no"),
        size_class=one.get("size_class"),
        created_at=SINCE,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _user(people: People, person: dict[str, Any], password_hash: str) -> int:
    row = User(
        email=person["email"],
        name_ko=person["name"]["ko"],
        name_en=person["name"]["en"],
        locale=person.get("lang", "ko"),
        password_hash=password_hash,
        confirmed_at=SINCE,
        created_at=SINCE,
    )
    db.session.add(row)
    db.session.flush()
    people.users[row.email] = row.id
    return row.id


def _role(user: int, role: str, organisation: int | None) -> None:
    if role in MEMBER_ROLES:
        db.session.add(Membership(user_id=user, organisation_id=organisation, role=role, since=SINCE))
        return
    db.session.add(
        RoleGrant(
            user_id=user,
            role="admin" if role == "administrator" else role,
            programme=None if role in EVERYWHERE else PROGRAMME,
            organisation_id=organisation if role == "opinion_giver" else None,
            granted_at=SINCE,
        )
    )


def _seat(user: int, person: dict[str, Any]) -> None:
    _role(user, "member", None)
    seat = Seat(programme=PROGRAMME, user_id=user, side=person["kind"], chair=person["chair"], since=SINCE)
    db.session.add(seat)


def known_people() -> list[str]:
    """The addresses of the content, for those who check that all of them are there."""
    content, organisations = read("people.yaml"), read("organisations.yaml")
    found = [p["email"] for block in ("accounts", "evaluators", "members") for p in content[block]]
    found += [one["signatory"]["email"] for one in organisations["applicants"]]
    return list(dict.fromkeys(found))
