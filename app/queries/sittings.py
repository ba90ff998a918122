"""Sittings, agendas and votes as this viewer may read them. Never writes; hides an item from who is out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, visible
from app.errors import NotFound
from app.extensions import db
from app.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Case,
    Condition,
    Cycle,
    ItemSeat,
    Motion,
    OpenedBallot,
    Programme,
    Resolution,
    Seat,
    Sitting,
    User,
    VoidedVote,
)
from app.queries.standing import said_on
from workflows import schema
from workflows.text import Text

READERS = ("member", "clerk", "officer", "minister", "auditor")


def sitting_for(who: Viewer, number: int, lock: bool = False, only: str | None = None) -> Sitting:
    """The sitting `number`, if `who` may know of it (with `only`: holds that role in its programme).

    Raises:
        NotFound: it does not exist, or this person may not know that it does.
    """
    query = sa.select(Sitting).where(Sitting.number == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    sitting = db.session.scalar(query)
    roles = (only,) if only else READERS
    if sitting is None or not any(who.has(role, sitting.programme) for role in roles):
        raise NotFound
    return sitting


def sittings_of(who: Viewer) -> list[Sitting]:
    """The sittings of this person's programmes, the latest first."""
    keys = [key for key in db.session.scalars(sa.select(Programme.key)) if any(who.has(role, key) for role in READERS)]
    query = sa.select(Sitting).where(Sitting.programme.in_(keys or [""]))
    return list(db.session.scalars(query.order_by(Sitting.starts_at.desc(), Sitting.id.desc()).limit(100)))


def coming_sittings(programme: str) -> list[Sitting]:
    """Sittings that have not ended, the next one first."""
    query = sa.select(Sitting).where(Sitting.programme == programme, Sitting.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(Sitting.starts_at)))


def item_of(case: Case) -> AgendaItem:
    """The newest agenda item of a case. Raises NotFound for a case that was never tabled."""
    query = sa.select(AgendaItem).where(AgendaItem.case_id == case.id).order_by(AgendaItem.id.desc())
    item = db.session.scalar(query.limit(1))
    if item is None:
        raise NotFound
    return item


def motion_of(item: AgendaItem, round_: int | None = None) -> Motion:
    """The motion of the running round. Raises NotFound where none was put."""
    motion = standing_motion(item, round_)
    if motion is None:
        raise NotFound
    return motion


def standing_motion(item: AgendaItem, round_: int | None = None) -> Motion | None:
    """The motion of a round (the running one), if there is one."""
    query = sa.select(Motion).where(Motion.item_id == item.id, Motion.round == (round_ or item.round))
    return db.session.scalar(query)


def resolution_of(case: Case) -> Resolution | None:
    """What the committee resolved last on the case itself; neither a vote that was void nor one on an amendment."""
    query = sa.select(Resolution).where(Resolution.case_id == case.id, stands()).order_by(Resolution.id.desc())
    return db.session.scalar(query.limit(1))


RESOLVING = ("approve", "approve_with_conditions", "reject", "reserve")
"""Outcomes that resolve the case; amended, not_amended and not_carried only end a round."""


def stands() -> sa.ColumnElement[bool]:
    """The condition under which a resolution stands."""
    return sa.and_(Resolution.outcome.in_(RESOLVING), ~sa.exists().where(VoidedVote.resolution_id == Resolution.id))


def conditions_of(resolution: Resolution | None) -> list[Condition]:
    """The conditions of a resolution, in order."""
    if resolution is None:
        return []
    query = sa.select(Condition).where(Condition.resolution_id == resolution.id).order_by(Condition.id)
    return list(db.session.scalars(query))


def agenda_days(programme: str) -> int:
    """Whole days between the sending of the agenda and the sitting (setting of the newest cycle)."""
    query = (
        sa.select(Cycle.settings)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Programme.key == programme)
        .order_by(Cycle.fiscal_year.desc(), Cycle.id)
        .limit(1)
    )
    settings = db.session.scalar(query) or {}
    return int(settings.get("agenda_days", 7))


def send_by(sitting: Sitting) -> date:
    """The last day on which the agenda still goes out in time."""
    return clock.day_of(sitting.starts_at) - timedelta(days=agenda_days(sitting.programme) + 1)


@dataclass(frozen=True, slots=True)
class Member:
    """A seat with its member, and where he is now."""

    user_id: int
    name: Text
    side: str
    chair: bool
    present: bool
    left: bool
    for_item: bool = False
    """Whether this member sits for single items only."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the agenda as this viewer may read it. Counts of votes only once the ballot is closed."""

    item: AgendaItem
    case: Case
    motion: Motion | None
    resolution: Resolution | None
    declared: Mapping[int, str]
    voted: int
    mine: str
    """none, conflict or undeclared: what this member has declared; empty for who is no member."""
    i_voted: bool


