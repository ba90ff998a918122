"""Whether a printed letter is genuine, by the code on it. Says nothing that the letter does not say itself.

Unknown, malformed and not yet served codes are answered alike. Only the try is written down, for the throttle.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from hmac import compare_digest
from typing import Literal

import sqlalchemy as sa

from app.db import unit_of_work
from app.documents.letter import OUTCOME_WORDS, letter_pdf
from app.extensions import db
from app.letter_code import digest
from app.models import Letter
from app.queries.letters import from_content
from app.security import throttle
from workflows.text import Text

TRIES, MINUTES = 20, 10
LANGUAGES: tuple[Literal["ko", "en"], ...] = ("ko", "en")


@dataclass(frozen=True, slots=True)
class Issued:
    """What the letter says of itself, and the hashes of its title (UTF-8) and of its PDFs (language -> sha256)."""

    number: str
    issued_on: date
    case_number: str
    outcome: Text
    amount: Text | None
    title_hash: str
    pdf_hashes: dict[str, str]


def verify_letter(typed: str, address: str) -> Issued | None:
    """The letter with this code, None where none was issued with it. Not inside a unit of work.

    Raises TooMany after 20 tries from one address within 10 minutes.
    """
    with unit_of_work():
        throttle("verify_letter", address, TRIES, MINUTES)
    wanted = digest(typed)
    letter = db.session.scalar(
        sa.select(Letter).where(Letter.code_hash == wanted, Letter.served_at.is_not(None)).order_by(Letter.id).limit(1)
    )
    if letter is None or not compare_digest(digest(letter.content["verification"]), wanted):
        return None
    data = from_content(letter.content)
    return Issued(
        number=letter.number,
        issued_on=letter.issued_on,
        case_number=data.case_number,
        outcome=OUTCOME_WORDS[data.outcome],
        amount=data.amount,
        title_hash=sha256(data.case_title.encode("utf-8")).hexdigest(),
        pdf_hashes={lang: sha256(letter_pdf(data, lang)).hexdigest() for lang in LANGUAGES},
    )
