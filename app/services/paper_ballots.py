"""Paper ballots: the clerk types one in by name, and it becomes a ballot when a second person types the same.

Each types from the paper; nothing that was typed is ever shown before the chair closes the vote.
"""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.ballot_box import Paper, Unreadable, open_paper, seal_choice
from app.base import Sealed
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import AgendaItem, Ballot, Case, PaperEntry, Sitting, User
from app.queries.attendance import present_at, roster_of
from app.queries.cases import case_for
from app.queries.sittings import item_of
from app.queries.standing import said_on
from app.services.act import act_within
from app.services.cast_ballot import put_in_box
from workflows.commitment import CHOICES


def enter_paper(who: Viewer, number: str, voter: int, choice: str | None) -> None:
    """The clerk enters the paper of the member `voter` (an account). It counts only once it is confirmed.

    Raises as `act`: Refused for who may not vote, has voted, or whose paper is entered already; in a secret vote.
    """
    with unit_of_work():
        item = item_of(case_for(who, number, lock=True))

        def change(case: Case, now: datetime) -> list[Sealed]:
            paper = seal_choice(item.id, item.round, voter, str(choice))
            db.session.add(
                PaperEntry(
                    case_id=case.id,
                    item_id=item.id,
                    round=item.round,
                    user_id=voter,
                    commitment=paper.commitment,
                    sealed=paper.sealed,
                    entered_by=who.id,
                    entered_at=now,
                )
            )
            return []

        typed = {"in_voter": _voter(item, voter), "in_choice_made": choice in CHOICES}
        act_within(who, number, "enter_paper", typed, None, {"person": _name(voter)}, change)


def confirm_paper(who: Viewer, number: str, voter: int, choice: str | None) -> bool:
    """A second person types what the paper of `voter` says; True if it is the same, and then it is a ballot.

    If it is not, the entry is put aside and the paper is to be entered anew: nobody can try until it fits.

    Raises as `act`; NotFound where no paper of this member waits.
    """
    with unit_of_work():
        item = item_of(case_for(who, number, lock=True))
        query = _waiting(item, voter).join(User, User.id == PaperEntry.user_id).add_columns(User)
        found = db.session.execute(query).one_or_none()
        if found is None:
            raise NotFound
        entry, person = found
        matched = choice in CHOICES and _says(item, entry) == choice

        def change(case: Case, now: datetime) -> list[Sealed]:
            entry.result, entry.settled_at = "confirmed" if matched else "mismatch", now
            if not matched:
                return []
            by = {"channel": "paper", "entered_by": entry.entered_by, "confirmed_by": who.id}
            return [put_in_box(case, item, voter, str(choice), now, **by)[0]]

        typed = {
            "in_second_person": who.id not in (entry.entered_by, voter),
            "in_voter": _voter(item, voter, confirming=True),
            "in_choice_made": choice in CHOICES,
        }
        act_within(who, number, "confirm_paper", typed, None, {"person": _said(person), "matched": matched}, change)
        return matched


def waiting_entry(item: AgendaItem, voter: int) -> PaperEntry | None:
    """The paper of this member that waits for the second person."""
    return db.session.scalars(_waiting(item, voter)).one_or_none()


def _waiting(item: AgendaItem, voter: int) -> sa.Select[PaperEntry]:
    query = sa.select(PaperEntry).where(PaperEntry.item_id == item.id, PaperEntry.round == item.round)
    return query.where(PaperEntry.user_id == voter, PaperEntry.result.is_(None))


def _says(item: AgendaItem, entry: PaperEntry) -> str:
    try:
        return open_paper(item.id, item.round, entry.user_id, Paper(entry.commitment, entry.sealed)).choice
    except Unreadable:
        return ""


def _voter(item: AgendaItem, voter: int, confirming: bool = False) -> str:
    """Why this member's paper cannot be taken; empty if it can."""
    entry = roster_of(item).get(voter)
    if entry is None or not entry.entitled:
        return entry.reason if entry else "absent"
    if said_on([item.case_id], "member").get(item.case_id, {}).get(voter) != "none":
        return "recused"
    sitting = db.session.get_one(Sitting, item.sitting_id)
    if sitting.form != "written" and voter not in present_at(sitting.id):
        return "absent"
    cast = sa.select(Ballot.id).where(Ballot.item_id == item.id, Ballot.round == item.round, Ballot.user_id == voter)
    if db.session.scalar(cast) is not None:
        return "voted"
    return "entered" if not confirming and waiting_entry(item, voter) is not None else ""


def _name(voter: int) -> dict[str, str]:
    found = db.session.get(User, voter)
    if found is None:
        raise NotFound
    return _said(found)


def _said(person: User) -> dict[str, str]:
    return {"ko": person.name_ko or person.name_en, "en": person.name_en or person.name_ko}
