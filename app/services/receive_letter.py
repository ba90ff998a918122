"""The applicant confirms that the letter was received: the first time is kept, the content stays sealed."""

from app import clock
from app.authz import Viewer, standing_on
from app.db import unit_of_work
from app.errors import NotFound
from app.queries.cases import case_for
from app.queries.letters import letter_of, may_read_letter


def receive_letter(who: Viewer, number: str, kind: str | None = None) -> None:
    """Note when a letter (that of the decision, or the one named) was first opened.

    Raises NotFound for anybody but the applicant, and before it was served.
    """
    with unit_of_work():
        case = case_for(who, number, lock=True)
        standing = standing_on(who, case)
        letter = letter_of(case, kind)
        if letter is None or not standing.applicant or not may_read_letter(case, standing, letter):
            raise NotFound
        if letter.opened_at is None:
            letter.opened_at = clock.now()
