"""Whether enough people are left, counted before it is too late: a panel over its minimum, a sitting over its quorum.

Counts who can still come, not who has come. Decides nothing.
"""

from dataclasses import dataclass

from workflows.text import Text
from workflows.verdict import Counts, VotingRule, decide


@dataclass(frozen=True, slots=True)
class Alarm:
    """Too few are left, in numbers and in words."""

    kind: str
    """panel, quorum or voters"""
    left: int
    needed: int
    words: Text


def panel(left: int, minimum: int) -> Alarm | None:
    """`left`: evaluators on duty who are not out of the case (also those who have not declared yet)."""
    if left >= minimum:
        return None
    return Alarm(
        "panel",
        left,
        minimum,
        Text(
            f"평가위원이 최소 {minimum}명 필요하나 참여할 수 있는 위원은 {left}명입니다. 위원을 더 위촉해 주십시오.",
            f"The panel needs {minimum}; {left} can still take part. Invite more evaluators.",
        ),
    )


def sitting(seats: int, can_come: int, out: int, rule: VotingRule) -> Alarm | None:
    """`can_come`: members who can still be present for the item; `out`: how many of them are out of it.

    By a rule that counts those recused for the quorum only their absence breaks it; then whether anybody at all may
    vote is what is left to warn of (시행령 제26조제2항).
    """
    counts = Counts(seats, can_come, out, 0, 0, 0, can_come - out)
    found = decide(counts, rule)
    left = can_come if rule.recused_count_for_quorum else can_come - out
    if not found.quorum_met:
        return Alarm(
            "quorum",
            left,
            found.quorum_needed,
            Text(
                f"의사정족수 {found.quorum_needed}명에 참석할 수 있는 위원이 {left}명뿐입니다. 이대로는 개의할 수 없습니다.",
                f"The quorum is {found.quorum_needed} and only {left} can still be counted: the item cannot be opened.",
            ),
        )
    if counts.may_vote < SMALLEST_VOTE:
        return Alarm(
            "voters",
            counts.may_vote,
            SMALLEST_VOTE,
            Text(
                f"표결할 수 있는 위원이 {counts.may_vote}명뿐입니다.",
                f"Only {counts.may_vote} {'member' if counts.may_vote == 1 else 'members'} may vote.",
            ),
        )
    return None


SMALLEST_VOTE = 3
"""Fewer who may vote than this is worth a warning although the rule would let them decide."""
