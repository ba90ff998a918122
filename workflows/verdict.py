"""Whether a committee could decide and what it decided, in whole numbers.

Never breaks a tie and never guesses a vote.

스마트도시법 시행령 26②: 재적위원 과반수의 출석으로 개의하고 출석위원 과반수의 찬성으로 의결한다. Members
recused count as present for the opening but leave the base of the decision (대법원 2008다1521, 90다카22698,
by analogy). A tie fails (헌법 49: 가부동수인 때에는 부결된 것으로 본다). An abstention is no vote; while
the base is those present it works like a no.
"""

from dataclasses import dataclass, fields
from typing import Literal

from workflows.bad_input import BadInput
from workflows.text import Text
from workflows.verdict_words import sentence

Quorum = Literal["majority_of_seats", "none"]
Base = Literal["present_less_recused", "present", "votes_cast", "seats"]
Threshold = Literal["more_than_half", "two_thirds"]


@dataclass(frozen=True, slots=True)
class Counts:
    """People: seats filled (재적), present (recused ones among them), and what those who may vote did."""

    seats: int
    present: int
    recused_present: int
    yes: int
    no: int
    abstain: int
    not_voting: int

    @property
    def may_vote(self) -> int:
        return self.present - self.recused_present


@dataclass(frozen=True, slots=True)
class VotingRule:
    """How a body opens and decides; the defaults are the National Smart City Committee's (시행령 26②)."""

    quorum: Quorum = "majority_of_seats"
    recused_count_for_quorum: bool = True
    base: Base = "present_less_recused"
    threshold: Threshold = "more_than_half"


NATIONAL_COMMITTEE = VotingRule()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`void` means there was no quorum, so nothing was decided.

    `needed` is the number of ayes that carries.
    """

    quorum_needed: int
    quorum_met: bool
    base: int
    needed: int
    passed: bool
    void: bool
    words: Text


def decide(counts: Counts, rule: VotingRule = NATIONAL_COMMITTEE) -> Verdict:
    """The verdict on one item.

    Raises BadInput naming the count that cannot be. Source: the module's docstring.

    People who may vote and are in none of the four counts are taken as not voting. Nobody in the base
    carries nothing.
    """
    _check(counts)
    opening = counts.present if rule.recused_count_for_quorum else counts.may_vote
    quorum_needed = counts.seats // 2 + 1 if rule.quorum == "majority_of_seats" else 0
    quorum_met = opening >= quorum_needed
    base = _base(counts, rule.base)
    needed = base // 2 + 1 if rule.threshold == "more_than_half" else max(1, -(-2 * base // 3))
    passed = quorum_met and counts.yes >= needed
    words = sentence(counts, rule, opening, quorum_needed, base, needed)
    return Verdict(quorum_needed, quorum_met, base, needed, passed, not quorum_met, words)


def _base(counts: Counts, base: Base) -> int:
    if base == "present_less_recused":
        return counts.may_vote
    if base == "present":
        return counts.present
    return counts.yes + counts.no if base == "votes_cast" else counts.seats


def _check(counts: Counts) -> None:
    for field in fields(counts):
        if getattr(counts, field.name) < 0:
            raise BadInput(field.name, "음수일 수 없습니다.", "cannot be negative")
    if counts.seats < 1:
        raise BadInput("seats", "재적 위원이 없습니다.", "there must be at least one seat")
    if counts.present > counts.seats:
        raise BadInput("present", "출석이 재적보다 많습니다.", "more present than there are seats")
    if counts.recused_present > counts.present:
        raise BadInput("recused_present", "제척 위원이 출석보다 많습니다.", "more recused than present")
    cast = 0
    for name in ("yes", "no", "abstain", "not_voting"):
        cast += getattr(counts, name)
        if cast > counts.may_vote:
            raise BadInput(
                name,
                f"표결할 수 있는 {counts.may_vote}명보다 많습니다.",
                f"more votes than the {counts.may_vote} who may vote",
            )
