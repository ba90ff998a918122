"""K26: withdraw. A draft leaves the lists and stays on record; a submitted case is closed to further work."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.models import Case
from app.queries.applications import own_case
from app.services.act import act_on
from app.services.decide import freed_by
from app.services.record import count


def withdraw(who: Viewer, number: str, reason: str, revision: int | None) -> Case:
    """Withdraw `number`; the reason may be empty. A second press finds it withdrawn and changes nothing.

    Raises:
        NotFound: not a case of this person's organisation.
        Stale: the case moved on in the meantime.
        Refused: the committee has resolved, or a delegate pressed.
    """
    with unit_of_work():
        case = own_case(who, number, lock=True)
        if case.state == "WITHDRAWN":
            return case

        def change(case: Case, now: datetime) -> list[Sealed]:
            if case.seq == 0:
                count(case, "DRAFT", None)
            freed = freed_by(case, now)
            case.outcome, case.decided_on, case.awarded_krw = None, None, None
            return freed

        data = {"reason": reason} if reason else {}
        return act_on(who, case, "withdraw", revision=revision, data=data, change=change)
