"""What the record of a sitting says for its minutes: heads, times, motions, votes, verdicts. Read only, invents nothing.

The clerk's own words (gist, observers) are the draft's. The shape of the result is told in workflows/minutes.py.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.base import canonical
from app.extensions import db
from app.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Case,
    Dissent,
    Event,
    ItemSeat,
    Motion,
    OpenedBallot,
    Organisation,
    Programme,
    Resolution,
    RosterEntry,
    Seat,
    Sitting,
    User,
    VoidedVote,
)
from workflows import schema
from workflows.minutes import Span, away, spans

STEPS = ("open_item", "close_ballot", "close_round", "defer", "call_in", "void_vote")

Json = dict[str, Any]


def record_of(sitting: Sitting, observers: Mapping[str, Any], gists: Mapping[str, Any]) -> Json:
    """The content of the minutes as the record has it now, as it will be hashed (times as text)."""
    rows = _items(sitting)
    stays = _stays(sitting.id)
    found = _Found([item for item, _, _ in rows], [case.id for _, case, _ in rows])
    names = _names(_people(sitting, stays, found))
    content = {
        "sitting": _sitting(sitting, names),
        "observers": _both(observers),
        "members": _members(sitting, stays, names),
        "items": [_item(sitting, *row, found, stays, names, gists) for row in rows],
    }
    told: Json = json.loads(canonical(content))
    return told


def _both(words: Mapping[str, Any] | None) -> Json:
    given = words or {}
    return {"ko": given.get("ko", ""), "en": given.get("en", "")}


def _items(sitting: Sitting) -> list[tuple[AgendaItem, Case, Organisation | None]]:
    query = (
        sa.select(AgendaItem, Case, Organisation)
        .join(Case, Case.id == AgendaItem.case_id)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .where(AgendaItem.sitting_id == sitting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return [(item, case, body) for item, case, body in db.session.execute(query)]


def _stays(sitting_id: int) -> dict[int, list[Attendance]]:
    query = sa.select(Attendance).where(Attendance.sitting_id == sitting_id)
    found: dict[int, list[Attendance]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(Attendance.arrived_at, Attendance.id)):
        found[row.user_id].append(row)
    return found


class _Found:
    """Everything on record about the items, each table read once."""

    def __init__(self, items: Sequence[AgendaItem], cases: Sequence[int]) -> None:
        ids = [item.id for item in items]
        self.motions = _by_round(Motion, ids)
        self.resolutions = _by_round(Resolution, ids)
        self.opened = _by_round(OpenedBallot, ids)
        self.roster = _by_round(RosterEntry, ids)
        self.voided = _by_round(VoidedVote, ids)
        self.dissents = _by_round(Dissent, ids)
        self.ballots = _by_round(Ballot, ids)
        self.steps: dict[int, list[Event]] = defaultdict(list)
        query = sa.select(Event).where(Event.case_id.in_(cases or [0]), Event.trigger.in_(STEPS))
        for event in db.session.scalars(query.order_by(Event.case_id, Event.seq)):
            self.steps[event.case_id].append(event)

    def people(self) -> Iterable[int | None]:
        """Whoever is named."""
        for table, column in (
            (self.motions, "put_by"),
            (self.opened, "user_id"),
            (self.roster, "user_id"),
            (self.voided, "voided_by"),
            (self.dissents, "user_id"),
            (self.ballots, "user_id"),
        ):
            for rows in table.values():
                yield from (getattr(row, column) for row in rows)
        for events in self.steps.values():
            yield from (event.actor_id for event in events)


def _by_round(model: Any, ids: Sequence[int]) -> dict[tuple[int, int], list[Any]]:
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in db.session.scalars(sa.select(model).where(model.item_id.in_(ids or [0])).order_by(model.id)):
        found[row.item_id, row.round].append(row)
    return found


def _people(sitting: Sitting, stays: Mapping[int, Any], found: _Found) -> set[int]:
    seated = sa.select(Seat.user_id).where(Seat.programme == sitting.programme)
    return {sitting.chair_id, *stays, *(p for p in found.people() if p is not None), *db.session.scalars(seated)}


def _names(people: set[int]) -> dict[int | None, Json]:
    query = sa.select(User.id, User.name_ko, User.name_en).where(User.id.in_(people or {0}))
    named: dict[int | None, Json] = {None: {"ko": "시스템", "en": "The system"}}
    for row in db.session.execute(query):
        named[row.id] = {"ko": row.name_ko or row.name_en, "en": row.name_en or row.name_ko}
    return named


def _sitting(sitting: Sitting, names: Mapping[int | None, Json]) -> Json:
    programme = db.session.scalars(sa.select(Programme).where(Programme.key == sitting.programme)).one()
    return {
        "number": sitting.number,
        "programme": sitting.programme,
        "programme_name": {"ko": programme.name_ko, "en": programme.name_en},
        "form": sitting.form,
        "reason_code": sitting.reason_code,
        "reason": sitting.reason,
        "place": sitting.place,
        "starts_at": sitting.starts_at,
        "opens_at": sitting.opens_at,
        "closes_at": sitting.closes_at,
        "roll_called_at": sitting.roll_called_at,
        "ended_at": sitting.ended_at,
        "agenda_sent_at": sitting.agenda_sent_at,
        "urgency_reason": sitting.urgency_reason,
        "seats": sitting.seats,
        "chair": {"id": sitting.chair_id, "name": names[sitting.chair_id]},
        "rule": sitting.rule,
        "head": sitting.head,
    }


def _members(sitting: Sitting, stays: Mapping[int, list[Attendance]], names: Mapping[int | None, Json]) -> list[Json]:
    """Members in office at the sitting, and whoever else attended for an item; co-chairs first."""
    at = sitting.roll_called_at or sitting.starts_at
    query = sa.select(Seat).where(
        Seat.programme == sitting.programme,
        Seat.since <= (sitting.ended_at or at),
        sa.or_(Seat.ended_at.is_(None), Seat.ended_at > at),
    )
    seats = {seat.user_id: seat for seat in db.session.scalars(query)}
    for_items = (
        sa.select(ItemSeat.user_id, ItemSeat.capacity)
        .join(AgendaItem, AgendaItem.id == ItemSeat.item_id)
        .where(AgendaItem.sitting_id == sitting.id, ItemSeat.ended_at.is_(None))
    )
    related = {row.user_id: row.capacity for row in db.session.execute(for_items)}
    rows = []
    for person in {*seats, *related, *stays}:
        seat, here = seats.get(person), stays.get(person, [])
        rows.append(
            {
                "id": person,
                "name": names.get(person, names[None]),
                "side": seat.side if seat else "government",
                "capacity": "chair" if seat and seat.chair else "member" if seat else related.get(person, "guest"),
                "stays": [{"from": s.arrived_at, "to": s.left_at} for s in here],
                "proxy": next((s.proxy for s in here if s.proxy), ""),
                "observer": bool(here) and all(s.observer for s in here),
            }
        )
    order = {"chair": 0, "member": 1}
    return sorted(rows, key=lambda r: (order.get(r["capacity"], 2), r["side"], r["name"]["ko"], r["id"]))


def _item(
    sitting: Sitting,
    item: AgendaItem,
    case: Case,
    body: Organisation | None,
    found: _Found,
    stays: Mapping[int, list[Attendance]],
    names: Mapping[int | None, Json],
    gists: Mapping[str, Any],
) -> Json:
    steps = [event for event in found.steps[case.id] if _during(sitting, event.at)]
    rounds = sorted({key[1] for key in found.motions if key[0] == item.id})
    label = schema.load(case.definition_id, case.definition_version).label
    return {
        "position": item.position,
        "case": case.number,
        "title": {"ko": case.title_ko or case.title_en, "en": case.title_en or case.title_ko},
        "type": {"ko": label.ko, "en": label.en},
        "applicant": {"ko": body.name_ko or body.name_en, "en": body.name_en or body.name_ko} if body else None,
        "not_recommended": item.not_recommended,
        "gist": _both(gists.get(str(item.id))),
        "steps": [_step(event, names) for event in steps],
        "recusals": _recusals(item, steps, found, stays, names),
        "rounds": [_round(item, number, found, names) for number in rounds],
    }


def _during(sitting: Sitting, at: datetime) -> bool:
    start = sitting.opens_at or sitting.roll_called_at
    return start is not None and start <= at and (sitting.ended_at is None or at <= sitting.ended_at)


def _step(event: Event, names: Mapping[int | None, Json]) -> Json:
    return {
        "trigger": event.trigger,
        "at": event.at,
        "by": names.get(event.actor_id, names[None]),
        "reason": str(event.data.get("reason", "")),
    }


def _recusals(
    item: AgendaItem,
    steps: Sequence[Event],
    found: _Found,
    stays: Mapping[int, list[Attendance]],
    names: Mapping[int | None, Json],
) -> list[Json]:
    """Who was out of the item while he was at the sitting: left when it was opened, back when it was over."""
    deliberated = spans([(event.trigger, event.at) for event in steps])
    out = {
        entry.user_id
        for (item_id, _), entries in found.roster.items()
        for entry in entries
        if item_id == item.id and entry.reason == "recused"
    }
    rows = []
    for person in out:
        here = [Span(s.arrived_at, s.left_at) for s in stays.get(person, [])]
        rows += [
            {"id": person, "name": names[person], "left": span.start, "back": span.end}
            for span in away(deliberated, here)
        ]
    return sorted(rows, key=lambda row: (row["left"], row["name"]["ko"], row["id"]))


def _round(item: AgendaItem, number: int, found: _Found, names: Mapping[int | None, Json]) -> Json:
    key = (item.id, number)
    motion = found.motions[key][0]
    resolution = next(iter(found.resolutions.get(key, [])), None)
    voided = next(iter(found.voided.get(key, [])), None)
    opened = found.opened.get(key, [])
    roster = found.roster.get(key, [])
    return {
        "round": number,
        "motion": {
            "kind": motion.kind,
            "secret": motion.secret,
            "outcome": motion.outcome,
            "amount_krw": motion.amount_krw,
            "text": motion.text,
            "conditions": motion.conditions,
            "put_at": motion.put_at,
        },
        "present": sum(entry.present for entry in roster),
        "entitled": sum(entry.entitled for entry in roster),
        "votes": _votes(opened, found.ballots.get(key, []), names),
        "voters": [
            {"id": row.user_id, "name": names[row.user_id], "at": row.cast_at, "late": row.late}
            for row in (found.ballots.get(key, []) if resolution else [])
        ],
        "receipts": sorted(row.commitment for row in opened),
        "counts": resolution.counts if resolution else None,
        "verdict": resolution.verdict if resolution else None,
        "outcome": resolution.outcome if resolution else None,
        "amount_krw": resolution.amount_krw if resolution else None,
        "text": resolution.text if resolution else "",
        "resolved_at": resolution.resolved_at if resolution else None,
        "void": None if voided is None else {"code": voided.code, "reason": voided.reason, "at": voided.voided_at},
        "dissents": [
            {"id": row.user_id, "name": names[row.user_id], "text": row.text, "at": row.written_at}
            for row in found.dissents.get(key, [])
        ],
    }


def _votes(opened: Sequence[OpenedBallot], cast: Sequence[Ballot], names: Mapping[int | None, Json]) -> list[Json]:
    """By name, where the ballot was not secret."""
    late = {ballot.id: ballot for ballot in cast}
    rows = [
        {
            "id": row.user_id,
            "name": names[row.user_id],
            "choice": row.choice,
            "receipt": row.commitment,
            "counted": row.counted,
            "at": late[row.ballot_id].cast_at if row.ballot_id in late else None,
        }
        for row in opened
        if row.user_id is not None
    ]
    return sorted(rows, key=lambda row: (row["name"]["ko"], row["id"]))
