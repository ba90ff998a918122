"""The letters that were served: as PDF in both languages, and as text that a program can hold against the record."""

from collections.abc import Iterator
from typing import Any, Literal

import sqlalchemy as sa

from app.documents.letter import LETTER_WORDS, OUTCOME_WORDS, letter_pdf
from app.extensions import db
from app.models import Case, Letter
from app.queries.letters import from_content
from workflows.text import Text

LANGUAGES: tuple[Literal["ko", "en"], ...] = ("ko", "en")

ORDER = (
    "issuer", "number", "dated", "addressee", "subject", "decision", "amount", "case_number", "case_title", "cycle",
    "verdict", "reasons", "conditions", "appeals", "signatory", "officer", "verification",
)  # fmt: skip


def files(case: Case) -> Iterator[tuple[str, bytes]]:
    """Name and content: letters/<kind>.<language>.pdf and .txt of every letter served."""
    query = sa.select(Letter).where(Letter.case_id == case.id, Letter.served_at.is_not(None)).order_by(Letter.id)
    for letter in db.session.scalars(query):
        name = f"letters/{letter.kind.replace('_', '-')}"
        for lang in LANGUAGES:
            yield f"{name}.{lang}.pdf", letter_pdf(from_content(letter.content), lang)
            yield f"{name}.{lang}.txt", text(letter.content, lang).encode()


def text(content: dict[str, Any], lang: Literal["ko", "en"]) -> str:
    """Every sentence of the letter in one language, each under its heading, as the record holds it."""
    lines: list[str] = []
    for key in sorted(content, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)):
        said = list(_sentences(content[key], lang))
        if said:
            heading = LETTER_WORDS.get(key, Text(key, key)).pick(lang)
            lines += [f"[{heading}]", *said, ""]
    outcome = OUTCOME_WORDS.get(content["outcome"])
    return "\n".join([outcome.pick(lang) if outcome else "", "", *lines])


def _sentences(value: Any, lang: Literal["ko", "en"]) -> Iterator[str]:
    if isinstance(value, dict) and set(value) == {"ko", "en"}:
        value = value[lang]
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _sentences(value[key], lang)
    elif isinstance(value, list):
        for entry in value:
            yield from _sentences(entry, lang)
    elif isinstance(value, str) and value.strip():
        yield value
