"""Put the question of interests anew: by the desk where it is unsure, by itself where a party or an affiliation changed.

What was declared stays on record; until the answer comes the papers are closed. A conflict that was declared is never
put in question by the system, only by the desk.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import AgendaItem, Case, Consulting, Declaration, Duty, Seat, User, Version
from app.queries.interest_history import ASKED
from app.queries.interests import parties_in, programme_of
from app.queries.standing import said_on
from app.services.act import SYSTEM, act_as_system
from app.services.declare_interest import TRIGGERS, next_declaration
from app.services.tell import tell
from workflows import schema
from workflows.text import Text

SUBJECT = Text("이해관계 재신고 요청", "Please declare your interests anew")
BODY = Text(
    "사유: {}\n다시 신고하실 때까지 이 사건의 자료는 열리지 않습니다.",
    "Why: {}\nThe papers of this case stay closed until you declare again.",
)


def ask_rows(case: Case, people: Iterable[tuple[int, str]], reason: str, now: datetime) -> list[Sealed]:
    """One row "asked" for each of (person, capacity). Raises Invalid where the person has never declared."""
    rows: list[Sealed] = []
    for person, capacity in people:
        row = next_declaration(case, person, capacity, now)
        if row.number == 1:
            raise Invalid("person", Text("아직 신고하지 않은 사람입니다.", "This person has not declared yet."))
        row.answer, row.ground, row.rule_set, row.grounds = "asked", reason.strip(), "", []
        db.session.add(row)
        rows.append(row)
    db.session.flush()
    return rows


def names(people: Iterable[int]) -> list[dict[str, str]]:
    """The people's names in both languages, by id."""
    query = sa.select(User.name_ko, User.name_en).where(User.id.in_(list(people))).order_by(User.id)
    return [{"ko": row.name_ko, "en": row.name_en} for row in db.session.execute(query)]


def parties_changed(case: Case) -> None:
    """Call after a new version is on record: asks anew whoever declared none, if the organisations named differ."""
    if schema.load(case.definition_id, case.definition_version).find(case.state, "ask_anew") is None:
        return
    query = sa.select(Version.answers).where(Version.case_id == case.id).order_by(Version.number.desc()).limit(2)
    last_two = list(db.session.scalars(query))
    if len(last_two) == 2 and _bodies(last_two[0]) != _bodies(last_two[1]):
        _by_itself(case, cleared(case), "parties_changed")


def _bodies(answers: dict[str, Any]) -> set[tuple[str, str]]:
    return {(field, name) for field, name, _ in parties_in(answers)}


def ties_changed(person: int) -> None:
    """Call after a person's ties were changed: asks him anew on every live case on which he declared none."""
    query = (
        sa.select(Case)
        .where(sa.exists().where(Declaration.case_id == Case.id, Declaration.user_id == person))
        .order_by(Case.id)
    )
    for case in list(db.session.scalars(query)):
        _by_itself(case, [one for one in cleared(case) if one[0] == person], "ties_changed")


def cleared(case: Case) -> list[tuple[int, str]]:
    """(person, capacity) of those who take part, declared none and could declare again in this state."""
    definition = schema.load(case.definition_id, case.definition_version)
    able = [capacity for capacity, trigger in TRIGGERS.items() if definition.find(case.state, trigger)]
    found = []
    for capacity in able if definition.find(case.state, "ask_anew") else ():
        taking_part = set(db.session.scalars(_part(case, capacity)))
        said = said_on([case.id], capacity).get(case.id, {})
        found += [(p, capacity) for p, answer in sorted(said.items()) if answer == "none" and p in taking_part]
    return found


def _part(case: Case, capacity: str) -> sa.Select[Any]:
    if capacity == "consultant":
        return sa.select(Consulting.consultant_id).where(Consulting.case_id == case.id)
    if capacity == "evaluator":
        return sa.select(Duty.user_id).where(Duty.case_id == case.id, Duty.excused_at.is_(None))
    tabled = sa.exists().where(AgendaItem.case_id == case.id)
    return sa.select(Seat.user_id).where(Seat.programme == programme_of(case), Seat.ended_at.is_(None), tabled)


def _by_itself(case: Case, people: list[tuple[int, str]], key: str) -> None:
    """One event of the system for all of them, and a notice to each."""
    if not people:
        return
    why = ASKED[key]
    asked = act_as_system(
        case.number,
        "ask_anew",
        inputs={"in_reason": why.ko},
        data={"why": {"ko": why.ko, "en": why.en}, "people": names(person for person, _ in people)},
        change=lambda found, now: ask_rows(found, people, key, now),
    )
    tell_asked(asked, [person for person, _ in people], why, SYSTEM)


def tell_asked(case: Case, people: Iterable[int], why: Text, who: Viewer) -> None:
    """The notice to those who are asked anew."""
    body = Text(BODY.ko.format(why.ko), BODY.en.format(why.en))
    tell(case, set(people), SUBJECT, body, f"/cases/{case.number}", who)
