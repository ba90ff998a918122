"""K02: begin screening (민원처리법 제19조). Stops the clock to begin, starts the screening clock."""

from app.authz import Viewer
from app.services.act import act_once


def begin_screening(who: Viewer, number: str, *, revision: int | None = None, once: str | None = None) -> None:
    """Move the case from RECEIVED to SCREENING; an officer must be assigned."""
    act_once(who, number, "begin_screening", once=once, revision=revision)
