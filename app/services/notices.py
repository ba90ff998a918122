"""Who is told of an event, in which words: rows of the delivery table, written with the event, sent later."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.extensions import db
from app.interests import out_of
from app.models import (
    AgendaItem,
    Case,
    Consulting,
    Delivery,
    Duty,
    Event,
    ItemSeat,
    Membership,
    Seat,
    User,
)
from app.queries.people import holding
from workflows.schema import Definition, Transition


def write(
    case: Case, transition: Transition, definition: Definition, event: Event, now: datetime, who: Viewer | None
) -> None:
    """One mail and one inbox row for each person of the groups that this transition tells."""
    if not transition.notify:
        return
    told = sa.or_(*(User.id.in_(GROUPS[group](case, definition.programme)) for group in transition.notify))
    people = db.session.execute(
        sa.select(User.id, User.email, User.locale)
        .where(told, User.id != (who.id if who else 0), User.disabled_at.is_(None), ~_out_of(case))
        .order_by(User.id)
    )
    rows = [row for person in people for row in _rows(case, transition, definition, event, now, person)]
    if rows:
        db.session.execute(sa.insert(Delivery).execution_options(render_nulls=True), rows)


def _rows(
    case: Case, transition: Transition, definition: Definition, event: Event, now: datetime, person: Any
) -> Iterable[dict[str, Any]]:
    subject, body = wording(case, transition, definition, person.locale, event.data)
    common = {
        "case_id": case.id,
        "event_seq": event.seq,
        "user_id": person.id,
        "lang": person.locale,
        "subject": subject[:300],
        "body": body,
        "path": f"/cases/{case.number}",
        "tries": 0,
        "try_at": now,
        "created_at": now,
    }
    yield {**common, "channel": "inbox", "address": "", "status": "sent", "sent_at": now}
    yield {**common, "channel": "mail", "address": person.email, "status": "due", "sent_at": None}


def wording(
    case: Case, transition: Transition, definition: Definition, lang: str, data: dict[str, Any]
) -> tuple[str, str]:
    """Subject and text of the notice; line breaks in a title never reach a mail header."""
    title = (case.title_en or case.title_ko) if lang == "en" else (case.title_ko or case.title_en)
    title = " ".join(title.split())
    label = transition.label.text.pick(lang)
    shown = definition.states[case.state]
    state = definition.states[shown.veil] if shown.veil else shown
    lines = [title, "", f"{label}" if lang == "en" else f"처리 내용: {label}"]
    if data.get("reason") and transition.shown == "all":
        lines.append(("Reason: " if lang == "en" else "사유: ") + str(data["reason"]))
    if data.get("due_on"):
        lines.append(("Due: " if lang == "en" else "기한: ") + str(data["due_on"]))
    if data.get("note"):
        lines.append(data["note"][lang])
    lines += ["", state.next.text.pick(lang)]
    return f"[{case.number}] {label} – {title}", "\n".join(lines)


def _applicant(case: Case, programme: str) -> sa.Select[int]:
    return sa.select(Membership.user_id).where(
        Membership.organisation_id == case.organisation_id, Membership.ended_at.is_(None)
    )


def _officers(case: Case, programme: str) -> sa.Select[int]:
    if case.received_at is None:  # a draft is nobody's but the applicant's, also when it is given up
        return sa.select(User.id).where(sa.false())
    return sa.select(User.id).where(User.id == case.assignee_id) if case.assignee_id else holding("officer", programme)


def _consultant(case: Case, programme: str) -> sa.Select[int]:
    return sa.select(Consulting.consultant_id).where(Consulting.case_id == case.id)


def _evaluators(case: Case, programme: str) -> sa.Select[int]:
    return sa.select(Duty.user_id).where(Duty.case_id == case.id, Duty.excused_at.is_(None))


def _members(case: Case, programme: str) -> sa.Select[int]:
    tabled = sa.exists().where(AgendaItem.case_id == case.id)
    seated = sa.exists().where(Seat.user_id == User.id, Seat.programme == programme, Seat.ended_at.is_(None))
    for_item = sa.exists().where(
        ItemSeat.user_id == User.id,
        ItemSeat.ended_at.is_(None),
        ItemSeat.item_id == AgendaItem.id,
        AgendaItem.case_id == case.id,
    )
    return sa.select(User.id).where(sa.or_(sa.and_(seated, tabled), for_item))


GROUPS: dict[str, Callable[[Case, str], sa.Select[int]]] = {
    "applicant": _applicant,
    "officers": _officers,
    "consultant": _consultant,
    "evaluators": _evaluators,
    "members": _members,
    "clerks": lambda case, programme: holding("clerk", programme),
    "minister": lambda case, programme: holding("minister", programme),
}
"""Each group as the accounts in it, to be asked for within another statement."""


def group_of(name: str, case: Case, programme: str) -> set[int]:
    """The accounts of a group."""
    return set(db.session.scalars(GROUPS[name](case, programme)))


def conflicted(case: Case, people: set[int]) -> set[int]:
    """Those who are out of the case are told nothing of it."""
    if not people:
        return set()
    return set(db.session.scalars(sa.select(User.id).where(User.id.in_(people), _out_of(case))))


def _out_of(case: Case) -> sa.ColumnElement[bool]:
    """The same as a condition on the account."""
    return out_of(case.id, User.id)
