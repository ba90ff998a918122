"""An officer checks the letter before it goes out: its content is drawn up and kept, with number and code."""

from datetime import datetime

from app import clock, letter_code
from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.letter_kinds import kind_of
from app.models import Case, Letter
from app.queries.letters import as_content, compose, letter_of
from app.services.act import act
from app.services.plan_sitting import next_in


def preview_letter(who: Viewer, number: str, revision: int | None = None) -> Case:
    """Draw up the letter from the records and note who has read it. Raises as `act`."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        letter = letter_of(case)
        on = clock.day_of(max(case.announce_at or now, now))
        if letter is None:
            letter = Letter(
                case_id=case.id, kind=kind_of(case), number=letter_number(case, now), content={}, issued_on=on
            )
            db.session.add(letter)
        code = letter.content.get("verification") or letter_code.draw()
        letter.content = as_content(compose(case, on, letter.number, code))
        letter.issued_on = on
        letter.previewed_by = who.id
        return []

    return act(who, number, "preview_letter", revision=revision, change=change)


def letter_number(case: Case, now: datetime) -> str:
    """The next number of the ministry's letters of this year, such as KCN-L-2027-0031."""
    year = clock.day_of(now).year
    return f"{case.number.split('-')[0]}-L-{year}-{next_in(f'letter-{year}'):04}"
