"""How a proposal of the demo was judged: panel, score sheets, agenda, decision, announcement, end."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.demo.aftermath import follow_conditions, objection
from app.demo.challenged import challenged
from app.demo.diary import AS_OF, working_day
from app.demo.panel_words import PanelWords
from app.demo.stage import CLERK, MINISTER, applicant_name, both, members_for, one_line, recusals, sittings
from app.extensions import db
from app.models import Ranking
from app.services.announce import announce_due
from app.services.answer_duty import accept
from app.services.close_case import close_case
from app.services.close_evaluation import close_evaluation
from app.services.decide import approve, reject
from app.services.declare_interest import declare
from app.services.invite_evaluator import invite
from app.services.open_evaluation import open_evaluation
from app.services.preview_letter import preview_letter
from app.services.put_motion import put_motion
from app.services.receive_letter import receive_letter
from app.services.reconsider import reconsider
from app.services.reserve import reserve
from app.services.set_announcement import set_announcement
from app.services.submit_scores import submit_sheet
from app.services.table_case import table_case

OFFICE_OPENS = 9 * 60


class Judging(PanelWords):
    """The later half of one case."""

    def judge(self) -> None:
        """From the panel to the end."""
        self._hearing(self.history)
        if "objection" in self.history:
            objection(self, self.history["objection"])
        if "again" in self.history:
            again, officer = self.history["again"], self.officer
            self.diary.on(again["opened_on"], lambda: reconsider(self.stage.who(officer), self.number))
            self._hearing(again)
        follow_conditions(self)
        if self.history.get("closed_on"):
            closed, officer = self.history["closed_on"], self.officer
            self.diary.on(closed, lambda: close_case(self.stage.who(officer), self.number))
        if "lapsed" in self.history:
            self.lapse()

    def _hearing(self, told: dict[str, Any]) -> None:
        """One way from the panel to the announcement, as far as the story tells it."""
        if "evaluation" in told:
            self._evaluation(told["evaluation"])
        if "challenge" in told:
            challenged(self, told["challenge"])
        if "committee" in told:
            self._committee(told)
        if "decision" in told:
            self._decision(told["decision"])
        if "announce_at" in told:
            self._announcement(told)

    # evaluation -----------------------------------------------------------------------------------------

    def _evaluation(self, evaluation: dict[str, Any]) -> None:
        opened, officer = evaluation["opened_on"], self.officer
        ahead = -1 if self.case["type"] == "kcity-demonstration" else -5
        for email in evaluation["panel"]:
            self.diary.on(working_day(opened, ahead), self._inviting(email))
        for email in evaluation["panel"]:
            self.diary.on(working_day(opened, min(ahead + 2, -1)), self._accepting(email))
        self.diary.on(opened, lambda: open_evaluation(self.stage.who(officer), self.number))
        self.one_more(opened)
        days = 3
        for stage, sheets in evaluation["rounds"].items():
            for place, (email, sheet) in enumerate(sheets.items()):
                self.diary.on(working_day(opened, days + place // 2), self._scoring(email, stage, sheet))
            days += 2
        if evaluation["locked_on"]:
            self.diary.on(
                evaluation["locked_on"], lambda: close_evaluation(self.stage.who(officer), self.number), 17 * 60
            )
            self.after_the_lock()

    def _inviting(self, email: str) -> Any:
        return lambda: invite(self.stage.who(self.officer), self.number, self.stage.people.users[email])

    def _accepting(self, email: str) -> Any:
        def run() -> None:
            accept(self.stage.who(email), self.number)
            declare(self.stage.who(email), self.number, "evaluator", "none", "")

        return run

    def _declaring(self, email: str, capacity: str, ground: str) -> Any:
        answer = "conflict" if ground else "none"
        return lambda: declare(self.stage.who(email), self.number, capacity, answer, ground)

    def _scoring(self, email: str, stage: str, sheet: dict[str, Any]) -> Any:
        scores = {key: (str(mark["score"]), both(mark["reason"])) for key, mark in sheet.items()}
        return lambda: submit_sheet(self.stage.who(email), self.number, stage, scores)

    # committee ------------------------------------------------------------------------------------------

    def _committee(self, told: dict[str, Any]) -> None:
        committee = told["committee"]
        key = committee["sitting"]
        sitting, locked = sittings()[key], told["evaluation"]["locked_on"]
        sent = sitting["agenda_sent_on"]
        tabled = working_day(sent, -1) if sent else working_day(locked, 12)
        self.diary.on(tabled, lambda: self._table(key), 14 * 60 + 10 * committee["item"])
        if not sent:
            return
        self.diary.on(sent, lambda: self._motion(told), 16 * 60 + 10 * committee["item"])
        out = recusals(sitting, self.case["slug"])
        for place, member in enumerate(members_for(sitting, self.case["slug"])):
            day = working_day(sent, 1 + place % 3)
            minute = OFFICE_OPENS + (place * 41 + committee["item"] * 7) % 400
            self.diary.aside(
                f"{day}T{minute // 60:02}:{minute % 60:02}:{place % 60:02}+09:00",
                self._declaring(member, "member", out.get(member, "")),
            )

    def _table(self, key: str) -> None:
        case = self.stage.case(self.case["slug"])
        newest = sa.select(Ranking.below_cutoff).where(Ranking.case_id == case.id).order_by(Ranking.id.desc())
        below = db.session.scalar(newest.limit(1))
        table_case(self.stage.who(CLERK), self.number, self.stage.sittings[key], bool(below))

    def _motion(self, told: dict[str, Any]) -> None:
        committee = told["committee"]
        resolved = committee.get("resolution")
        conditions = resolved["conditions"] if resolved else committee.get("motion_conditions", [])
        outcome = resolved["outcome"] if resolved else "approve_with_conditions"
        if outcome == "reject":  # the motion was to approve, and it was not carried
            outcome = "approve"
        decision = told.get("decision") or {}
        asked = self.stage.case(self.case["slug"]).requested_krw
        amount = committee.get("motion_krw") or decision.get("amount_krw") or asked
        owner = one_line(applicant_name(self.case))
        rows = [
            {
                "article": f"{place}",
                "text": both(words),
                "purpose": both(words["purpose"]),
                "owner": owner,
                "due": words.get("due_on", ""),
            }
            for place, words in enumerate(conditions, start=1)
        ]
        text = both(committee["paper"])
        put_motion(
            self.stage.who(CLERK), self.number, outcome, text, amount, rows, secret=committee.get("secret", False)
        )

    # decision and after ---------------------------------------------------------------------------------

    def _decision(self, decision: dict[str, Any]) -> None:
        minister, reason = self.stage.people.viewer(MINISTER), both(decision["reasons"])
        acts = {
            "approve": lambda: approve(minister, self.number, decision["amount_krw"], reason),
            "reject": lambda: reject(minister, self.number, reason),
            "reserve": lambda: reserve(minister, self.number, decision["reserve_rank"], reason),
        }
        self.diary.on(decision["day"], acts[decision["outcome"]], 16 * 60)

    def _announcement(self, told: dict[str, Any]) -> None:
        officer, when = self.officer, datetime.fromisoformat(told["announce_at"])
        day = working_day(told["decision"]["day"], 1)
        self.diary.on(day, lambda: self._set(when), 17 * 60)
        self.diary.on(day, lambda: preview_letter(self.stage.who(officer), self.number), 17 * 60 + 20)
        if clock.day_of(when) > AS_OF:
            return
        self.diary.at(when, lambda: announce_due(clock.now()))
        self.diary.on(
            working_day(clock.day_of(when), 1),
            lambda: receive_letter(self.stage.who(self.signatory), self.number),
        )

    def _set(self, when: datetime) -> None:
        case = self.stage.case(self.case["slug"])
        if case.announce_at is None:
            set_announcement(self.stage.who(self.officer), case.cycle_id, when)
