"""Who is out of a case, as a condition on rows: one rule for pages, counts, notices, quorums and rankings.

Out is whoever declared a conflict (회피), was excluded by law (제척), or lost a challenge (기피). A question put anew
takes a declared conflict away only until it is answered; an exclusion is lifted only by a later finding; a challenge
that was upheld stands.
"""

from typing import Any

import sqlalchemy as sa

from app.models import Challenge, ChallengeRuling, Declaration, Finding


def _rows(model: Any) -> sa.Alias:
    """The table under a name of its own. Not the model: conditions on it took ten times as long to build."""
    table: sa.Table = model.__table__
    return table.alias()


def out_of(case: Any, person: Any) -> sa.ColumnElement[bool]:
    """Whether `person` is out of `case` (columns, bound parameters or ids)."""
    return sa.or_(declared_out(case, person), excluded_from(case, person), challenged_off(case, person))


def declared_out(case: Any, person: Any) -> sa.ColumnElement[bool]:
    """Whether the last thing the person declared, in any capacity, is a conflict."""
    said, later = _rows(Declaration), _rows(Declaration)
    superseded = sa.exists().where(
        later.c.case_id == said.c.case_id,
        later.c.user_id == said.c.user_id,
        later.c.capacity == said.c.capacity,
        later.c.number > said.c.number,
    )
    return sa.exists().where(said.c.case_id == case, said.c.user_id == person, said.c.answer == "conflict", ~superseded)


def excluded_from(case: Any, person: Any) -> sa.ColumnElement[bool]:
    """Whether an exclusion by law stands: found, and not found clear since."""
    found, later = _rows(Finding), _rows(Finding)
    lifted = sa.exists().where(
        later.c.case_id == found.c.case_id,
        later.c.user_id == found.c.user_id,
        later.c.number > found.c.number,
        later.c.answer == "clear",
    )
    return sa.exists().where(found.c.case_id == case, found.c.user_id == person, found.c.answer == "excluded", ~lifted)


def challenged_off(case: Any, person: Any) -> sa.ColumnElement[bool]:
    """Whether a challenge of the person was upheld."""
    return sa.exists().where(
        Challenge.case_id == case,
        Challenge.user_id == person,
        ChallengeRuling.challenge_id == Challenge.id,
        ChallengeRuling.upheld.is_(True),
    )


def last_said(case: Any, person: Any, capacity: Any) -> sa.ScalarSelect[Any]:
    """What the person declared last in `capacity`: none or conflict; NULL for nothing, or where it was asked anew."""
    said = _rows(Declaration)
    answer = sa.case((said.c.answer == "asked", None), else_=said.c.answer)
    return (
        sa.select(answer)
        .where(said.c.case_id == case, said.c.user_id == person, said.c.capacity == capacity)
        .order_by(said.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def stands(case: Any, person: Any, capacity: Any) -> sa.ColumnElement[Any]:
    """What counts now: conflict for whoever is out, else what was declared last (none, or NULL for undeclared)."""
    return sa.case((out_of(case, person), "conflict"), else_=last_said(case, person, capacity))
