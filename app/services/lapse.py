"""End a reserve listing with its reasons: the cycle is over or no award fell away.

The applicant gets a letter as after a rejection: dated, served and sealed with the act itself.
"""

from datetime import datetime

from app import clock, letter_code, letter_kinds
from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Case, Letter
from app.queries.lapse_letter import compose_lapse
from app.queries.letters import as_content
from app.services.act import act
from app.services.preview_letter import letter_number


def lapse(who: Viewer, number: str, reason: str, revision: int | None = None) -> Case:
    """End the reserve. Raises as `act`; Refused without a reason."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        on, named = clock.day_of(now), letter_number(case, now)
        letter = Letter(
            case_id=case.id,
            kind=letter_kinds.LAPSE,
            number=named,
            content=as_content(compose_lapse(case, reason.strip(), on, named, letter_code.draw())),
            issued_on=on,
            previewed_by=who.id,
            served_at=now,
        )
        db.session.add(letter)
        db.session.flush()
        return [letter]

    return act(
        who,
        number,
        "lapse",
        inputs={"in_reason": reason},
        revision=revision,
        data={"reason": reason.strip()},
        change=change,
    )
