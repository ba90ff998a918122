"""Which phases lead to the state a synthetic case shall be found in, and how the days fall between them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from app.synthetic import money
from app.synthetic.hearing import REASON, Step
from app.synthetic.story import Story

FINAL = ("CLOSED", "RETURNED", "WITHDRAWN", "DECLINED", "LAPSED")
BEYOND_SITTING = ("RESOLVED", "RESERVED", "LAPSED", "DECIDED", "ANNOUNCED", "CLOSED")
AT_SITTING = ("TABLED", "DELIBERATING", *BEYOND_SITTING)
SHARES = {
    "DRAFT": 6, "RECEIVED": 5, "SCREENING": 6, "SUPPLEMENT": 4, "ELIGIBLE": 4, "CONSULTING": 4, "CONSULTED": 3,
    "EVALUATING": 3, "RANKED": 2, "TABLED": 2, "DELIBERATING": 0.3, "RESOLVED": 0.7, "RESERVED": 0.5, "DECIDED": 0.5,
    "ANNOUNCED": 1, "CLOSED": 8, "RETURNED": 24, "WITHDRAWN": 12, "DECLINED": 13.5, "LAPSED": 0.5,
}  # fmt: skip
"""In a hundred; most proposals to such programmes end early."""
LEAST_DAYS = {
    "SCREENING": 5,
    "SUPPLEMENT": 8,
    "ELIGIBLE": 12,
    "CONSULTING": 20,
    "CONSULTED": 30,
    "EVALUATING": 30,
    "RANKED": 40,
}
"""How long before today a case must have come in to be there."""
BEFORE, AFTER = 0, 1
"""Phases before the sitting and after it; what happens at the sitting has the sitting's hours."""


def least_days(state: str) -> int:
    """The age a case in `state` has at least."""
    return LEAST_DAYS.get(state, 75 if state in AT_SITTING else 20 if state in FINAL else 0)


