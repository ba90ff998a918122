"""An objection was upheld: the case is heard anew, once, by a panel without anybody of the first.

The first ranking, resolution, decision and letter stay on record, and the first decision stays in effect until another
takes its place. So does the money it reserved: the new decision gives it back and takes its own in one transaction
(services/decide.py), and nobody else can take it in between.
"""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Case, Duty
from app.services.act import act

RELIEVED = "재심의: 첫 평가 종료 / Reconsideration: the first evaluation has ended"


def reconsider(who: Viewer, number: str, revision: int | None = None) -> Case:
    """Open the second hearing: the first panel is off duty, and the way to the result begins at the panel again.

    Raises as `act`; Refused without an upheld objection, and for a second time.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        on_duty = (Duty.case_id == case.id, Duty.hearing == case.hearing, Duty.excused_at.is_(None))
        db.session.execute(sa.update(Duty).where(*on_duty).values(excused_at=now, excuse=RELIEVED))
        case.hearing += 1
        case.announce_at = case.announced_at = None
        case.result_note = None
        return []

    return act(who, number, "reconsider", revision=revision, change=change)
