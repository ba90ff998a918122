"""Cast a ballot: one a member and round, never changed, told to nobody before the chair closes the vote."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Ballot, Case
from app.queries.sittings import item_of
from app.services.act import act_once


def cast_ballot(who: Viewer, number: str, choice: str | None, once: str = "") -> Case:
    """Vote yes, no or abstain on the open item. The event tells that one has voted, never how.

    Raises as `act`: Refused for who is absent, recused, undeclared, has voted, or has chosen nothing.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = item_of(case)
        ballot = Ballot(case_id=case.id, item_id=item.id, round=item.round, user_id=who.id, choice=choice, cast_at=now)
        db.session.add(ballot)
        db.session.flush()
        return [ballot]

    data = {"person": {"ko": who.name_ko, "en": who.name_en}}
    return act_once(who, number, "vote", once, inputs={"in_choice": choice}, data=data, change=change)
