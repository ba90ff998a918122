"""Search in Korean and Latin: texts are kept as two-letter pieces, so that two letters already find.

"Hanoi" is kept as " ha an no oi ", and every letter that occurs once more by itself at the end, so that one letter
finds too. The words asked for are cut the same way and looked for in a row, which finds exactly the words that hold
them. An index of the pieces (migration 0003) says which cases may hold them; `search_condition` decides. Nothing
here reads a case.
"""

import re
from unicodedata import normalize

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.models import Case

WORD = re.compile(r"[^\W_]+")
INDEX = sa.table("case_search", sa.column("rowid", sa.BigInteger), sa.column("case_search", sa.Text))
"""The FTS5 table on SQLite; its hidden column of the same name takes the question."""
ARRAY = sa.type_coerce(sa.literal_column("""string_to_array("case".search, ' ')"""), postgresql.ARRAY(sa.Text))
"""What the GIN index on PostgreSQL is built on, letter by letter."""


def words_of(text: str) -> list[str]:
    """The words of `text`: NFC, lower case, letters and digits only."""
    return WORD.findall(normalize("NFC", text).lower())


def _cut(word: str) -> list[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]


def pieces(text: str) -> str:
    """`text` as its two-letter pieces; words are set apart by a bar, so that no match runs across two of them."""
    words = words_of(text)
    cut = [" ".join(_cut(word)) for word in words]
    letters = " ".join(sorted(set("".join(words))))
    return " " + " | ".join([*cut, letters] if cut else []) + " "


def search_condition(words: str) -> sa.ColumnElement[bool]:
    """The cases that hold every word of `words` somewhere in what is searched."""
    looked_for = (" ".join(_cut(word)) for word in words_of(words))
    return sa.and_(sa.true(), *(Case.search.like(f"% {row} %") for row in looked_for))


def indexed(words: str, dialect: str) -> sa.ColumnElement[bool]:
    """The cases that hold every piece of `words`, by the index: all those of `search_condition` and a few more.

    `dialect`: "sqlite" or "postgresql". On SQLite `INDEX` is joined to the case; the nought keeps the planner from
    asking the index anew for each case (0.6 s).
    """
    wanted = sorted({piece for word in words_of(words) for piece in _cut(word)})
    if not wanted:
        return sa.true()
    if dialect == "postgresql":
        return ARRAY.contains(wanted)
    question = " ".join(f'"{piece}"' for piece in wanted)
    return sa.and_(INDEX.c.case_search.op("MATCH")(question), Case.id == INDEX.c.rowid + 0)
