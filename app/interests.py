"""Who is out of a case, as a condition on rows: one rule for pages, counts, notices, quorums and rankings.

Out is whoever declared a conflict (회피), was excluded by law (제척), or lost a challenge (기피). A question put anew
takes a declared conflict away only until it is answered; an exclusion is lifted only by a later finding; a challenge
that was upheld stands.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.models import Challenge, ChallengeRuling, Declaration, Finding


def out_of(case: Any, person: Any) -> sa.ColumnElement[bool]:
    """Whether `person` is out of `case` (columns, bound parameters or ids)."""
    return sa.or_(declared_out(case, person), excluded_from(case, person), challenged_off(case, person))


def declared_out(case: Any, person: Any) -> sa.ColumnElement[bool]:
    """Whether the last thing the person declared, in any capacity, is a conflict."""
    said, later = aliased(Declaration), aliased(Declaration)
    superseded = sa.exists().where(
        later.case_id == said.case_id,
        later.user_id == said.user_id,
        later.capacity == said.capacity,
        later.number > said.number,
    )
    return sa.exists().where(said.case_id == case, said.user_id == person, said.answer == "conflict", ~superseded)


def excluded_from(case: Any, person: Any) -> sa.ColumnElement[bool]:
    """Whether an exclusion by law stands: found, and not found clear since."""
    found, later = aliased(Finding), aliased(Finding)
    lifted = sa.exists().where(
        later.case_id == found.case_id,
        later.user_id == found.user_id,
        later.number > found.number,
        later.answer == "clear",
    )
    return sa.exists().where(found.case_id == case, found.user_id == person, found.answer == "excluded", ~lifted)


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
    said = aliased(Declaration)
    answer = sa.case((said.answer == "asked", None), else_=said.answer)
    return (
        sa.select(answer)
        .where(said.case_id == case, said.user_id == person, said.capacity == capacity)
        .order_by(said.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def stands(case: Any, person: Any, capacity: Any) -> sa.ColumnElement[Any]:
    """What counts now: conflict for whoever is out, else what was declared last (none, or NULL for undeclared)."""
    return sa.case((out_of(case, person), "conflict"), else_=last_said(case, person, capacity))
