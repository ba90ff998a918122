"""Who is funded with how much from one envelope, to the last won.

Never spends more than the envelope, never picks among equals.

A cycle's call for projects sets the envelope, the cap per project and the number of awards; no statute
fixes how equals or misfits are treated, so both are the cycle's declared rule. Proposals are taken by
score, highest first.

Why a proposal is not funded, in this order; the first that holds is the reason:

1. over_cap        it asks for more than the cap and the rule is to refuse. It is out before the count
                   begins, so it neither takes part in a tie nor ends a "stop" run.
2. below_cut       the run has ended above it (misfit "stop").
3. tie_undeclared  its equals, by score and by every declared tie-break, cannot all be funded together;
                   none of them is.
4. over_count      all awards are given.
5. over_envelope   what it would get is more than what is left.

With "skip" the next one is tried after 3, 4 and 5; with "stop" each of them ends the run. A reduced amount
is the cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal

from workflows.bad_input import BadInput
from workflows.funding_words import sentence
from workflows.text import Text

Misfit = Literal["skip", "stop"]
OverCap = Literal["refuse", "reduce"]
TieBreak = Literal["earlier_receipt"]
Refusal = Literal["over_cap", "below_cut", "tie_undeclared", "over_count", "over_envelope"]


@dataclass(frozen=True, slots=True)
class FundingRule:
    """A cycle's money: amounts in KRW, None for no cap and no limit on the number of awards."""

    envelope_krw: int
    misfit: Misfit
    over_cap: OverCap
    cap_krw: int | None = None
    max_awards: int | None = None
    tie_break: tuple[TieBreak, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """`received_at` must know its time zone; it is needed only where earlier receipt breaks ties."""

    id: str
    score: Decimal | Fraction | int
    requested_krw: int
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Award:
    id: str
    amount_krw: int


@dataclass(frozen=True, slots=True)
class Refused:
    id: str
    reason: Refusal


@dataclass(frozen=True, slots=True)
class Allocation:
    """Both lists by score, highest first, equal ones by receipt where declared and then by id."""

    funded: tuple[Award, ...]
    not_funded: tuple[Refused, ...]
    remaining_krw: int
    words: Text


Merit = tuple[Fraction, datetime]
NO_RECEIPT = datetime(1, 1, 1, tzinfo=UTC)


def allocate(rule: FundingRule, proposals: Sequence[Proposal]) -> Allocation:
    """Divide the envelope.

    Raises BadInput naming the field. The order of the reasons is in the module's docstring.
    """
    _check_rule(rule)
    _check_proposals(rule, proposals)

    def merit(proposal: Proposal) -> Merit:
        received = proposal.received_at if rule.tie_break else None
        return -Fraction(proposal.score), received or NO_RECEIPT

    funded: list[Award] = []
    refused: list[Refused] = []
    left, ended = rule.envelope_krw, False
    in_order = sorted(sorted(proposals, key=lambda p: p.id), key=merit)
    for _, group in groupby(in_order, key=merit):
        equals, barred = _within_cap(rule, list(group))
        reason = "below_cut" if ended else _misfit(rule, equals, len(funded), left)
        refused += (
            barred
            if reason is None
            else sorted(barred + [Refused(award.id, reason) for award in equals], key=lambda r: r.id)
        )
        if reason is None:
            funded += equals
            left -= sum(award.amount_krw for award in equals)
        ended = ended or (reason is not None and bool(equals) and rule.misfit == "stop")
    words = sentence(rule.envelope_krw, funded, refused, left)
    return Allocation(tuple(funded), tuple(refused), left, words)


def _within_cap(rule: FundingRule, equals: Sequence[Proposal]) -> tuple[list[Award], list[Refused]]:
    """What each would get, and those refused for asking more than the cap."""
    awards: list[Award] = []
    barred: list[Refused] = []
    for proposal in equals:
        over = rule.cap_krw is not None and proposal.requested_krw > rule.cap_krw
        if over and rule.over_cap == "refuse":
            barred.append(Refused(proposal.id, "over_cap"))
        else:
            amount = proposal.requested_krw
            awards.append(Award(proposal.id, amount if rule.cap_krw is None else min(amount, rule.cap_krw)))
    return awards, barred


def _misfit(rule: FundingRule, equals: Sequence[Award], given: int, left: int) -> Refusal | None:
    """Why these equals cannot all be funded; None when they can."""
    too_many = rule.max_awards is not None and given + len(equals) > rule.max_awards
    if not too_many and sum(award.amount_krw for award in equals) <= left:
        return None
    if len(equals) > 1:
        return "tie_undeclared"
    return "over_count" if too_many else "over_envelope"


def _check_rule(rule: FundingRule) -> None:
    if rule.envelope_krw < 0:
        raise BadInput("envelope_krw", "음수일 수 없습니다.", "cannot be negative")
    if rule.cap_krw is not None and rule.cap_krw < 1:
        raise BadInput("cap_krw", "상한은 1원 이상이어야 합니다.", "must be at least 1 won")
    if rule.max_awards is not None and rule.max_awards < 0:
        raise BadInput("max_awards", "음수일 수 없습니다.", "cannot be negative")


def _check_proposals(rule: FundingRule, proposals: Sequence[Proposal]) -> None:
    seen: set[str] = set()
    for i, proposal in enumerate(proposals):
        field = f"proposals.{i}"
        if proposal.id in seen:
            raise BadInput(f"{field}.id", "식별자가 두 번 나옵니다.", "is given twice")
        seen.add(proposal.id)
        if proposal.score < 0:
            raise BadInput(f"{field}.score", "음수일 수 없습니다.", "cannot be negative")
        if proposal.requested_krw < 1:
            raise BadInput(f"{field}.requested_krw", "1원 이상이어야 합니다.", "must be at least 1 won")
        received = proposal.received_at
        if received is None and rule.tie_break:
            raise BadInput(f"{field}.received_at", "접수 시각이 필요합니다.", "is needed to break ties")
        if received is not None and received.utcoffset() is None:
            raise BadInput(f"{field}.received_at", "시간대가 필요합니다.", "needs a time zone")
