"""Search in Korean and Latin: texts are kept as two-letter pieces, so that two letters already find.

"Hanoi" is kept as " ha an no oi "; the words asked for are cut the same way and looked for in a row, which finds
exactly the words that hold them. Nothing here reads a case.
"""

import re
from unicodedata import normalize

import sqlalchemy as sa

from app.models import Case

WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of `text`: NFC, lower case, letters and digits only."""
    return WORD.findall(normalize("NFC", text).lower())


def _cut(word: str) -> str:
    return " ".join(word[i : i + 2] for i in range(len(word) - 1)) or word


def pieces(text: str) -> str:
    """`text` as its two-letter pieces; words are set apart by a bar, so that no match runs across two of them."""
    return " " + " | ".join(_cut(word) for word in words_of(text)) + " "


def search_condition(words: str) -> sa.ColumnElement[bool]:
    """The cases that hold every word of `words` somewhere in what is searched."""
    conditions = []
    for word in words_of(words):
        looked_for = f"% {_cut(word)} %" if len(word) > 1 else f"%{word}%"
        conditions.append(Case.search.like(looked_for))
    return sa.and_(sa.true(), *conditions)
