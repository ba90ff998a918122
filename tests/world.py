"""A small world to act in: the accounts of the contract, their organisations, and a case in any state.

`case_in` places a case directly in a state (a test seam: it writes one event and skips the guards), so that each
step can be tested without walking all the way to it. Journeys walk the whole way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.authz import Viewer
from app.base import fingerprint
from app.db import unit_of_work
from app.extensions import db
from app.models import (
    Attachment,
    Case,
    Cycle,
    LoginSession,
    Membership,
    Organisation,
    RoleGrant,
    Seat,
    Section,
    User,
    Version,
)
from app.queries.people import hash_of, viewer_of
from app.services.load_programme import load_programme
from app.services.record import record
from workflows import schema
from workflows.engine import Outcome
from workflows.form_schema import load_form

PASSWORD = "demo-only-2026"
ORGANISATIONS = (
    ("hanoi", "하노이시 인민위원회", "Hanoi People's Committee", "local_government", "VN"),
    ("company", "주식회사 시티랩", "CityLab Co., Ltd.", "company", "KR"),
    ("embassy", "주베트남 대한민국 대사관", "Embassy of Korea in Viet Nam", "embassy", "KR"),
    ("ministry", "외교부", "Ministry of Foreign Affairs", "ministry", "KR"),
    ("kotra", "코트라 하노이 무역관", "KOTRA Hanoi", "trade_centre", "KR"),
    ("other", "울란바토르시", "Ulaanbaatar City", "local_government", "MN"),
)
ORGANISATIONS_BY_NAME = {name_en: key for key, _, name_en, _, _ in ORGANISATIONS}


def fill(field: Any) -> Any:
    """A plain valid answer to one question of a form."""
    if field.kind in ("line", "text"):
        return ("Plain words. " * 400)[: max(field.min or 0, 24)].strip() or "Words"
    if field.kind in ("choice", "yes_no"):
        return sorted(field.values)[0] if field.kind == "choice" else "no"
    if field.kind == "choices":
        return sorted(field.values)[: max(field.min or 0, 1)]
    if field.kind in ("money", "number"):
        return max(field.min or 0, 1)
    fixed = {
        "date": "2027-03-01",
        "month": "2027-03",
        "country": "VN",
        "email": "someone@example.org",
        "phone": "+84 24 1234 5678",
        "url": "https://example.org",
        "coordinates": {"lat": "21.03", "lon": "105.85"},
        "declaration": True,
    }
    if field.kind == "rows":
        rows = max(field.min or 0, 1)
        return [{column.key: fill(column) for column in field.columns} for _ in range(rows)]
    return fixed[field.kind]


def good_answers(definition_id: str) -> dict[str, dict[str, Any]]:
    """section key -> valid answers, with amounts that fit each other."""
    form = load_form(definition_id, 1)
    flat: dict[str, Any] = {}
    out: dict[str, dict[str, Any]] = {}
    for section in form.sections:
        mine: dict[str, Any] = {}
        for field in section.fields:
            if field.kind == "files" or not field.asked(flat):
                continue
            mine[field.key] = flat[field.key] = fill(field)
        out[section.key] = mine
    fixed: dict[str, Any] = {
        "title_ko": "하노이 스마트 교통 관제 기본구상",
        "title_en": "Hanoi smart traffic control basic concept",
        "city": "Hanoi",
        "amount_requested": 300_000_000,
        "start_month": "2027-03",
        "end_month": "2027-12",
        "matching_cash": 0,
        "matching_in_kind": 0,
        "partner_institutions": None,
        "cost_plan": None,
        "consortium_members": None,
    }
    for section in form.sections:
        for field in section.fields:
            if field.key not in out[section.key] or field.key not in fixed:
                continue
            if field.key == "cost_plan":
                out[section.key][field.key] = _cost_plan(field)
            elif field.key == "partner_institutions":
                row = {c.key: fill(c) for c in field.columns}
                out[section.key][field.key] = [{**row, "type": "local_government"}]
            elif field.key == "consortium_members":
                row = {c.key: fill(c) for c in field.columns}
                out[section.key][field.key] = [{**row, "share_percent": 30, "country": "KR"}]
            else:
                out[section.key][field.key] = fixed[field.key]
    return out


def _cost_plan(field: Any) -> list[dict[str, Any]]:
    rows = []
    for item, amount in (("labour", 100_000_000), ("equipment", 200_000_000)):
        rows.append({**{c.key: fill(c) for c in field.columns}, "item": item, "amount": amount})
    return rows


class World:
    """Accounts by the first part of their e-mail: world.user("officer"), world.viewer("member01")."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.ids: dict[str, int] = {}
        self.orgs: dict[str, int] = {}
        self._made = 0
        self.ids = {str(mail).split("@")[0]: id_ for mail, id_ in self._rows(User.email, User.id)}
        self.orgs = {
            ORGANISATIONS_BY_NAME[str(name)]: id_ for name, id_ in self._rows(Organisation.name_en, Organisation.id)
        }
        if not self.ids:
            load_programme("kcity")
            with unit_of_work():
                self._organisations()
                self._people()

    @staticmethod
    def _rows(*columns: Any) -> list[Any]:
        return list(db.session.execute(sa.select(*columns)))

    # people --------------------------------------------------------------------------------------------

    def _organisations(self) -> None:
        for key, ko, en, kind, country in ORGANISATIONS:
            row = Organisation(name_ko=ko, name_en=en, kind=kind, country=country, created_at=clock.now())
            db.session.add(row)
            db.session.flush()
            self.orgs[key] = row.id

    def _people(self) -> None:
        self.add_user("applicant", org="hanoi", member="signatory")
        self.add_user("delegate", org="hanoi", member="delegate")
        self.add_user("stranger", org="other", member="signatory")
        self.add_user("company", org="company", member="signatory")
        for name in ("officer", "officer2"):
            self.add_user(name, role="officer", programme="kcity")
        for number in range(1, 8):
            self.add_user(f"evaluator{number}", role="evaluator", programme="kcity")
        self.add_user("consultant", role="consultant", programme="kcity")
        self.add_user("clerk", role="clerk", programme="kcity")
        self.add_user("minister", role="minister", programme="kcity")
        self.add_user("auditor", role="auditor")
        self.add_user("admin", role="admin")
        for name in ("embassy", "ministry"):
            self.add_user(name, role="opinion_giver", programme="kcity", org=name)
        for number in range(1, 25):
            self._member(number)

    def _member(self, number: int) -> None:
        user = self.add_user(f"member{number:02}", role="member", programme="kcity")
        side = "government" if number <= 10 else "private"
        seat = Seat(programme="kcity", user_id=user, side=side, chair=number in (1, 11), since=clock.now())
        db.session.add(seat)

    def add_user(
        self,
        name: str,
        *,
        role: str | None = None,
        programme: str | None = None,
        org: str | None = None,
        member: str | None = None,
    ) -> int:
        """One account; its id. Call inside a unit of work."""
        now = clock.now()
        user = User(
            email=f"{name}@kcity.test",
            name_ko=f"{name} 님",
            name_en=name.title(),
            locale="ko",
            password_hash="!",
            confirmed_at=now,
            created_at=now,
        )
        db.session.add(user)
        db.session.flush()
        self.ids[name] = user.id
        org_id = self.orgs[org] if org else None
        if member and org_id:
            db.session.add(Membership(user_id=user.id, organisation_id=org_id, role=member, since=now))
        if role:
            grant = RoleGrant(user_id=user.id, role=role, programme=programme, organisation_id=org_id, granted_at=now)
            db.session.add(grant)
        db.session.flush()
        return user.id

    def viewer(self, name: str) -> Viewer:
        """The person as services and queries meet him."""
        return viewer_of(db.session.get_one(User, self.ids[name]))

    def client(self, name: str | None = None, lang: str = "ko") -> FlaskClient:
        """A test client, signed in as `name`, whose POSTs need no token (csrf is tested on its own)."""
        self.app.config["WTF_CSRF_ENABLED"] = False
        client = self.app.test_client()
        client.set_cookie("lang", lang)
        if name is not None:
            token = f"test-token-{name}-{self._next()}"
            now = clock.now()
            with unit_of_work():
                db.session.add(
                    LoginSession(token_hash=hash_of(token), user_id=self.ids[name], started_at=now, seen_at=now)
                )
            with client.session_transaction() as cookie:
                cookie["_user_id"] = token
                cookie["_fresh"] = True
        return client

    def _next(self) -> int:
        self._made += 1
        return self._made

    # cases ---------------------------------------------------------------------------------------------

    def cycle(self, definition_id: str = "kcity-planning", year: int = 2027) -> Cycle:
        """A cycle of the programme."""
        return db.session.scalars(
            sa.select(Cycle).where(Cycle.definition_id == definition_id, Cycle.fiscal_year == year)
        ).one()

    def case_in(self, state: str, definition_id: str = "kcity-planning", **columns: Any) -> Case:
        """A case placed in `state`, with its sections, a version and one event. Detached reads are safe."""
        number = self._next()
        with unit_of_work():
            case = self._case(number, definition_id, columns)
            if state != "DRAFT":
                self._place(case, state)
            else:
                from app.services.record import count

                count(case, None, "DRAFT")
        return case

    def _case(self, number: int, definition_id: str, columns: dict[str, Any]) -> Case:
        now = clock.now()
        planning = definition_id == "kcity-planning"
        owner = "applicant" if planning else "company"
        values: dict[str, Any] = {
            "number": f"KCN-2027-{number:04}",
            "definition_id": definition_id,
            "definition_version": schema.newest(definition_id).version,
            "cycle_id": self.cycle(definition_id).id,
            "organisation_id": self.orgs["hanoi" if planning else "company"],
            "state": "DRAFT",
            "title_ko": "하노이 스마트 교통 관제 기본구상",
            "title_en": "Hanoi smart traffic control basic concept",
            "country": "VN",
            "city": "Hanoi",
            "requested_krw": 300_000_000,
            "created_at": now,
            "created_by": self.ids[owner],
            "turn": "signatory",
            "turn_since": now,
            "eligibility": {q.key: q.ok for q in load_form(definition_id, 1).eligibility},
            "decided_on": clock.today() if columns.get("outcome") else None,
            **columns,
        }
        case = Case(**values)
        db.session.add(case)
        db.session.flush()
        for key, answers in good_answers(definition_id).items():
            db.session.add(
                Section(
                    case_id=case.id, key=key, answers=answers, complete=True, saved_at=now, saved_by=self.ids[owner]
                )
            )
        for field in load_form(definition_id, 1).fields:
            if field.kind == "files" and field.at_least:
                db.session.add(
                    Attachment(
                        case_id=case.id,
                        slot=field.key,
                        name="letter.pdf",
                        kind="pdf",
                        media_type="application/pdf",
                        size=10,
                        sha256="0" * 64,
                        uploaded_at=now,
                        uploaded_by=self.ids[owner],
                    )
                )
        db.session.flush()
        return case

    def _place(self, case: Case, state: str) -> None:
        now = clock.now()
        definition = schema.load(case.definition_id, case.definition_version)
        case.received_at = case.received_at or now - timedelta(minutes=5)
        case.assignee_id = case.assignee_id or self.ids["officer"]
        case.decided_on = clock.today() if state in ("DECIDED", "ANNOUNCED", "CLOSED") else None
        if case.decided_on:
            case.outcome = case.outcome or "reject"
        if state in ("ANNOUNCED", "CLOSED"):
            case.announced_at = now
        answers = {k: v for part in good_answers(case.definition_id).values() for k, v in part.items()}
        version = Version(
            case_id=case.id,
            number=1,
            answers=answers,
            files=[],
            sha256=fingerprint({"case": case.number, "version": 1, "answers": answers, "files": []}),
            made_at=now,
            made_by=case.created_by,
            reason="submit",
        )
        db.session.add(version)
        db.session.flush()
        submit = definition.find("DRAFT", "submit")
        assert submit is not None
        outcome = Outcome(submit, "DRAFT", state, {})
        record(case, outcome, definition, None, frozenset({"signatory"}), now, {"placed": True}, [version])


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Every SQL statement sent while inside, but those of tests/invariants.py."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not connection.get_execution_options().get("looking"):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
