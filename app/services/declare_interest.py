"""Say, before a file opens, whether one has an interest in it. A change is a new declaration beside the old.

Never guesses: who has said nothing is undeclared, which is neither "none" nor "conflict". The set of grounds in force
on the day is stored with the answer (workflows/interest_rules.py).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Declaration
from app.queries.interests import rules_for
from app.services.act import act_once
from app.services.interest_alarm import warn
from workflows.text import Text

TRIGGERS = {
    "consultant": "declare_consulting",
    "evaluator": "declare_evaluation",
    "member": "declare_sitting",
}


def declare(
    who: Viewer,
    number: str,
    capacity: str,
    answer: str,
    ground: str = "",
    once: str = "",
    grounds: Sequence[str] = (),
    after: Callable[[Case], None] | None = None,
) -> None:
    """Declare in `capacity` (evaluator, member, consultant): none, or conflict with grounds of the set or own words.

    A conflict closes the file to this person at once (공직자의 이해충돌 방지법 제5조) and warns the secretariat where
    too few are left. `after` runs in the same transaction. Raises as `act`, and Invalid for an answer that is neither, a conflict without any ground, or a
    ground that is not in force.
    """
    words = ground.strip()
    _check(answer, words, grounds)

    def change(case: Case, now: datetime) -> list[Sealed]:
        rules = rules_for(case, clock.day_of(now))
        if set(grounds) - set(rules.grounds):
            raise Invalid("grounds", Text("지금 적용되는 사유가 아닙니다.", "This ground is not in force."))
        row = next_declaration(case, who.id, capacity, now)
        row.answer, row.ground = answer, words
        row.rule_set, row.grounds = rules.name, [key for key in rules.grounds if key in grounds]
        db.session.add(row)
        db.session.flush()
        return [row]

    def follow(case: Case) -> None:
        if after is not None:
            after(case)
        if answer == "conflict":
            warn(case, who)

    data = {"person": {"ko": who.name_ko, "en": who.name_en}, "answer": answer}
    act_once(who, number, TRIGGERS[capacity], once=once, data=data, change=change, after=follow)


def _check(answer: str, words: str, grounds: Sequence[str]) -> None:
    if answer not in ("none", "conflict"):
        raise Invalid("answer", Text("이해충돌 여부를 선택해 주십시오.", "Say whether there is a conflict."))
    if answer == "conflict" and not words and not grounds:
        raise Invalid("ground", Text("이해충돌의 사유나 내용을 적어 주십시오.", "Say what the conflict is."))
    if answer == "none" and grounds:
        text = Text(
            "이해충돌이 없다고 신고하면서 사유를 선택하셨습니다. 하나만 선택해 주십시오.",
            "You chose a ground and declared no conflict; it can only be one of the two.",
        )
        raise Invalid("answer", text)


def next_declaration(case: Case, person: int, capacity: str, now: datetime) -> Declaration:
    """The row after the last one of this person and capacity, not yet stored."""
    where = (Declaration.case_id == case.id, Declaration.user_id == person, Declaration.capacity == capacity)
    last = db.session.scalar(sa.select(sa.func.max(Declaration.number)).where(*where)) or 0
    return Declaration(case_id=case.id, user_id=person, capacity=capacity, number=last + 1, ground="", declared_at=now)
