"""How the secretariat dealt with a proposal of the demo: screening, supplement, opinions, consulting, ways out."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.demo.diary import AS_OF, Diary, working_day
from app.demo.stage import OFFICER, Stage, both, delegate_of, one_line, signatory_of
from app.extensions import db
from app.models import Advice
from app.services.answer_advice import answer_advice
from app.services.assign_consultant import assign_consultant
from app.services.assign_officer import assign_officer
from app.services.begin_consulting import begin_consulting
from app.services.begin_screening import begin_screening
from app.services.check_eligibility import check_eligibility
from app.services.complete_consulting import complete_consulting
from app.services.declare_consulting import declare_consulting
from app.services.decline import confirm_decline, propose_decline
from app.services.find_eligible import find_eligible
from app.services.give_advice import give_advice
from app.services.judge_advice import judge_advice
from app.services.lapse import lapse
from app.services.log_meeting import log_meeting
from app.services.reply_opinion import reply_opinion
from app.services.request_opinion import request_opinion
from app.services.request_supplement import request_supplement
from app.services.return_case import return_ineligible
from app.services.withdraw import withdraw
from app.services.write_feasibility import write_feasibility
from app.services.write_message import write_message

STANCES = {"support_with_remarks": "remarks"}
QUESTION = {
    "ko": "양국 협력 현황, 다른 지원 사업과의 중복 여부, 한국 기업의 참여 가능성에 대한 의견을 여쭙니다.",
    "en": "Please give your opinion on bilateral cooperation, overlap with other support and the chances of "
    "Korean companies.",
}
ATTENDEES = {"ko": "자문가, 신청기관 담당자", "en": "consultant, staff of the applicant"}


class Secretariat:
    """The secretariat's side of one case."""

    def __init__(self, stage: Stage, case: dict[str, Any], diary: Diary) -> None:
        self.stage, self.case, self.diary = stage, case, diary
        self.history: dict[str, Any] = case["history"] or {}
        self.signatory = signatory_of(case["organisation"])
        self.officer = self.history.get("screening", {}).get("officer", OFFICER)

    @property
    def number(self) -> str:
        """The number the case has by now."""
        return self.stage.numbers[self.case["slug"]]

    def live(self) -> None:
        """Everything up to the evaluation, and the ways out."""
        for message in self.history.get("messages", []):
            self._message(message)
        if "screening" in self.history:
            self._screening(self.history["screening"])
        self._opinions(self.history.get("opinions", []))
        if "consulting" in self.history:
            self._consulting(self.history["consulting"])
        for way in ("returned", "withdrawn", "declined"):
            if way in self.history:
                getattr(self, f"_{way}")(self.history[way])

    def _message(self, message: dict[str, Any]) -> None:
        author = self.signatory if message["from"] == "applicant" else self.officer
        text = both(message["text"])
        self.diary.aside(message["at"], lambda: write_message(self.stage.who(author), self.number, text))

    # screening ------------------------------------------------------------------------------------------

    def _screening(self, screening: dict[str, Any]) -> None:
        officer, began = self.officer, screening["began_on"]
        self.diary.on(began, lambda: self._assign(officer))
        self.diary.on(began, lambda: begin_screening(self.stage.who(officer), self.number))
        supplements = self.history.get("supplements", [])
        done = screening["eligible_on"] or self.history.get("returned", {}).get("day")
        checked = done or (supplements[0]["asked_on"] if supplements else working_day(began, 1))
        if screening["checklist"]:
            lines = {key: (line["met"], both(line["evidence"])) for key, line in screening["checklist"].items()}
            self.diary.on(checked, lambda: check_eligibility(self.stage.who(officer), self.number, lines))
        for supplement in supplements:
            self._supplement(supplement)
        if screening["eligible_on"]:
            self.diary.on(screening["eligible_on"], lambda: find_eligible(self.stage.who(officer), self.number))

    def _assign(self, officer: str) -> None:
        assign_officer(self.stage.who(officer), self.number, self.stage.people.users[officer])

    def _supplement(self, supplement: dict[str, Any]) -> None:
        items = [(item["section"], both(item["reason"])) for item in supplement["items"]]
        due_on = date.fromisoformat(supplement["due_on"])
        self.diary.on(
            supplement["asked_on"],
            lambda: request_supplement(self.stage.who(self.officer), self.number, items, due_on),
        )

    def _opinions(self, opinions: list[dict[str, Any]]) -> None:
        asked: dict[tuple[str, str, tuple[str, ...]], list[int]] = defaultdict(list)
        for opinion in opinions:
            body = self.stage.people.organisations[opinion["body"]]
            asked[(opinion["sent_on"], opinion["due_on"], tuple(opinion.get("shown", ())))].append(body)
        for (sent_on, due_on, shown), bodies in asked.items():
            self._ask(sent_on, date.fromisoformat(due_on), bodies, shown)
        for opinion in sorted(opinions, key=lambda one: one["replied_on"] or ""):
            if opinion["replied_on"]:
                self._reply(opinion)

    def _ask(self, sent_on: str, due_on: date, bodies: list[int], shown: tuple[str, ...]) -> None:
        minutes = 11 * 60 + len(bodies)
        self.diary.aside(
            f"{sent_on}T{minutes // 60:02}:{minutes % 60:02}:20+09:00",
            lambda: request_opinion(
                self.stage.who(self.officer), self.number, bodies, both(QUESTION), due_on, sections=shown
            ),
        )

    def _reply(self, opinion: dict[str, Any]) -> None:
        stance = STANCES.get(opinion["verdict"], opinion["verdict"])
        remarks = both(opinion["text"]) if opinion["text"] else ""
        minute = len(opinion["account"])
        self.diary.aside(
            f"{opinion['replied_on']}T15:{minute:02}:40+09:00",
            lambda: reply_opinion(self.stage.who(opinion["account"]), self.number, stance, remarks),
        )

    # consulting -----------------------------------------------------------------------------------------

    def _consulting(self, consulting: dict[str, Any]) -> None:
        adviser, began = consulting["consultant"], consulting["began_on"]
        named = self.stage.people.users[adviser]
        officer = self.officer
        self.diary.on(working_day(began, -3), lambda: assign_consultant(self.stage.who(officer), self.number, named))
        self.diary.on(
            working_day(began, -1), lambda: declare_consulting(self.stage.who(adviser), self.number, "none", "")
        )
        goals = both(consulting["goals"])
        self.diary.on(began, lambda: begin_consulting(self.stage.who(officer), self.number, goals))
        talks = [(m["day"], 0, m) for m in consulting["meetings"]]
        advice = [(a["day"], 1, a) for a in consulting["advice"]]
        given = 0
        for day, kind, entry in sorted([*talks, *advice], key=lambda one: one[:2]):
            if kind == 0:
                self._meeting(adviser, day, entry)
            else:
                self._advice(adviser, day, entry, given, consulting["completed_on"])
                given += 1
        if consulting["completed_on"]:
            self._complete(adviser, consulting)

    def _meeting(self, adviser: str, day: str, meeting: dict[str, Any]) -> None:
        place, gist = one_line(meeting["place"]), both(meeting["note"])
        held_on = date.fromisoformat(day)
        self.diary.aside(
            f"{day}T16:35:12+09:00",
            lambda: log_meeting(self.stage.who(adviser), self.number, held_on, place, one_line(ATTENDEES), gist),
        )

    def _advice(self, adviser: str, day: str, entry: dict[str, Any], place: int, end: str | None) -> None:
        text = both(entry["text"])
        last = date.fromisoformat(end) - timedelta(days=2) if end else AS_OF
        answered, judged = min(working_day(day, 9 + place), last), min(working_day(day, 13 + place), last)
        speaker = delegate_of(self.case["organisation"]) or self.signatory
        self.diary.aside(
            f"{day}T17:{12 + 9 * place:02}:05+09:00",
            lambda: give_advice(self.stage.who(adviser), self.number, "", text),
        )
        if entry["answer"]:
            answer = both(entry["answer"])
            self.diary.aside(
                f"{answered}T10:{14 + 8 * place:02}:31+09:00",
                lambda: answer_advice(self.stage.who(speaker), self.number, self._advice_id(place), answer),
            )
        if entry["judged"] != "open":
            met, reason = entry["judged"] == "met", both(entry["reason"])
            self.diary.aside(
                f"{judged}T14:{11 + 7 * place:02}:48+09:00",
                lambda: judge_advice(self.stage.who(adviser), self.number, self._advice_id(place), met, reason),
            )

    def _advice_id(self, place: int) -> int:
        query = sa.select(Advice.id).where(Advice.case_id == self.stage.case(self.case["slug"]).id)
        return list(db.session.scalars(query.order_by(Advice.id)))[place]

    def _complete(self, adviser: str, consulting: dict[str, Any]) -> None:
        report, scope = both(consulting["report"]), both(consulting["task_scope"])
        self.diary.on(
            consulting["completed_on"],
            lambda: write_feasibility(self.stage.who(adviser), self.number, report, scope),
        )
        self.diary.on(consulting["completed_on"], lambda: complete_consulting(self.stage.who(adviser), self.number))

    # ways out -------------------------------------------------------------------------------------------

    def _returned(self, way: dict[str, Any]) -> None:
        ground, reason = way["ground"], both(way["reasons"])
        officer = self.officer
        self.diary.on(way["day"], lambda: return_ineligible(self.stage.who(officer), self.number, ground, reason))

    def _withdrawn(self, way: dict[str, Any]) -> None:
        reason = both(way["reasons"])
        self.diary.on(way["day"], lambda: withdraw(self.stage.who(self.signatory), self.number, reason, None))

    def _declined(self, way: dict[str, Any]) -> None:
        reason, first, second = both(way["reasons"]), way["proposed_by"], way["confirmed_by"]
        self.diary.on(way["proposed_on"], lambda: propose_decline(self.stage.who(first), self.number, reason))
        self.diary.on(way["confirmed_on"], lambda: confirm_decline(self.stage.who(second), self.number))

    def lapse(self) -> None:
        """The end of a reserve listing."""
        way = self.history["lapsed"]
        reason = both(way["reasons"])
        self.diary.on(way["day"], lambda: lapse(self.stage.who(self.officer), self.number, reason))
