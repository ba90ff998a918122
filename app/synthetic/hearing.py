"""What a synthetic case lives through at the committee: tabled, moved, opened, voted on in sealed ballots, resolved."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from random import Random
from typing import Any

from app.ballot_box import seal_choice
from app.models import AgendaItem, Ballot, Condition, Motion, OpenedBallot, Resolution, RosterEntry
from app.synthetic import cast as people
from app.synthetic.life import Life
from app.synthetic.store import Row, Store
from workflows import verdict

Act = Callable[[datetime], None]
Step = tuple[float, Act]
REASON = "합성 사유입니다. This reason is synthetic."


class AtTheCommittee:
    """The part of a story that plays at a sitting; `Story` brings the rest."""

    life: Life
    cast: people.Cast
    rng: Random
    case: Row
    store: Store
    sitting: people.Meeting | None
    not_recommended: bool
    item: Row
    motion: Row
    resolution: Row
    papers: list[Row]
    conditions: list[dict[str, str]]

    def _declare(self, at: datetime, who: int, capacity: str, trigger: str, answer: str = "none") -> None:
        raise NotImplementedError

    def table(self, at: datetime) -> None:
        """K17."""
        assert self.sitting is not None
        self.item = self.store.add(
            AgendaItem, sitting_id=self.sitting.id, case_id=self.case["id"], position=self.case["id"],
            not_recommended=self.not_recommended, opened_at=None, closed_at=None, round=1,
        )  # fmt: skip
        special = {
            "in_sitting": self.sitting.number, "below_cutoff": self.not_recommended,
            "in_not_recommended": self.not_recommended,
        }  # fmt: skip
        data = {"sitting": self.sitting.number, "not_recommended": self.not_recommended}
        self.life.do(at, "table", "clerk", self.cast.clerk, special=special, data=data)

    def move(self, at: datetime, outcome: str) -> None:
        """A11: what is put to the vote; `outcome` approve (now and then with a condition) or reserve."""
        amount = self.case["requested_krw"] if outcome == "approve" else None
        if outcome == "approve" and self.rng.random() < 0.4:
            outcome = "approve_with_conditions"
            told = {"text": REASON, "purpose": REASON, "owner": "신청기관"}
            self.conditions = [{"article": "보조금법 제18조", **told, "due": "2027-12-31"}]
        self.motion = self.store.add(
            Motion, case_id=self.case["id"], item_id=self.item["id"], round=1, outcome=outcome, amount_krw=amount,
            text=REASON, conditions=self.conditions, put_by=self.cast.clerk, put_at=at, kind="main", follows_id=None,
            secret=False,
        )  # fmt: skip
        data = {"outcome": outcome, "amount_krw": amount}
        self.life.do(at, "put_motion", "clerk", self.cast.clerk, data=data, rows=[(Motion, self.motion)])

    def declarations(self) -> list[Step]:
        """A10: everybody present declares; now and then somebody is out."""
        assert self.sitting is not None
        self.recused = set(self.rng.sample(self.sitting.present[1:], self.rng.choice((0, 0, 0, 1, 2))))
        steps: list[Step] = []
        for who in self.sitting.present:
            answer = "conflict" if who in self.recused else "none"
            steps.append(
                (0.01, lambda at, who=who, answer=answer: self._declare(at, who, "member", "declare_sitting", answer))
            )
        return steps

    def open_item(self, at: datetime) -> None:
        """K18."""
        assert self.sitting is not None
        self.item["opened_at"] = at
        special = {"quorum_present": len(self.sitting.present)}
        rows = [(RosterEntry, self._on_roster(at, who)) for who in self.cast.members]
        self.life.do(at, "open_item", "chair", self.sitting.chair_id, special=special, rows=rows)

    def _on_roster(self, at: datetime, who: int) -> Row:
        assert self.sitting is not None
        present = who in self.sitting.present
        reason = "recused" if who in self.recused else "" if present else "absent"
        return self.store.add(
            RosterEntry, case_id=self.case["id"], item_id=self.item["id"], round=1, user_id=who, capacity="seat",
            present=present, entitled=not reason, reason=reason, entered_at=at,
        )  # fmt: skip

    def ballots(self, carried: bool, share: float = 1.0) -> list[Step]:
        """A12: one each of those who may vote; a motion that shall not be carried gets too few ayes."""
        assert self.sitting is not None
        voters = [who for who in self.sitting.present if who not in self.recused]
        ayes = self.rng.randint(len(voters) // 2 + 1, len(voters)) if carried else self.rng.randint(0, len(voters) // 2)
        choices = ["yes"] * ayes + [self.rng.choice(("no", "no", "abstain")) for _ in voters[ayes:]]
        self.rng.shuffle(choices)
        self.votes = choices
        steps: list[Step] = []
        for who, choice in zip(voters, choices, strict=True):
            steps.append((0.001, lambda at, who=who, choice=choice: self._vote(at, who, choice)))
        return steps[: int(len(steps) * share)]

    def _vote(self, at: datetime, who: int, choice: str) -> None:
        salt = f"{self.rng.getrandbits(128):032x}"
        paper = seal_choice(self.item["id"], 1, who, choice, salt)
        row = self.store.add(
            Ballot, case_id=self.case["id"], item_id=self.item["id"], round=1, user_id=who, channel="screen", late=False,
            commitment=paper.commitment, sealed=paper.sealed, entered_by=None, confirmed_by=None, cast_at=at,
        )  # fmt: skip
        self.papers.append({"ballot_id": row["id"], "user_id": who, "choice": choice, "salt": salt,
                            "commitment": paper.commitment})  # fmt: skip
        self.life.do(at, "vote", "member", who, data={}, rows=[(Ballot, row)])

    def resolve(self, at: datetime) -> None:
        """K20: the verdict by the sitting's rule."""
        assert self.sitting is not None
        counts = verdict.Counts(
            seats=len(self.cast.members), present=len(self.sitting.present), recused_present=len(self.recused),
            yes=self.votes.count("yes"), no=self.votes.count("no"), abstain=self.votes.count("abstain"),
            not_voting=0,
        )  # fmt: skip
        found = verdict.decide(counts, verdict.VotingRule())
        tie = 0 < counts.yes == counts.no and not found.passed
        told = {**asdict(found), "tie": tie, "casting": None, "words": {"ko": found.words.ko, "en": found.words.en}}
        outcome = self.motion["outcome"] if found.passed else "reject"
        self.item["closed_at"] = at
        self.resolution = self.store.add(
            Resolution, case_id=self.case["id"], item_id=self.item["id"], round=1, outcome=outcome,
            amount_krw=self.motion["amount_krw"] if outcome.startswith("approve") else None, counts=asdict(counts),
            rule=asdict(verdict.VotingRule()), verdict=told, text=REASON, resolved_at=at,
        )  # fmt: skip
        special = {"quorum_present": counts.present, "ballots_cast": len(self.votes)}
        rows: list[tuple[type[Any], Row]] = [(Resolution, self.resolution)]
        for paper in self.papers:
            opened = self.store.add(
                OpenedBallot, case_id=self.case["id"], item_id=self.item["id"], round=1, counted=True, **paper
            )
            rows.append((OpenedBallot, opened))
        if outcome == "approve_with_conditions":
            for said in self.conditions:
                row = self.store.add(Condition, case_id=self.case["id"], resolution_id=self.resolution["id"], **said)
                rows.append((Condition, row))
        self.life.do(at, "close_ballot", "chair", self.sitting.chair_id, special=special, rows=rows)
