"""Answer an invitation to a panel: take the duty up, or decline it with the reason and, if one can, a name instead.

Access follows the answer: who has not accepted cannot declare, and so opens nothing; who has declined is off the
panel at once and finds nothing of the case any more.
"""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Case, Duty
from app.services.act import act_once


def accept(who: Viewer, number: str, once: str = "") -> Case:
    """Take the duty up. Raises as `act`, and Refused where no invitation is open."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        _duty(who, case).accepted_at = now
        return []

    return act_once(who, number, "accept_duty", once, data=_person(who), change=change)


def decline(who: Viewer, number: str, reason: str, proposed: str = "", once: str = "") -> Case:
    """Decline, or step down before anything is scored. `proposed`: whom one would ask in one's place.

    Raises as `act`, and Refused without a reason or where a sheet is in already.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        duty = _duty(who, case)
        duty.declined_at = duty.excused_at = now
        duty.excuse, duty.proposed, duty.rapporteur_at = reason.strip(), proposed.strip(), None
        return []

    data = {**_person(who), "reason": reason.strip(), "proposed": proposed.strip()}
    inputs = {"in_reason": reason}
    return act_once(who, number, "decline_duty", once, inputs=inputs, data=data, change=change)


def _duty(who: Viewer, case: Case) -> Duty:
    mine = (Duty.case_id == case.id, Duty.user_id == who.id, Duty.excused_at.is_(None))
    return db.session.scalars(sa.select(Duty).where(*mine)).one()


def _person(who: Viewer) -> dict[str, object]:
    return {"person": {"ko": who.name_ko, "en": who.name_en}}
