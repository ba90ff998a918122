"""What each person's word on a case counts for now: none, conflict, or nothing yet. One rule, many cases at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from app.extensions import db
from app.interests import challenged_off, declared_out, excluded_from, out_of
from app.models import Challenge, Declaration, Finding

CASES: sa.BindParameter[list[int]] = sa.bindparam("cases", expanding=True)


def out_on(cases: Sequence[int]) -> dict[int, set[int]]:
    """case -> the people who are out of it (one statement)."""
    out: dict[int, set[int]] = {}
    for row in db.session.execute(_out_query(), {"cases": list(cases)}) if cases else ():
        out.setdefault(row.case_id, set()).add(row.user_id)
    return out


@cache
def _out_query() -> sa.Select[int, int]:
    """Built once: every act of the committee asks it."""
    named = sa.union(
        sa.select(Declaration.case_id, Declaration.user_id).where(
            Declaration.answer == "conflict", Declaration.case_id.in_(CASES)
        ),
        sa.select(Finding.case_id, Finding.user_id).where(Finding.answer == "excluded", Finding.case_id.in_(CASES)),
        sa.select(Challenge.case_id, Challenge.user_id).where(Challenge.case_id.in_(CASES)),
    ).subquery()
    return sa.select(named.c.case_id, named.c.user_id).where(out_of(named.c.case_id, named.c.user_id))


def said_on(cases: Sequence[int], capacity: str) -> dict[int, dict[int, str]]:
    """case -> person -> none or conflict; who has not declared, or is asked anew, is missing (two statements)."""
    query = (
        sa.select(Declaration.case_id, Declaration.user_id, Declaration.answer)
        .where(Declaration.case_id.in_(cases), Declaration.capacity == capacity)
        .order_by(Declaration.number)
    )
    last: dict[int, dict[int, str]] = {}
    for case_id, user_id, answer in db.session.execute(query) if cases else ():
        last.setdefault(case_id, {})[user_id] = answer
    for case_id, people in out_on(cases).items():
        last.setdefault(case_id, {}).update(dict.fromkeys(people, "conflict"))
    return {
        case_id: {person: answer for person, answer in said.items() if answer != "asked"}
        for case_id, said in last.items()
    }


@dataclass(frozen=True, slots=True)
class Out:
    """Whether a person is out of a case, and by which of the three ways."""

    declared: bool
    excluded: bool
    challenged: bool

    def __bool__(self) -> bool:
        return self.declared or self.excluded or self.challenged

    @property
    def way(self) -> str:
        """exclusion, challenge or recusal (the strongest of them); empty for who is in."""
        return "exclusion" if self.excluded else "challenge" if self.challenged else "recusal" if self.declared else ""


def out_and_why(case_id: int, person: int) -> Out:
    """Whether `person` is out of the case and why: the one answer that everything else follows."""
    row = db.session.execute(
        sa.select(declared_out(case_id, person), excluded_from(case_id, person), challenged_off(case_id, person))
    ).one()
    return Out(*map(bool, row))