def members_of(sitting: Sitting) -> list[Member]:
    """All members of the sitting with the state of the roll: seats of the committee, then those for single items."""
    last = (
        sa.select(Attendance.user_id, sa.func.max(Attendance.id).label("id"))
        .where(Attendance.sitting_id == sitting.id)
        .group_by(Attendance.user_id)
        .subquery()
    )
    query = (
        sa.select(Seat, User.name_ko, User.name_en, Attendance.id.label("row"), Attendance.left_at)
        .join(User, User.id == Seat.user_id)
        .outerjoin(last, last.c.user_id == Seat.user_id)
        .outerjoin(Attendance, Attendance.id == last.c.id)
        .where(Seat.programme == sitting.programme, Seat.ended_at.is_(None))
        .order_by(Seat.chair.desc(), Seat.side, User.name_ko, Seat.id)
    )
    out = []
    for row in db.session.execute(query):
        seat, came, left = row[0], row.row is not None, row.left_at is not None
        name = Text(row.name_ko or row.name_en, row.name_en or row.name_ko)
        out.append(Member(seat.user_id, name, seat.side, seat.chair, came and not left, left))
    return [*out, *_for_items(sitting, last, {member.user_id for member in out})]


def _for_items(sitting: Sitting, last: Any, seated: set[int]) -> list[Member]:
    query = (
        sa.select(User.id, User.name_ko, User.name_en, Attendance.id.label("row"), Attendance.left_at)
        .join(ItemSeat, ItemSeat.user_id == User.id)
        .join(AgendaItem, AgendaItem.id == ItemSeat.item_id)
        .outerjoin(last, last.c.user_id == User.id)
        .outerjoin(Attendance, Attendance.id == last.c.id)
        .where(AgendaItem.sitting_id == sitting.id, ItemSeat.ended_at.is_(None))
        .order_by(User.name_ko, User.id)
        .distinct()
    )
    return [
        Member(
            row.id,
            Text(row.name_ko or row.name_en, row.name_en or row.name_ko),
            "government",
            False,
            row.row is not None and row.left_at is None,
            row.left_at is not None,
            True,
        )
        for row in db.session.execute(query)
        if row.id not in seated
    ]


def chairs_of(programme: str) -> list[tuple[int, Text]]:
    """The co-chairs."""
    query = (
        sa.select(User.id, User.name_ko, User.name_en)
        .join(Seat, Seat.user_id == User.id)
        .where(Seat.programme == programme, Seat.chair.is_(True), Seat.ended_at.is_(None))
        .order_by(Seat.id)
    )
    return [(row.id, Text(row.name_ko, row.name_en)) for row in db.session.execute(query)]


def agenda_of(who: Viewer, sitting: Sitting) -> list[Item]:
    """The items `who` may know of, in order (six statements whatever their number)."""
    line = sa.orm.aliased(AgendaItem)
    query = (
        sa.select(line, Case)
        .join(Case, Case.id == line.case_id)
        .where(line.sitting_id == sitting.id, visible(who))
        .order_by(line.position, line.id)
    )
    rows = db.session.execute(query).all()
    ids, cases = [item.id for item, _ in rows], [case.id for _, case in rows]
    motions = {(m.item_id, m.round): m for m in _all(Motion, Motion.item_id, ids)}
    found = {(r.item_id, r.round): r for r in _all(Resolution, Resolution.item_id, ids)}
    declared = said_on(cases, "member")
    voted = _voters(ids)
    member = who.has("member", sitting.programme)
    return [
        Item(
            item=item,
            case=case,
            motion=motions.get((item.id, item.round)),
            resolution=found.get((item.id, item.round)),
            declared=declared.get(case.id, {}),
            voted=len(voted.get((item.id, item.round), ())),
            mine=declared.get(case.id, {}).get(who.id, "undeclared") if member else "",
            i_voted=who.id in voted.get((item.id, item.round), ()),
        )
        for item, case in rows
    ]


def _all(model: Any, column: Any, ids: Sequence[int]) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(column.in_(ids or [0]))))


def _voters(ids: Sequence[int]) -> dict[tuple[int, int], set[int]]:
    """Who has voted, never how."""
    query = sa.select(Ballot.item_id, Ballot.round, Ballot.user_id).where(Ballot.item_id.in_(ids or [0]))
    out: dict[tuple[int, int], set[int]] = {}
    for row in db.session.execute(query):
        out.setdefault((row.item_id, row.round), set()).add(row.user_id)
    return out


def own_ballot(who: Viewer, item: AgendaItem) -> Ballot | None:
    """This member's own ballot of the running round: his receipt."""
    query = sa.select(Ballot).where(Ballot.item_id == item.id, Ballot.round == item.round)
    return db.session.scalar(query.where(Ballot.user_id == who.id))


def ballots_of(resolution: Resolution) -> list[tuple[Text, str]]:
    """(member, choice) of the counted ballots of a vote by name that has been closed; none of a secret one."""
    query = (
        sa.select(User.name_ko, User.name_en, OpenedBallot.choice)
        .join(User, User.id == OpenedBallot.user_id)
        .where(OpenedBallot.item_id == resolution.item_id, OpenedBallot.round == resolution.round)
        .where(OpenedBallot.counted.is_(True))
        .order_by(User.name_ko, User.id)
    )
    return [(Text(row.name_ko, row.name_en), row.choice) for row in db.session.execute(query)]


def programme_of(case: Case) -> str:
    """The programme a case belongs to."""
    return schema.load(case.definition_id, case.definition_version).programme


def sitting_of(item: AgendaItem) -> Sitting:
    """The sitting of an item."""
    return db.session.get_one(Sitting, item.sitting_id)


def voted_count(item: AgendaItem) -> int:
    """How many have voted in the running round; never how."""
    query = sa.select(sa.func.count()).select_from(Ballot)
    return db.session.scalar(query.where(Ballot.item_id == item.id, Ballot.round == item.round)) or 0
