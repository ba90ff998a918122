"""The desk judges what lies side by side: excluded by law (제척), clear, or unsure. Each is a record with its reason.

An exclusion stands over the person's own "none" and shuts the case to him at once; "clear" lifts it by a new record;
"unsure" puts the question to the person anew. The committee's rulings and what people declared are not touched.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Declaration, Finding
from app.queries.interests import evidence_on, parts_of, rules_for
from app.services.act import act_once
from app.services.ask_anew import ask_rows, names, tell_asked
from app.services.interest_alarm import warn
from workflows.interest_rules import Ground
from workflows.text import Text

TRIGGERS = {"excluded": "exclude", "clear": "clear_interest", "unsure": "ask_anew"}


def judge(
    who: Viewer,
    number: str,
    person: int,
    answer: str,
    reason: str,
    ground: str = "",
    revision: int | None = None,
    once: str = "",
) -> None:
    """Record the finding on `person`: excluded (with the `ground` of the set in force), clear or unsure.

    Raises as `act`; Invalid for an answer that is none of them, a person who takes no part, a ground not in force.
    """
    if answer not in TRIGGERS:
        raise Invalid("answer", Text("판단을 선택해 주십시오.", "Choose one of the three."))
    asked: list[int] = []

    def change(case: Case, now: datetime) -> list[Sealed]:
        capacity = _capacity(case, person)
        rules = rules_for(case, clock.day_of(now))
        held = _held(rules.grounds, ground) if answer == "excluded" else None
        row = Finding(
            case_id=case.id,
            user_id=person,
            capacity=capacity,
            number=_next(case, person),
            answer=answer,
            ground=held.key if held else "",
            article=held.article if held else "",
            reason=reason.strip(),
            rule_set=rules.name,
            checks={check.key: check.state for check in evidence_on(case, person)},
            found_by=who.id,
            found_at=now,
        )
        db.session.add(row)
        db.session.flush()
        if answer != "unsure" or not _declared(case, person, capacity):
            return [row]
        asked.append(person)
        return [row, *ask_rows(case, [(person, capacity)], reason, now)]

    def after(case: Case) -> None:
        if asked:
            tell_asked(case, asked, Text(reason.strip(), reason.strip()), who)
        warn(case, who)

    data: dict[str, Any] = {"people": names([person]), "reason": reason.strip()}
    inputs = {"in_reason": reason, "in_ground": ground if answer == "excluded" else ""}
    act_once(
        who, number, TRIGGERS[answer], once=once, inputs=inputs, revision=revision, data=data, change=change,
        after=after,
    )  # fmt: skip


def _capacity(case: Case, person: int) -> str:
    found = next((part.capacity for part in parts_of(case) if part.user_id == person), None)
    if found is None:
        last = sa.select(Finding.capacity).where(Finding.case_id == case.id, Finding.user_id == person)
        found = db.session.scalar(last.order_by(Finding.number.desc()).limit(1))
    if found is None:
        raise Invalid("person", Text("이 사건에 참여하는 사람이 아닙니다.", "This person takes no part in the case."))
    return found


def _held(grounds: dict[str, Ground], key: str) -> Ground:
    if key not in grounds:
        raise Invalid("ground", Text("지금 적용되는 제척 사유를 선택해 주십시오.", "Choose a ground that is in force."))
    return grounds[key]


def _next(case: Case, person: int) -> int:
    query = sa.select(sa.func.max(Finding.number)).where(Finding.case_id == case.id, Finding.user_id == person)
    return (db.session.scalar(query) or 0) + 1


def _declared(case: Case, person: int, capacity: str) -> bool:
    """Whether there is an answer to put in question."""
    where = (Declaration.case_id == case.id, Declaration.user_id == person, Declaration.capacity == capacity)
    last = sa.select(Declaration.answer).where(*where).order_by(Declaration.number.desc()).limit(1)
    return db.session.scalar(last) in ("none", "conflict")
