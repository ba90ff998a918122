"""The ledger of interests in order of time: of one case, of a committee, and of oneself.

A person is never shown the ledger of a case he is out of, not even his own line in it (`visible`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer, visible
from app.extensions import db
from app.models import Case, Challenge, ChallengeRuling, Declaration, Finding, User
from app.queries.interests import grounds_named
from workflows.interest_rules import Ground
from workflows.text import Text

WORDS: dict[str, Text] = {
    "none": Text("이해충돌 없음 신고", "Declared no conflict"),
    "conflict": Text("이해충돌 신고 (회피)", "Declared a conflict (self-recusal)"),
    "asked": Text("재신고 요청", "Asked for a new declaration"),
    "excluded": Text("제척", "Excluded by law"),
    "clear": Text("이해관계 없음 확인", "Found no conflict"),
    "unsure": Text("판단 유보", "Unsure"),
    "challenged": Text("기피신청", "Challenged by the applicant"),
    "upheld": Text("기피신청 인용", "Challenge upheld"),
    "dismissed": Text("기피신청 기각", "Challenge dismissed"),
}
TONES = {"conflict": "danger", "excluded": "danger", "upheld": "danger", "none": "success", "clear": "success"}
CAPACITIES: dict[str, Text] = {
    "consultant": Text("자문가", "Consultant"),
    "evaluator": Text("평가위원", "Evaluator"),
    "member": Text("위원", "Committee member"),
    "": Text("–", "–"),
}
ASKED: dict[str, Text] = {
    "parties_changed": Text(
        "신청기관이 참여기관·협력기관을 바꾸었습니다.", "The applicant changed the consortium or its partners."
    ),
    "ties_changed": Text("본인의 소속·이해관계 정보가 바뀌었습니다.", "The affiliations on file have changed."),
}
"""Why the question was put anew by itself: stored as its key, shown in words."""
SIZE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    at: datetime
    kind: str
    person_id: int
    person: Text
    capacity: str
    detail: str | Text
    """What was written: own words, a reason; or why the question was put anew by itself."""
    grounds: Sequence[Ground]
    by: Text | None
    """Who recorded it, where that is not the person."""
    case_number: str
    case_title: Text

    @property
    def words(self) -> Text:
        """What happened."""
        return WORDS[self.kind]

    @property
    def tone(self) -> str:
        """How it is marked beside its words."""
        return TONES.get(self.kind, "warning" if self.kind in ("asked", "unsure", "challenged") else "neutral")


def of_case(case: Case, person: int | None = None) -> list[Entry]:
    """Everything on record on the case (about one person), newest first (one statement)."""
    return _read(Case.id == case.id, person=person, limit=1000)


def register(who: Viewer, page: int = 1) -> tuple[list[Entry], bool]:
    """One page of everything on record on cases `who` may know of, newest first, and whether there is more."""
    rows = _read(visible(who), limit=SIZE + 1, offset=SIZE * (page - 1))
    return rows[:SIZE], len(rows) > SIZE


def own(who: Viewer) -> list[Entry]:
    """What one declared and was asked, on cases one may know of, newest first."""
    return [row for row in _read(visible(who), person=who.id, limit=500) if row.kind in ("none", "conflict", "asked")]


def _read(where: Any, *, person: int | None = None, limit: int, offset: int = 0) -> list[Entry]:
    line = _lines().subquery()
    by = sa.orm.aliased(User)
    query = (
        sa.select(line, Case.number, Case.title_ko, Case.title_en, User.name_ko, User.name_en)
        .add_columns(by.name_ko.label("by_ko"), by.name_en.label("by_en"))
        .join(Case, Case.id == line.c.case_id)
        .join(User, User.id == line.c.user_id)
        .outerjoin(by, by.id == line.c.by)
        .where(where)
        .order_by(line.c.at.desc(), line.c.kind, line.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if person is not None:
        query = query.where(line.c.user_id == person)
    return [_entry(row) for row in db.session.execute(query)]


def _lines() -> Any:
    nobody, nothing = sa.null().label("by"), sa.literal("")
    said = sa.select(
        Declaration.id, Declaration.case_id, Declaration.user_id, Declaration.declared_at.label("at"),
        Declaration.answer.label("kind"), Declaration.capacity, Declaration.ground.label("detail"),
        Declaration.rule_set, sa.cast(Declaration.grounds, sa.Text).label("keys"), sa.cast(nobody, sa.BigInteger).label("by"),
    )  # fmt: skip
    found = sa.select(
        Finding.id, Finding.case_id, Finding.user_id, Finding.found_at, Finding.answer, Finding.capacity,
        Finding.reason, Finding.rule_set, Finding.ground, Finding.found_by,
    )  # fmt: skip
    filed = sa.select(
        Challenge.id, Challenge.case_id, Challenge.user_id, Challenge.filed_at, sa.literal("challenged"), nothing,
        Challenge.reason, Challenge.rule_set, nothing, Challenge.filed_by,
    )  # fmt: skip
    ruled = sa.select(
        ChallengeRuling.id, ChallengeRuling.case_id, Challenge.user_id, ChallengeRuling.recorded_at,
        sa.case((ChallengeRuling.upheld, "upheld"), else_="dismissed"), nothing, ChallengeRuling.reason,
        Challenge.rule_set, nothing, ChallengeRuling.recorded_by,
    ).join(Challenge, Challenge.id == ChallengeRuling.challenge_id)  # fmt: skip
    return sa.union_all(said, found, filed, ruled)


def _entry(row: Any) -> Entry:
    keys = [key.strip('[]" ') for key in row.keys.split(",")] if row.keys else []
    return Entry(
        at=row.at,
        kind=row.kind,
        person_id=row.user_id,
        person=Text(row.name_ko or row.name_en, row.name_en or row.name_ko),
        capacity=row.capacity,
        detail=ASKED.get(row.detail, row.detail) if row.kind == "asked" else row.detail,
        grounds=grounds_named(row.rule_set, [key for key in keys if key]),
        by=Text(row.by_ko or row.by_en, row.by_en or row.by_ko) if row.by is not None else None,
        case_number=row.number,
        case_title=Text(row.title_ko or row.title_en, row.title_en or row.title_ko),
    )
