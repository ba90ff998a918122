"""Close the ballot: count heads and votes, let the rule speak, and store the resolution with its sentence.

Writes what the committee resolved and never what is decided: the decision is the Minister's own record.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import AgendaItem, Ballot, Case, Condition, Motion, Resolution, Sitting
from app.queries.attendance import present_at, said_by_members, voters_of
from app.queries.sittings import item_of, motion_of
from app.services.act import act
from workflows import verdict
from workflows.engine import Refused
from workflows.text import because


def close_ballot(who: Viewer, number: str, revision: int | None = None) -> Case:
    """The chair closes the vote on the item.

    A motion to approve that is not carried (a tie is not) rejects. A motion to reject or to reserve that is
    not carried resolves nothing: Refused, to be deferred and moved anew. Raises as `act`.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = item_of(case)
        motion = motion_of(item)
        sitting = db.session.get_one(Sitting, item.sitting_id)
        counts = count(sitting, case, item)
        rule = verdict.VotingRule(**sitting.rule)
        found = verdict.decide(counts, rule)
        outcome = _outcome(motion, found)
        item.closed_at = now
        resolution = Resolution(
            case_id=case.id,
            item_id=item.id,
            round=item.round,
            outcome=outcome,
            amount_krw=motion.amount_krw if outcome.startswith("approve") else None,
            counts=asdict(counts),
            rule=dict(sitting.rule),
            verdict=_told(found),
            text=motion.text,
            resolved_at=now,
        )
        db.session.add(resolution)
        db.session.flush()
        conditions = _conditions(resolution, motion) if outcome == "approve_with_conditions" else []
        return [resolution, *conditions]

    return act(who, number, "close_ballot", revision=revision, change=change)


def count(sitting: Sitting, case: Case, item: AgendaItem) -> verdict.Counts:
    """Heads and votes of the running round. Whoever declares a conflict after voting is not counted."""
    here = {*present_at(sitting.id), *voters_of(sitting.id, case.id)}
    said = said_by_members(case.id)
    recused = {person for person in here if said.get(person) == "conflict"}
    query = sa.select(Ballot.user_id, Ballot.choice).where(Ballot.item_id == item.id, Ballot.round == item.round)
    votes = [choice for user_id, choice in db.session.execute(query) if user_id not in recused]
    return verdict.Counts(
        seats=sitting.seats,
        present=len(here),
        recused_present=len(recused),
        yes=votes.count("yes"),
        no=votes.count("no"),
        abstain=votes.count("abstain"),
        not_voting=len(here) - len(recused) - len(votes),
    )


def _outcome(motion: Motion, found: verdict.Verdict) -> str:
    if found.void:
        raise Refused(
            because(
                "verdict_void",
                "의사정족수에 미달하여 의결할 수 없습니다. 심의를 보류하십시오.",
                "There is no quorum and nothing can be resolved; defer the item.",
            )
        )
    if found.passed:
        return motion.outcome
    if motion.outcome.startswith("approve"):
        return "reject"
    raise Refused(
        because(
            "motion_not_carried",
            f"{found.words.ko} 심의를 보류하고 새 의결안을 제시하십시오.",
            f"{found.words.en} Defer the item and put another motion.",
        )
    )


def _told(found: verdict.Verdict) -> dict[str, Any]:
    return {
        "quorum_needed": found.quorum_needed,
        "quorum_met": found.quorum_met,
        "base": found.base,
        "needed": found.needed,
        "passed": found.passed,
        "void": found.void,
        "words": {"ko": found.words.ko, "en": found.words.en},
    }


def _conditions(resolution: Resolution, motion: Motion) -> list[Condition]:
    rows = [
        Condition(
            case_id=resolution.case_id,
            resolution_id=resolution.id,
            article=row.get("article", ""),
            text=row["text"],
            owner=row.get("owner", ""),
            due=row.get("due"),
        )
        for row in motion.conditions
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows
