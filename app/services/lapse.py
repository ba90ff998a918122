"""End a reserve listing with its reasons: the cycle is over or no award fell away."""

from app.authz import Viewer
from app.models import Case
from app.services.act import act


def lapse(who: Viewer, number: str, reason: str, revision: int | None = None) -> Case:
    """End the reserve. Raises as `act`; Refused without a reason."""
    return act(
        who,
        number,
        "lapse",
        inputs={"in_reason": reason},
        revision=revision,
        data={"reason": reason.strip()},
    )
