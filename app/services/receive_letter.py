"""The applicant confirms that the letter was received: the first time is kept, the content stays sealed."""

from app import clock
from app.authz import Viewer, standing_on
from app.db import unit_of_work
from app.errors import NotFound
from app.queries.cases import case_for
from app.queries.letters import letter_of, may_read_letter


def receive_letter(who: Viewer, number: str) -> None:
    """Note when it was first opened. Raises NotFound for anybody but the applicant of an announced case."""
    with unit_of_work():
        case = case_for(who, number, lock=True)
        standing = standing_on(who, case)
        letter = letter_of(case)
        if letter is None or not standing.applicant or not may_read_letter(case, standing):
            raise NotFound
        if letter.opened_at is None:
            letter.opened_at = clock.now()
