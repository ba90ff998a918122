"""How a committee opens, votes and records, as data: its shape, what each value means, and the tie.

A rule is dated, and every key names what it rests on (`basis`): an article, or "setting" where the law is silent.
The sitting freezes the rule in force on its day. What is counted and when it passes is `verdict`'s matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from workflows.form_schema import Strict, Words
from workflows.rule_faults import as_bad_input
from workflows.text import Text
from workflows.verdict import Base, Counts, Quorum, Threshold, Verdict, VotingRule, decide

COMMITTEES = Path(__file__).parent / "committees"
SETTING = "setting"
LEAST_BASE = 2
"""Fewer who may vote are no committee: the item is put on an agenda again, with substitutes."""

Reason = Literal["minor", "urgent", "quorum_impossible"]
REASONS: dict[str, Text] = {
    "minor": Text("안건의 내용이 경미한 경우", "The matter is minor"),
    "urgent": Text("긴급한 사유로 위원이 출석하는 회의를 열 시간이 없는 경우", "There is no time for a meeting"),
    "quorum_impossible": Text(
        "천재지변 등으로 출석 정족수를 채우기 어려운 경우", "A quorum cannot be had (disaster or the like)"
    ),
}
"""행정기관 소속 위원회의 설치·운영에 관한 법률 시행령 제5조제2항."""


class Written(Strict):
    """Deliberation in writing (서면심의). `window_days_min`: whole days that papers are taken at least."""

    allowed: bool
    reasons: tuple[Reason, ...]
    window_days_min: int = Field(ge=1, le=60)
    call_in: bool
    """Whether any member may call the item into a meeting."""


class CommitteeRule(Strict):
    """One version of a committee's rule. Raises ValidationError for a value that is none, or two that are at odds."""

    quorum: Quorum
    recused_count_for_quorum: bool
    base: Base
    threshold: Threshold
    tie: Literal["fails", "chair_casts"]
    chair_votes: bool
    proxy: Literal["observer", "votes"]
    secrecy: Literal["recorded", "secret_if_moved"]
    late_arrivals: Literal["may_vote", "may_not_vote"]
    dissent: Literal["printed", "withheld"]
    written: Written

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.tie == "chair_casts" and not self.chair_votes:
            raise ValueError("the casting vote is the chair's own ballot, so the chair must vote")
        if self.written.allowed and not self.written.reasons:
            raise ValueError("a written deliberation needs a reason that allows it")
        return self

    @property
    def voting(self) -> VotingRule:
        """What the verdict counts by."""
        return VotingRule(self.quorum, self.recused_count_for_quorum, self.base, self.threshold)


class Basis(Strict):
    """What a key rests on: the article, or "setting", and a note."""

    article: str = Field(min_length=1)
    ko: str
    en: str


class Committee(Strict):
    """A committee as it is shipped."""

    id: str
    programmes: tuple[str, ...]
    name: Words
    in_force_on: date
    rule: CommitteeRule
    basis: dict[str, Basis]

    @model_validator(mode="after")
    def _every_key_has_its_basis(self) -> Self:
        if set(self.basis) != set(KEYS):
            raise ValueError(f"basis must name exactly {KEYS}")
        return self


KEYS: tuple[str, ...] = tuple(CommitteeRule.model_fields)


@cache
def committees() -> tuple[Committee, ...]:
    """Every committee that is shipped; ValidationError if one is faulty."""
    read = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(COMMITTEES.glob("*.yaml")))
    return tuple(Committee.model_validate(one) for one in read)


def shipped_for(programme: str) -> Committee | None:
    """The committee that resolves on the cases of `programme`, as shipped."""
    return next((one for one in committees() if programme in one.programmes), None)


def rule_of(frozen: Mapping[str, Any]) -> CommitteeRule:
    """The rule from its JSON.

    Raises:
        BadInput: names the key that cannot be so.
    """
    try:
        return CommitteeRule.model_validate(dict(frozen))
    except ValidationError as fault:
        raise as_bad_input(fault) from fault


@dataclass(frozen=True, slots=True)
class Settled:
    """A verdict with what became of a tie. `casting`: the chair's yes or no that decided it, if the rule lets it."""

    verdict: Verdict
    tie: bool
    casting: str | None
    passed: bool
    words: Text


def settle(counts: Counts, rule: CommitteeRule, chair_choice: str | None = None) -> Settled:
    """The verdict, and at a tie the chair's casting vote where the rule gives him one.

    A tie is as many ayes as noes where one more aye would have carried. `chair_choice` is the chair's own counted
    ballot; an abstention, or none, leaves the tie to fail. Raises BadInput as `verdict.decide`.
    """
    found = decide(counts, rule.voting)
    tie = not found.void and 0 < counts.yes == counts.no and not found.passed
    if not tie or rule.tie == "fails" or counts.yes + 1 < found.needed or chair_choice not in ("yes", "no"):
        return Settled(found, tie, None, found.passed, found.words)
    passed, n = chair_choice == "yes", counts.yes
    ends = (
        Text("찬성하여 가결되었습니다.", "yes: carried.")
        if passed
        else Text("반대하여 부결되었습니다.", "no: not carried.")
    )
    words = Text(
        f"재적 {counts.seats:,}명 중 {counts.present:,}명이 출석하였고, 찬성과 반대가 {n:,}명으로 같아 "
        f"결정권을 가진 위원장이 {ends.ko}",
        f"{counts.present:,} of {counts.seats:,} seats present; yes and no are equal at {n:,}, "
        f"and the chair, who has the casting vote, voted {ends.en}",
    )
    return Settled(found, tie, chair_choice, passed, words)
