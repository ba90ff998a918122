"""Everything that waits for one person, whatever the role, in the order in which it is due.

Each source is one statement, and is asked only of those who hold its role. A case with a declared conflict is in
none of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, visible
from app.extensions import db
from app.interests import stands
from app.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Case,
    Challenge,
    ChallengeRuling,
    Consulting,
    Cycle,
    Duty,
    ItemSeat,
    Opinion,
    Organisation,
    ScoreSheet,
    Seat,
    Sitting,
)
from app.models.case import NO_DEADLINE
from app.models.consulting import Advice
from app.queries.interest_alarms import alarming
from workflows import schema
from workflows.text import Text

LIMIT = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what is to be done on which case, where, by when (None: no date)."""

    what: Text
    number: str
    title: Text
    applicant: Text
    path: str
    due_on: date | None

    @property
    def late(self) -> bool:
        """Whether its date has passed."""
        return self.due_on is not None and self.due_on < clock.today()


def waiting_for(who: Viewer) -> list[Waiting]:
    """All of it, what is due first on top."""
    found = [row for source in SOURCES for row in source(who)]
    return sorted(found, key=lambda row: (row.due_on or NO_DEADLINE, row.number))


def _base(*more: Any) -> sa.Select[Any]:
    return (
        sa.select(
            Case.id,
            Case.number,
            Case.title_ko,
            Case.title_en,
            Case.state,
            Case.due_on,
            Case.definition_id,
            Organisation.name_ko,
            Organisation.name_en,
            *more,
        )
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .order_by(Case.due_on, Case.id)
        .limit(LIMIT)
    )


def _row(row: Any, what: Text, path: str, due_on: date | None = None) -> Waiting:
    due = due_on or row.due_on
    return Waiting(
        what=what,
        number=row.number,
        title=Text(row.title_ko or row.title_en, row.title_en or row.title_ko),
        applicant=Text(row.name_ko or row.name_en or "", row.name_en or row.name_ko or ""),
        path=path,
        due_on=None if due == NO_DEADLINE else due,
    )


def _said(who: Viewer, capacity: str) -> sa.ColumnElement[Any]:
    """What the person's word on the case counts for: NULL asks him to declare."""
    return stands(Case.id, who.id, capacity)


def consulting(who: Viewer) -> Iterator[Waiting]:
    """Declarations before the file opens, advice to give and answers to judge."""
    if not who.has("consultant"):
        return
    said = _said(who, "consultant")
    query = (
        _base(said.label("said"))
        .join(Consulting, Consulting.case_id == Case.id)
        .where(Consulting.consultant_id == who.id, Case.state.in_(("ELIGIBLE", "CONSULTING")))
    )
    for row in db.session.execute(query):
        path = f"/cases/{row.number}/consulting"
        if row.said is None:
            yield _row(row, DECLARE, f"{path}/declare")
        elif row.said == "none" and row.state == "CONSULTING":
            yield _row(row, Text("사전컨설팅 진행", "Carry on the consulting"), path)


def opinions(who: Viewer) -> Iterator[Waiting]:
    """Opinions asked of one's bodies and not given yet."""
    if not who.speaks_for:
        return
    takes = {
        s for d in schema.all_published() for t in d.transitions if t.trigger == "reply_opinion" for s in t.sources
    }
    query = (
        _base(Opinion.due_on.label("asked_by"))
        .join(Opinion, Opinion.case_id == Case.id)
        .where(Opinion.organisation_id.in_(who.speaks_for), Opinion.replied_at.is_(None), Case.state.in_(takes))
    )
    for row in db.session.execute(query):
        yield _row(row, Text("의견 제출", "Give an opinion"), f"/opinions/{row.number}", row.asked_by)


def evaluations(who: Viewer) -> Iterator[Waiting]:
    """Declarations to make and sheets to submit."""
    if not who.has("evaluator"):
        return
    sheets = (
        sa.select(sa.func.count(sa.distinct(ScoreSheet.stage)))
        .where(ScoreSheet.case_id == Case.id, ScoreSheet.user_id == who.id)
        .scalar_subquery()
    )
    query = (
        _base(_said(who, "evaluator").label("said"), sheets.label("sheets"), Cycle.settings, Duty.accepted_at)
        .join(Duty, Duty.case_id == Case.id)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .where(Duty.user_id == who.id, Duty.excused_at.is_(None))
        .where(Case.state.in_(("ELIGIBLE", "CONSULTED", "EVALUATING")))
    )
    for row in db.session.execute(query):
        if row.accepted_at is None and row.said != "conflict":
            yield _row(
                row, Text("평가위원 위촉 회신", "Answer the invitation to evaluate"), f"/cases/{row.number}/duty"
            )
        elif row.said is None:
            yield _row(row, DECLARE, f"/cases/{row.number}/declare")
        elif row.said == "none" and row.state == "EVALUATING" and row.sheets < len(row.settings.get("stages") or [""]):
            yield _row(row, Text("평가표 제출", "Submit a score sheet"), f"/cases/{row.number}/score")


