"""Cast a ballot: one a member and round, never changed, told to nobody before the chair closes the vote."""

from datetime import datetime
from secrets import token_hex
from typing import Any

from app.authz import Viewer
from app.ballot_box import seal_choice
from app.base import Sealed
from app.extensions import db
from app.models import AgendaItem, Ballot, BallotPaper, Case, Sitting
from app.queries.cases import case_for
from app.queries.sittings import item_of, motion_of, own_ballot
from app.services.act import act_once
from workflows.commitment import CHOICES


def cast_ballot(who: Viewer, number: str, choice: str | None, once: str = "") -> str:
    """Vote yes, no or abstain on the open item; gives back the receipt: the commitment, in hex.

    The event tells that one has voted, never how. The receipt of a secret ballot is given once and kept nowhere
    beside the name: sent twice, it is empty the second time.

    Raises as `act`: Refused for who is absent, recused, undeclared, has voted, or has chosen nothing.
    """
    receipt: list[str] = []

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = item_of(case)
        ballot, committed = put_in_box(case, item, who.id, str(choice), now)
        receipt.append(committed)
        return [ballot]

    made = {"in_choice_made": choice in CHOICES}
    data = {"person": {"ko": who.name_ko, "en": who.name_en}}
    act_once(who, number, "vote", once, inputs=made, data=data, change=change)
    return receipt[0] if receipt else _given_before(who, number)


def _given_before(who: Viewer, number: str) -> str:
    ballot = own_ballot(who, item_of(case_for(who, number)))
    return (ballot.commitment if ballot else None) or ""


def put_in_box(
    case: Case, item: AgendaItem, voter: int, choice: str, now: datetime, **channel: Any
) -> tuple[Ballot, str]:
    """The ballot of `voter`, flushed, and its commitment. Of a secret one the paper is stored apart, without a name.

    `channel`: channel, entered_by and confirmed_by of a paper ballot.
    """
    secret = motion_of(item).secret
    sitting = db.session.get_one(Sitting, item.sitting_id)
    late = sitting.closes_at is not None and now > sitting.closes_at
    paper = seal_choice(item.id, item.round, None if secret else voter, choice)
    if secret:
        db.session.add(
            BallotPaper(
                key=token_hex(16),
                item_id=item.id,
                round=item.round,
                commitment=paper.commitment,
                sealed=paper.sealed,
            )
        )
    ballot = Ballot(
        case_id=case.id,
        item_id=item.id,
        round=item.round,
        user_id=voter,
        late=late,
        commitment=None if secret else paper.commitment,
        sealed=None if secret else paper.sealed,
        cast_at=now,
        **channel,
    )
    db.session.add(ballot)
    db.session.flush()
    return ballot, paper.commitment
