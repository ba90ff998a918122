"""What a panel of the demo said beyond its sheets: an abstention, a correction after the lock, the panel's one word."""

from typing import Any

from app.demo.diary import working_day
from app.demo.screening import Secretariat
from app.demo.source import read
from app.demo.stage import both
from app.queries.evaluation import own_sheet
from app.services.answer_duty import accept
from app.services.close_evaluation import rank_again
from app.services.consensus import answer_consensus, name_rapporteur, write_consensus
from app.services.declare_interest import declare
from app.services.invite_evaluator import invite
from app.services.submit_scores import correct_sheet, submit_sheet

STAGE = "evaluation"


class PanelWords(Secretariat):
    """The part of one case in which its panel speaks as a panel."""

    @property
    def spoken(self) -> dict[str, Any]:
        """What is told of this case; empty for most."""
        return dict(read("panel_words.yaml").get(self.case["slug"], {}))

    def one_more(self, opened: str) -> None:
        """An evaluator who comes to the panel and abstains from a criterion."""
        if "also" not in self.spoken:
            return
        email, sheet = self.spoken["also"]["email"], self.spoken["also"]["sheet"]
        marks = {k: (m["score"] or "", both(m["reason"]), m["score"] is None) for k, m in sheet.items()}
        self.diary.on(
            working_day(opened, 1),
            lambda: invite(self.stage.who(self.officer), self.number, self.stage.people.users[email]),
        )
        self.diary.on(working_day(opened, 2), lambda: accept(self.stage.who(email), self.number))
        self.diary.on(
            working_day(opened, 2), lambda: declare(self.stage.who(email), self.number, "evaluator", "none", "")
        )
        self.diary.on(working_day(opened, 6), lambda: submit_sheet(self.stage.who(email), self.number, STAGE, marks))

    def after_the_lock(self) -> None:
        """Corrected, ranked anew, reported on."""
        told = self.spoken
        if "correction" in told:
            self.diary.on(told["correction"]["day"], self._correct)
            reason = both(told["ranked_again"]["reason"])
            self.diary.on(
                told["ranked_again"]["day"], lambda: rank_again(self.stage.who(self.officer), self.number, reason)
            )
        if "consensus" in told:
            self._report(told["consensus"])

    def _correct(self) -> None:
        told = self.spoken["correction"]
        who = self.stage.who(told["email"])
        sheet = own_sheet(who, self.stage.case(self.case["slug"]), STAGE)
        assert sheet is not None
        marks = {k: (m["score"], m["reason"]) for k, m in sheet.scores.items()}
        marks[told["key"]] = (told["score"], marks[told["key"]][1])
        correct_sheet(who, self.number, STAGE, marks, both(told["reason"]))

    def _report(self, told: dict[str, Any]) -> None:
        day, writer = told["day"], told["email"]
        remarks = {key: both(remark) for key, remark in told["remarks"].items()}
        self.diary.on(
            working_day(day, -1),
            lambda: name_rapporteur(self.stage.who(self.officer), self.number, self.stage.people.users[writer]),
        )
        self.diary.on(day, lambda: write_consensus(self.stage.who(writer), self.number, both(told["text"]), remarks))
        for email in told["agree"]:
            self.diary.on(working_day(day, 1), self._saying(email, "agree", ""))
        self.diary.on(
            working_day(day, 2), self._saying(told["dissent"]["email"], "dissent", both(told["dissent"]["words"]))
        )

    def _saying(self, email: str, answer: str, words: str) -> Any:
        return lambda: answer_consensus(self.stage.who(email), self.number, answer, words)
