"""Open the ballots of a round and count them: heads by the frozen roster, votes by what the papers say.

Nothing is stored by counting: the rows are the close's to write, once the guards have agreed.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from app.ballot_box import Paper, Unreadable, open_paper
from app.extensions import db
from app.models import AgendaItem, Ballot, BallotPaper, Case, Motion, OpenedBallot, Sitting
from app.queries.attendance import here_for, said_by_members
from workflows.committee_rules import LEAST_BASE, Settled, rule_of, settle
from workflows.engine import Refused
from workflows.text import Reason, because
from workflows.verdict import Counts


@dataclass(frozen=True, slots=True)
class Box:
    """What came out of the box."""

    opened: list[OpenedBallot]
    counts: Counts
    settled: Settled


def open_box(case: Case, item: AgendaItem, motion: Motion, sitting: Sitting) -> Box:
    """Open, check against the commitments, and count.

    A late paper, and the vote of who declared a conflict afterwards, are opened and not counted.

    Raises:
        Refused: too few may vote to count at all, a voter has not answered the question put to him anew, a paper does
            not open, or a secret vote cannot be put right.
    """
    seats, here = here_for(sitting, item)
    said = said_by_members(case.id)
    out = {person for person in here if said.get(person) == "conflict"}
    ballots = list(db.session.scalars(sa.select(Ballot).where(Ballot.item_id == item.id, Ballot.round == item.round)))
    asked = sum(not ballot.late and ballot.user_id not in said for ballot in ballots)
    if asked:
        raise Refused(
            because(
                "voter_asked_anew",
                f"투표한 위원 가운데 {asked}명이 이해관계 재신고를 요청받고 아직 신고하지 않았습니다. 신고를 받은 뒤 종료하거나 "
                "심의를 보류하십시오.",
                f"{asked} of those who voted {'were' if asked > 1 else 'was'} asked to declare anew and "
                f"{'have' if asked > 1 else 'has'} not answered. Wait for the answer, or defer the item.",
            )
        )
    opened = _secret(case, item, ballots, out) if motion.secret else _by_name(case, item, ballots, out)
    counted = [row.choice for row in opened if row.counted]
    counts = Counts(
        seats=seats,
        present=len(here),
        recused_present=len(out),
        yes=counted.count("yes"),
        no=counted.count("no"),
        abstain=counted.count("abstain"),
        not_voting=len(here) - len(out) - len(counted),
    )
    chair = next((row.choice for row in opened if row.counted and row.user_id == sitting.chair_id), None)
    settled = settle(counts, rule_of(sitting.rule), chair)
    if not settled.verdict.void and counts.may_vote < LEAST_BASE:
        raise Refused(
            because(
                "base_too_small",
                "제척·회피으로 표결할 수 있는 위원이 2명 미만이어서 집계할 수 없습니다. "
                "심의를 보류하고 위원을 보충하여 다시 상정하십시오.",
                "Recusals leave fewer than two who may vote: nothing is counted. Defer the item and table it again "
                "with substitutes.",
            )
        )
    return Box(opened, counts, settled)


def clear_papers(item: AgendaItem) -> None:
    """Take the opened papers of a secret round away: a row that was written with a ballot can tell whose it is."""
    db.session.execute(sa.delete(BallotPaper).where(BallotPaper.item_id == item.id, BallotPaper.round == item.round))


def _by_name(case: Case, item: AgendaItem, ballots: list[Ballot], out: set[int]) -> list[OpenedBallot]:
    return [
        _row(
            case,
            item,
            Paper(ballot.commitment or "", ballot.sealed or ""),
            ballot,
            not ballot.late and ballot.user_id not in out,
        )
        for ballot in ballots
    ]


def _secret(case: Case, item: AgendaItem, ballots: list[Ballot], out: set[int]) -> list[OpenedBallot]:
    """The papers in the order of their hashes, which is nobody's order."""
    query = sa.select(BallotPaper).where(BallotPaper.item_id == item.id, BallotPaper.round == item.round)
    papers = sorted(db.session.scalars(query), key=lambda paper: paper.commitment)
    if len(papers) != len(ballots):
        raise Refused(_broken())
    if any(ballot.user_id in out for ballot in ballots):
        raise Refused(
            because(
                "secret_recused",
                "무기명으로 투표한 위원이 그 뒤에 이해충돌을 신고하여 그 표를 가려낼 수 없습니다. "
                "심의를 보류하고 다시 표결하십시오.",
                "A member declared a conflict after a secret vote, and his paper cannot be told from the others. "
                "Defer the item and vote again.",
            )
        )
    return [_row(case, item, Paper(paper.commitment, paper.sealed), None, True) for paper in papers]


def _row(case: Case, item: AgendaItem, paper: Paper, ballot: Ballot | None, counted: bool) -> OpenedBallot:
    voter = ballot.user_id if ballot else None
    try:
        said = open_paper(item.id, item.round, voter, paper)
    except Unreadable as fault:
        raise Refused(_broken()) from fault
    return OpenedBallot(
        case_id=case.id,
        item_id=item.id,
        round=item.round,
        ballot_id=ballot.id if ballot else None,
        user_id=voter,
        choice=said.choice,
        salt=said.salt,
        commitment=paper.commitment,
        counted=counted,
    )


def _broken() -> Reason:
    return because(
        "ballots_unreadable",
        "봉인한 표를 열 수 없습니다. 봉인 열쇠를 복구하거나, 심의를 보류하고 다시 표결하십시오.",
        "The sealed ballots do not open. Bring the key back, or defer the item and vote again.",
    )
