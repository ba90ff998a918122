"""The roster of an item, frozen at the moment its vote opens; who comes in later gets a further entry."""

from datetime import datetime

import sqlalchemy as sa

from app.extensions import db
from app.models import AgendaItem, Case, RosterEntry, Sitting
from app.queries.attendance import enrolled, present_at, roster_of, said_by_members
from app.services.insert_all import insert_all
from workflows.committee_rules import CommitteeRule, rule_of


def lock_sitting(sitting_id: int) -> Sitting:
    """The sitting, locked. Lock cases before sittings, everywhere."""
    query = sa.select(Sitting).where(Sitting.id == sitting_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def freeze_roster(sitting: Sitting, case: Case, item: AgendaItem, now: datetime) -> list[RosterEntry]:
    """One entry for every member of the item: there or not, entitled or not, and why not.

    In a written deliberation nobody is there, and everyone without a conflict may return a paper.
    """
    rule, said = rule_of(sitting.rule), said_by_members(case.id)
    here, written = set(present_at(sitting.id)), sitting.form == "written"
    rows = []
    for user_id, capacity in sorted(enrolled(sitting.programme, item.id).items()):
        present = not written and user_id in here
        reason = _barred(sitting, rule, said, user_id) or ("" if present or written else "absent")
        rows.append(
            RosterEntry(
                case_id=case.id, item_id=item.id, round=item.round, user_id=user_id, capacity=capacity,
                present=present, entitled=not reason, reason=reason, entered_at=now,
            )
        )  # fmt: skip
    return insert_all(rows)


def admit(sitting: Sitting, case: Case, item: AgendaItem, user_id: int, now: datetime) -> list[RosterEntry]:
    """A further entry for who came in while the vote is open; none where the rule admits no latecomer.

    Who was there before and only comes back has his entry already.
    """
    rule = rule_of(sitting.rule)
    entry = roster_of(item).get(user_id)
    if entry is None or entry.present or rule.late_arrivals == "may_not_vote":
        return []
    barred = _barred(sitting, rule, said_by_members(case.id), user_id)
    row = RosterEntry(
        case_id=case.id, item_id=item.id, round=item.round, user_id=user_id, capacity=entry.capacity,
        present=True, entitled=not barred, reason=barred or "late", entered_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return [row]


def _barred(sitting: Sitting, rule: CommitteeRule, said: dict[int, str], user_id: int) -> str:
    if said.get(user_id) == "conflict":
        return "recused"
    return "chair" if user_id == sitting.chair_id and not rule.chair_votes else ""
