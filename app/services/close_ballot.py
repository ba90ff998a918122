"""Close the ballot: open the papers, let the rule speak, and store what was resolved with its sentence.

Writes what the committee resolved and never what is decided: the decision is the Minister's own record.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.extensions import db
from app.models import AgendaItem, Case, Condition, Motion, Resolution, Sitting
from app.queries.cases import case_for
from app.queries.sittings import item_of, motion_of
from app.services.act import act_within
from app.services.freeze_roster import lock_sitting
from app.services.insert_all import insert_all
from app.services.open_box import Box, clear_papers, open_box
from app.services.put_again import put_again
from workflows.committee_rules import Settled, rule_of


def close_ballot(who: Viewer, number: str, revision: int | None = None) -> Case:
    """The chair closes the vote on the item.

    A motion to approve that is not carried (a tie is not) rejects. A motion to reject or to reserve that is not
    carried resolves nothing: the item waits for another motion. A vote on an amendment settles what is voted on
    next. Raises as `act`.
    """
    with unit_of_work():
        case = case_for(who, number, lock=True)
        item = item_of(case) if case.state == "DELIBERATING" else None
        # Locked, so that nobody leaves between the count and the time that is written beside it.
        sitting = lock_sitting(item.sitting_id) if item else None
        if item is None or sitting is None or who.id != sitting.chair_id:
            return act_within(who, number, "close_ballot", {"in_resolves": ""}, revision)
        motion = motion_of(item)
        box = open_box(case, item, motion, sitting)
        outcome = _outcome(motion, box.settled)
        resolves = "case" if outcome in ("approve", "approve_with_conditions", "reject", "reserve") else outcome

        def change(case: Case, now: datetime) -> list[Sealed]:
            resolution, opened = _store(case, item, motion, sitting, box, outcome, now), insert_all(box.opened)
            if motion.secret:
                clear_papers(item)
            if resolves == "case":
                item.closed_at = now
                return [*opened, resolution, *_conditions(resolution, motion)]
            return [*opened, resolution, *_next_round(item, motion, outcome, now)]

        trigger = "close_ballot" if resolves == "case" else "close_round"
        return act_within(who, number, trigger, {"in_resolves": resolves}, revision, {"round": item.round}, change)


def _outcome(motion: Motion, settled: Settled) -> str:
    if motion.kind == "amendment":
        return "amended" if settled.passed else "not_amended"
    if settled.passed:
        return motion.outcome
    return "reject" if motion.outcome.startswith("approve") else "not_carried"


def _store(
    case: Case, item: AgendaItem, motion: Motion, sitting: Sitting, box: Box, outcome: str, now: datetime
) -> Resolution:
    resolution = Resolution(
        case_id=case.id,
        item_id=item.id,
        round=item.round,
        outcome=outcome,
        amount_krw=motion.amount_krw if outcome.startswith("approve") else None,
        counts=asdict(box.counts),
        rule=asdict(rule_of(sitting.rule).voting),
        verdict=_told(box.settled),
        text=motion.text,
        resolved_at=now,
    )
    db.session.add(resolution)
    db.session.flush()
    return resolution


def _next_round(item: AgendaItem, motion: Motion, outcome: str, now: datetime) -> list[Sealed]:
    """What is voted on next: after an amendment the motion as it now stands; after a lost motion whatever is moved."""
    if outcome == "not_carried":
        item.round, item.opened_at = item.round + 1, None
        return []
    stands = motion if outcome == "amended" else db.session.get_one(Motion, motion.follows_id)
    return [put_again(item, stands, now)]


def _told(settled: Settled) -> dict[str, Any]:
    found = settled.verdict
    return {
        "quorum_needed": found.quorum_needed,
        "quorum_met": found.quorum_met,
        "base": found.base,
        "needed": found.needed,
        "passed": settled.passed,
        "void": found.void,
        "tie": settled.tie,
        "casting": settled.casting,
        "words": {"ko": settled.words.ko, "en": settled.words.en},
    }


def _conditions(resolution: Resolution, motion: Motion) -> list[Condition]:
    if resolution.outcome != "approve_with_conditions":
        return []
    rows = [
        Condition(
            case_id=resolution.case_id,
            resolution_id=resolution.id,
            article=row.get("article", ""),
            text=row["text"],
            purpose=row.get("purpose", ""),
            owner=row.get("owner", ""),
            due=row.get("due"),
        )
        for row in motion.conditions
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows
