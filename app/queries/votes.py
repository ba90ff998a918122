"""The rounds of an item as the committee may read them: motion, roster, hashes of receipts, verdict, dissents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.extensions import db
from app.models import (
    AgendaItem,
    Ballot,
    Dissent,
    Motion,
    OpenedBallot,
    PaperEntry,
    Resolution,
    RosterEntry,
    User,
    VoidedVote,
)
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the vote on an item. Hashes, votes and dissents only once it is closed."""

    number: int
    motion: Motion
    resolution: Resolution | None
    voided: VoidedVote | None
    hashes: Sequence[str]
    """The commitments of all opened ballots, sorted: everyone finds his own receipt among them."""
    votes: Sequence[tuple[Text, str, bool]]
    """(member, choice, whether it counted) of a vote by name."""
    dissents: Sequence[tuple[Text, str]]


def rounds_of(item: AgendaItem) -> list[Round]:
    """Every round of the item that was put to the vote and closed, the latest first (six statements)."""
    motions = {row.round: row for row in _all(Motion, item)}
    resolutions = {row.round: row for row in _all(Resolution, item)}
    voided = {row.round: row for row in _all(VoidedVote, item)}
    opened, dissents = list(_all(OpenedBallot, item)), list(_all(Dissent, item))
    names = names_of({row.user_id for row in [*opened, *dissents] if row.user_id is not None})
    return [
        Round(
            number,
            motions[number],
            resolutions[number],
            voided.get(number),
            sorted(row.commitment for row in opened if row.round == number),
            sorted(
                (names[row.user_id], row.choice, row.counted)
                for row in opened
                if row.round == number and row.user_id is not None
            ),
            [(names[row.user_id], row.text) for row in dissents if row.round == number],
        )
        for number in sorted(resolutions, reverse=True)
    ]


def _all(model: type, item: AgendaItem) -> sa.ScalarResult:  # type: ignore[type-arg]
    return db.session.scalars(sa.select(model).where(model.item_id == item.id).order_by(model.id))  # type: ignore[attr-defined]


def names_of(people: set[int]) -> Mapping[int, Text]:
    """account -> name."""
    query = sa.select(User.id, User.name_ko, User.name_en).where(User.id.in_(people or {0}))
    return {row.id: Text(row.name_ko or row.name_en, row.name_en or row.name_ko) for row in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class Standing:
    """One member on the frozen roster of the running round, and whether his vote is in; never how."""

    user_id: int
    name: Text
    capacity: str
    present: bool
    entitled: bool
    reason: str
    voted: str
    """screen, paper, entered (a paper that waits for the second person), late or empty."""


def roster_now(item: AgendaItem) -> list[Standing]:
    """The roster of the running round, in order of names (four statements); empty before the item is opened."""
    query = sa.select(RosterEntry).where(RosterEntry.item_id == item.id, RosterEntry.round == item.round)
    entries = {row.user_id: row for row in db.session.scalars(query.order_by(RosterEntry.present))}
    cast = sa.select(Ballot.user_id, Ballot.channel, Ballot.late).where(
        Ballot.item_id == item.id, Ballot.round == item.round
    )
    voted = {row.user_id: "late" if row.late else row.channel for row in db.session.execute(cast)}
    waiting = sa.select(PaperEntry.user_id).where(
        PaperEntry.item_id == item.id, PaperEntry.round == item.round, PaperEntry.result.is_(None)
    )
    entered = dict.fromkeys(db.session.scalars(waiting), "entered")
    names = names_of(set(entries))
    rows = [
        Standing(
            person,
            names[person],
            row.capacity,
            row.present,
            row.entitled,
            row.reason,
            (entered | voted).get(person, ""),
        )
        for person, row in entries.items()
    ]
    return sorted(rows, key=lambda row: (row.name, row.user_id))


def said_dissent(item: AgendaItem, user_id: int) -> bool:
    """Whether this member has attached a dissent to the last round."""
    query = sa.select(Dissent.id).where(Dissent.item_id == item.id, Dissent.round == item.round)
    return db.session.scalar(query.where(Dissent.user_id == user_id)) is not None
