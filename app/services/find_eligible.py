"""K08: find the proposal eligible. Only with a complete checklist and every line met."""

from app.authz import Viewer
from app.services.act import act_once


def find_eligible(who: Viewer, number: str, *, revision: int | None = None, once: str | None = None) -> None:
    """Move the case from SCREENING to ELIGIBLE."""
    act_once(who, number, "find_eligible", once=once, revision=revision)
