"""The consulting of a case as its three sides see it: who advises, what was said, answered and judged."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.authz import Viewer
from app.errors import NotFound
from app.extensions import db
from app.interests import stands
from app.models import Case, CaseClock, Consulting, Meeting, User
from app.models.consulting import Advice
from app.queries.people import holders
from workflows import schema
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Room:
    """Everything the consulting page shows."""

    consulting: Consulting | None
    consultant: Text | None
    declared: str
    """none, conflict or undeclared"""
    meetings: list[Meeting]
    advice: list[Advice]
    clock: CaseClock | None

    @property
    def judged(self) -> int:
        """Advice items that are judged."""
        return sum(item.met is not None for item in self.advice)


def consulting_of(case: Case) -> Consulting | None:
    """The consulting of the case, if a consultant is named."""
    return db.session.scalar(sa.select(Consulting).where(Consulting.case_id == case.id))


def advice_item(case: Case, advice_id: int) -> Advice:
    """One advice item of this case.

    Raises:
        NotFound: it is not one of this case's.
    """
    query = sa.select(Advice).where(Advice.id == advice_id, Advice.case_id == case.id)
    item = db.session.scalar(query)
    if item is None:
        raise NotFound
    return item


def room(case: Case) -> Room:
    """The consulting page's facts (five statements)."""
    said = stands(case.id, Consulting.consultant_id, "consultant")
    row = db.session.execute(
        sa.select(Consulting, User.name_ko, User.name_en, said.label("said"))
        .join(User, User.id == Consulting.consultant_id)
        .where(Consulting.case_id == case.id)
    ).first()
    if row is None:
        return Room(None, None, "undeclared", [], [], None)
    meetings = sa.select(Meeting).where(Meeting.case_id == case.id).order_by(Meeting.held_on, Meeting.id)
    advice = sa.select(Advice).where(Advice.case_id == case.id).order_by(Advice.id)
    running = sa.select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.key == "consulting")
    return Room(
        consulting=row.Consulting,
        consultant=Text(row.name_ko or row.name_en, row.name_en or row.name_ko),
        declared=row.said or "undeclared",
        meetings=list(db.session.scalars(meetings)),
        advice=list(db.session.scalars(advice)),
        clock=db.session.scalar(running.order_by(CaseClock.id.desc()).limit(1)),
    )


def candidates(case: Case) -> list[tuple[int, Text]]:
    """Who may be asked to advise in this programme: (account, name)."""
    programme = schema.load(case.definition_id, case.definition_version).programme
    return people(holders("consultant", programme))


def people(ids: list[int]) -> list[tuple[int, Text]]:
    """(account, name) in the order of the names."""
    rows = db.session.execute(
        sa.select(User.id, User.name_ko, User.name_en).where(User.id.in_(ids)).order_by(User.name_ko, User.id)
    )
    return [(row.id, Text(row.name_ko or row.name_en, row.name_en or row.name_ko)) for row in rows]


def is_consultant(who: Viewer, case: Case) -> bool:
    """Whether `who` is the consultant named, declared or not."""
    named = consulting_of(case)
    return named is not None and named.consultant_id == who.id
