"""Put on record what became of an announced case."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.models import Case
from app.services.act import act


def record_result(who: Viewer, number: str, result: str, revision: int | None = None) -> Case:
    """Record the result in words. Raises as `act`; Refused when nothing is written."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        case.result_note = result.strip()
        return []

    return act(
        who,
        number,
        "record_result",
        inputs={"in_reason": result},
        revision=revision,
        data={"reason": result.strip()},
        change=change,
    )
