"""Close an announced case: no objection can come or is pending, and an award has its result on record."""

from app.authz import Viewer
from app.models import Case
from app.services.act import act


def close_case(who: Viewer, number: str, revision: int | None = None) -> Case:
    """Close. Raises as `act`."""
    return act(who, number, "close", revision=revision)