class Plot:
    """Steps before, at and after the sitting."""

    def __init__(self, story: Story, state: str, rng: Random) -> None:
        self.before: list[Step] = []
        self.sitting: list[Step] = []
        self.after: list[Step] = []
        self._story, self._rng = story, rng
        self._lead_to(state)

    def _lead_to(self, state: str) -> None:
        if state == "WITHDRAWN":
            self._withdrawn()
        elif state == "RETURNED":
            self._returned()
        elif state == "DECLINED":
            self._declined()
        else:
            self._straight(state)

    def _straight(self, state: str) -> None:
        story, rng = self._story, self._rng
        order = [
            "DRAFT",
            "RECEIVED",
            "SCREENING",
            "SUPPLEMENT",
            "ELIGIBLE",
            "CONSULTING",
            "CONSULTED",
            "EVALUATING",
            "RANKED",
            "TABLED",
        ]
        reach = order.index(state) if state in order else len(order)
        if reach >= 1:
            self.before += [(0, story.submit)]
            if reach > 1 or rng.random() < 0.6:
                self.before += [(1, story.assign)]
        if reach >= 2:
            self._screening(state, done=reach > 3)
        if reach >= 4 and rng.random() < 0.4:
            self.before += story.opinion(answered=reach > 6 or rng.random() < 0.5)
        if reach >= 5 and story.planning:
            self.before += story.consulting()
            if reach > 5 or rng.random() < 0.5:
                self.before += story.advice()
        if reach >= 6 and story.planning:
            self.before += story.end_of_consulting()
        if reach >= 7:
            self.before += story.panel_steps() + story.score_steps(1.0 if reach > 7 else rng.random() * 0.9)
        if reach >= 8:
            self.before += [(3, story.rank)]
        if reach >= 9:
            self._committee(state)

    def _screening(self, state: str, done: bool) -> None:
        story, rng = self._story, self._rng
        self.before += [(2, lambda at: story.by_officer(at, "begin_screening"))]
        if rng.random() < 0.2:
            self.before += [(1, story.message)]
        if state == "SUPPLEMENT" or (done and rng.random() < 0.3):
            self.before += [(3, story.ask_supplement)]
            if state != "SUPPLEMENT":
                self.before += [(8, story.answer_supplement)]
        if done:
            self.before += [(2, story.checklist), (1, lambda at: story.by_officer(at, "find_eligible"))]

    def _committee(self, state: str) -> None:
        story, rng = self._story, self._rng
        reserve = state in ("RESERVED", "LAPSED")
        self.before += [(6, story.table), (1, lambda at: story.move(at, "reserve" if reserve else "approve"))]
        if state == "TABLED":
            return
        carried = reserve or rng.random() < 0.6
        self.before += story.declarations()
        self.sitting += [(0, story.open_item)]
        self.sitting += story.ballots(carried, rng.random() if state == "DELIBERATING" else 1.0)
        if state == "DELIBERATING":
            return
        self.sitting += [(0, story.resolve)]
        if state == "RESOLVED":
            return
        if reserve:
            rank = story.case["id"]
            self.after += [(5, lambda at: money.put_on_reserve(story, at, rank))]
            if state == "LAPSED":
                self.after += [(90, lambda at: story.by_officer(at, "lapse", data={"reason": REASON}))]
            return
        self._decided(state)

    def _decided(self, state: str) -> None:
        story, rng = self._story, self._rng
        self.after += [(7, story.decision)]
        if state == "DECIDED" and rng.random() < 0.5:
            return
        self.after += [(1, lambda at: money.set_announcement(story, at)), (1, lambda at: money.preview(story, at))]
        if state == "DECIDED":
            return
        self.after += [(3, lambda at: money.announce(story, at))]
        if state == "CLOSED":
            note = {"result_note": REASON}
            self.after += [
                (35, lambda at: story.by_officer(at, "record_result", data={"reason": REASON}, sets=note)),
                (2, lambda at: story.by_officer(at, "close")),
            ]

    def _withdrawn(self) -> None:
        story, rng = self._story, self._rng
        stages = ["DRAFT", "RECEIVED", "SCREENING", "SUPPLEMENT", "ELIGIBLE"]
        stages += ["CONSULTING", "CONSULTED"] if story.planning else []
        self._straight(rng.choice(stages))
        self.before += [(3, lambda at: story.by_signatory(at, "withdraw", data={"reason": REASON}))]

    def _returned(self) -> None:
        story = self._story
        if self._rng.random() < 0.7:
            self._straight("SCREENING")
            data = {"ground": "eligible_applicant", "reason": REASON}
            self.before += [(4, lambda at: story.by_officer(at, "return_ineligible", data=data))]
            return
        self._straight("SUPPLEMENT")
        special = {"supplement_round": 2, "supplement_late": True}
        self.before += [
            (20, story.demand_again),
            (14, lambda at: story.by_officer(at, "return_unanswered", data={"reason": REASON}, special=special)),
        ]

    def _declined(self) -> None:
        story, rng = self._story, self._rng
        if rng.random() < 0.4:
            self._straight("CONSULTING")
            self.before += [(9, lambda at: story.by_officer(at, "end_consulting", data={"reason": REASON}))]
            return
        self._straight("ELIGIBLE")
        first, second = story.officer, rng.choice([who for who in story.cast.officers if who != story.officer])
        sets = {"decline_proposed_by": first, "decline_reason": REASON}

        def confirm(at: datetime) -> None:
            story.life.do(at, "confirm_decline", "officer", second, special={"decline_proposed_by": first})

        self.before += [
            (9, lambda at: story.by_officer(at, "propose_decline", data={"reason": REASON}, sets=sets)),
            (3, confirm),
        ]

    # time -------------------------------------------------------------------------------------------------

    def run(self, received_at: datetime, end: datetime) -> None:
        """Carry every step out between `received_at` and `end`, in order, no two at one moment."""
        sitting = self._story.sitting
        meets = sitting.starts_at if sitting is not None and self.sitting else None
        first_end = min(end, meets - timedelta(hours=20)) if meets else end
        last = _spread(self.before, received_at, first_end)
        if meets is None:
            return
        moment = max(meets + timedelta(minutes=5), last + timedelta(minutes=1))
        for _, step in self.sitting:
            step(moment)
            moment += timedelta(seconds=20)
        _spread(self.after, moment + timedelta(days=1), max(end, moment + timedelta(days=2)))


def _spread(steps: Sequence[Step], start: datetime, end: datetime) -> datetime:
    """Let the steps happen between two moments, with the proportions of their gaps."""
    whole = sum(gap for gap, _ in steps) or 1.0
    room = max((end - start).total_seconds(), 60.0 * len(steps))
    done, at = 0.0, start
    for place, (gap, step) in enumerate(steps):
        done += gap
        at = start + timedelta(seconds=int(room * done / whole) + place)
        step(at)
    return at
