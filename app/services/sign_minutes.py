"""Sign minutes, or a correction of them: the chair of the sitting and the clerk, each once, each over one hash."""

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, visible
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Case, MinutesSignature, Seat, Sitting
from app.queries.minutes import State, state_of
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from workflows.engine import Refused
from workflows.text import Reason, because


def sign_minutes(who: Viewer, number: int, correction: int = 0) -> MinutesSignature:
    """Sign the reviewed minutes of the sitting, or its correction of that number.

    Whoever was out of an item does not sign for it; the signature says for which.

    Raises:
        NotFound: neither chair nor clerk of this sitting, or no such correction.
        Refused: not reviewed yet, signed already in this capacity, or by this person in the other one.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True)
        capacity = capacity_of(who, sitting)
        state = state_of(sitting)
        if capacity is None:
            raise NotFound
        no = refusal(state, who, capacity, correction)
        if no is not None:
            raise Refused(no)
        assert state.version is not None
        now = clock.now()
        signature = MinutesSignature(
            sitting_id=sitting.id,
            minutes_id=state.version.id,
            correction=correction,
            capacity=capacity,
            user_id=who.id,
            session_id=who.session_id,
            signed_at=now,
            sha256=_what(state, correction),
            without=_out_of(who, state),
        )
        db.session.add(signature)
        db.session.flush()
        data = {"capacity": capacity, "correction": correction, "sha256": signature.sha256}
        note_act(sitting, "sign_minutes", who, data, rows=[signature], at=now)
        return signature


def capacity_of(who: Viewer, sitting: Sitting) -> str | None:
    """In which capacity this person signs: the sitting's chair, else a clerk; a co-chair where its chair has left."""
    if who.id == sitting.chair_id:
        return "chair"
    seats = {
        seat.user_id: seat
        for seat in db.session.scalars(
            sa.select(Seat).where(Seat.programme == sitting.programme, Seat.ended_at.is_(None), Seat.chair.is_(True))
        )
    }
    if who.id in seats and sitting.chair_id not in seats:
        return "chair"
    return "clerk" if who.has("clerk", sitting.programme) else None


def refusal(state: State, who: Viewer, capacity: str, correction: int = 0) -> Reason | None:
    """Why this cannot be signed now, if so.

    Raises:
        NotFound: no such correction.
    """
    if correction and correction not in {row.number for row in state.corrections}:
        raise NotFound
    if state.version is None or state.status in ("submitted", "returned"):
        return because("not_reviewed", "검토를 마친 뒤에 서명할 수 있습니다.", "They must be reviewed first.")
    done = state.signed(correction)
    if any(row.user_id == who.id for row in done):
        return because("signed_by_you", "이미 서명하셨습니다.", "You have signed already.")
    if any(row.capacity == capacity for row in done):
        return because("signed", "이 자격의 서명은 이미 있습니다.", "It has been signed in this capacity.")
    return None


def _what(state: State, correction: int) -> str:
    assert state.version is not None
    return next((row.sha256 for row in state.corrections if row.number == correction), state.version.sha256)


def _out_of(who: Viewer, state: State) -> list[int]:
    """Positions of items that this person may not know of."""
    assert state.version is not None
    items = {item["case"]: item["position"] for item in state.version.content["items"]}
    query = sa.select(Case.number).where(Case.number.in_(list(items) or [""]), visible(who))
    return sorted(set(items.values()) - {items[number] for number in db.session.scalars(query)})