def items(who: Viewer) -> Iterator[Waiting]:
    """Agenda items on which a member has to declare or to vote."""
    if not who.has("member"):
        return
    voted = sa.exists().where(
        Ballot.item_id == AgendaItem.id, Ballot.round == AgendaItem.round, Ballot.user_id == who.id
    )
    present = sa.or_(
        Sitting.form == "written",
        sa.exists().where(
            Attendance.sitting_id == Sitting.id, Attendance.user_id == who.id, Attendance.left_at.is_(None)
        ),
    )
    seated = sa.exists().where(Seat.programme == Sitting.programme, Seat.user_id == who.id, Seat.ended_at.is_(None))
    for_item = sa.exists().where(
        ItemSeat.item_id == AgendaItem.id, ItemSeat.user_id == who.id, ItemSeat.ended_at.is_(None)
    )
    query = (
        _base(
            _said(who, "member").label("said"),
            Sitting.starts_at,
            voted.label("voted"),
            present.label("present"),
        )
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(Sitting, Sitting.id == AgendaItem.sitting_id)
        .where(sa.or_(seated, for_item), Sitting.ended_at.is_(None), AgendaItem.closed_at.is_(None))
        .where(Case.state.in_(("TABLED", "DELIBERATING")))
    )
    for row in db.session.execute(query):
        day = clock.day_of(row.starts_at)
        if row.said is None:
            yield _row(row, DECLARE, f"/cases/{row.number}/declare", day)
        elif row.said == "none" and row.state == "DELIBERATING" and row.present and not row.voted:
            yield _row(row, Text("표결", "Vote"), f"/cases/{row.number}/ballot", day)


def decisions(who: Viewer) -> Iterator[Waiting]:
    """Cases that wait for the Minister's decision, and the reserve list."""
    if not who.has("minister"):
        return
    ids = [d.id for d in schema.all_published() if who.has("minister", d.programme)]
    query = _base().where(Case.turn == "minister", Case.definition_id.in_(ids))
    for row in db.session.execute(query.where(Case.state.in_(("RESOLVED", "RESERVED")))):
        reserve = row.state == "RESERVED"
        what = Text("예비 순위 검토", "Look at the reserve") if reserve else Text("결정", "Decide")
        yield _row(row, what, f"/cases/{row.number}/decide")


def own_proposals(who: Viewer) -> Iterator[Waiting]:
    """What waits for the applicant: drafts, supplements, advice to answer."""
    if not who.memberships:
        return
    unanswered = (
        sa.select(sa.func.count())
        .select_from(Advice)
        .where(Advice.case_id == Case.id, Advice.answered_at.is_(None))
        .scalar_subquery()
    )
    query = _base(unanswered.label("unanswered")).where(
        Case.organisation_id.in_(who.organisations), Case.state.in_(("DRAFT", "SUPPLEMENT", "CONSULTING"))
    )
    for row in db.session.execute(query):
        if row.state == "DRAFT":
            yield _row(row, Text("신청서 작성", "Finish the draft"), f"/applications/{row.number}")
        elif row.state == "SUPPLEMENT":
            yield _row(row, Text("보완 제출", "Submit the supplement"), f"/applications/{row.number}/supplement")
        elif row.unanswered:
            what = Text(f"자문 답변 {row.unanswered}건", f"Answer advice ({row.unanswered})")
            yield _row(row, what, f"/cases/{row.number}/consulting")


def desk(who: Viewer) -> Iterator[Waiting]:
    """An officer's own cases in which it is the officer's turn; what waits for the clerk."""
    for role in ("officer", "clerk"):
        ids = [d.id for d in schema.all_published() if who.has(role, d.programme)]
        if not ids:
            continue
        query = _base(Case.definition_version).where(Case.turn == role, Case.definition_id.in_(ids))
        if role == "officer":
            query = query.where(Case.assignee_id == who.id)
        for row in db.session.execute(query):
            state = schema.load(row.definition_id, row.definition_version).states[row.state]
            yield _row(row, state.label.text, f"/cases/{row.number}")


def interests(who: Viewer) -> Iterator[Waiting]:
    """Challenges that wait for the clerk's record, and cases on which too few may be left."""
    ids = [d.id for d in schema.all_published() if who.has("clerk", d.programme)]
    if ids:
        decided = sa.exists().where(ChallengeRuling.challenge_id == Challenge.id)
        query = _base(Challenge.id.label("challenge")).join(Challenge, Challenge.case_id == Case.id)
        for row in db.session.execute(query.where(~decided, Case.definition_id.in_(ids), visible(who))):
            yield _row(
                row,
                Text("기피신청 결정 기록", "Record the decision on a challenge"),
                f"/cases/{row.number}/challenge/decide",
            )
    threatened = {case.id: alarm for case, alarm in alarming(who)}
    if threatened:
        for row in db.session.execute(_base().where(Case.id.in_(threatened))):
            page = "evaluation" if threatened[row.id].kind == "panel" else "committee"
            yield _row(row, threatened[row.id].words, f"/cases/{row.number}/{page}")


DECLARE = Text("이해관계 신고", "Declare your interests")
SOURCES: tuple[Callable[[Viewer], Iterator[Waiting]], ...] = (
    consulting,
    opinions,
    evaluations,
    items,
    decisions,
    own_proposals,
    desk,
    interests,
)
