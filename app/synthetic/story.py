"""What happens in a synthetic case, phase by phase, as a list of steps that `Life` then carries out.

A step is (days since the one before, what it does at its time). Nothing here writes; the phases follow the order
of the definition, and `plot` strings together those that lead to the state the case shall be found in.
"""

from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from app import clock
from app.audit.shapes import plain
from app.base import Written, fingerprint
from app.models import (
    Advice,
    Attachment,
    ChecklistAnswer,
    Consulting,
    Declaration,
    Duty,
    Meeting,
    Message,
    Opinion,
    Ranking,
    ScoreSheet,
    Section,
    Supplement,
    SupplementItem,
    Version,
)
from app.queries.evaluation import cutoff_of, parts_of, total_of
from app.synthetic import cast as people
from app.synthetic.hearing import REASON, AtTheCommittee, Step
from app.synthetic.life import Life
from app.synthetic.money import decide
from app.synthetic.store import written
from app.synthetic.words import paragraph
from workflows import scoring, words
from workflows.form_schema import load_form
from workflows.interest_rules import in_force

INVITED = {"my_duty": "invited"}
NO_KEYS = written([])


class Story(AtTheCommittee):
    """One case, its people and its papers."""

    def __init__(
        self, life: Life, cast: people.Cast, rng: Random, typed: dict[str, dict[str, Any]], round_: dict[str, Any],
        signatory: int, document: tuple[str, int], sitting: people.Meeting | None,
    ) -> None:  # fmt: skip
        self.life, self.cast, self.rng, self.typed, self.round = life, cast, rng, typed, round_
        self.case, self.store = life.case, life.store
        self.signatory, self.document, self.sitting = signatory, document, sitting
        self.officer = rng.choice(cast.officers)
        self.consultant = rng.choice(cast.consultants)
        self.panel = sorted(rng.sample(cast.evaluators, rng.randint(5, 6)))
        self.form = load_form(self.case["definition_id"], self.case["form_version"])
        self.planning = self.case["definition_id"] == "kcity-planning"
        self.version: dict[str, Any] = {}
        self.sheets: list[tuple[dict[str, Any], Fraction]] = []
        self.papers: list[dict[str, Any]] = []
        self.duties: dict[int, dict[str, Any]] = {}
        self.not_recommended = False
        self.item: dict[str, Any] = {}
        self.motion: dict[str, Any] = {}
        self.resolution: dict[str, Any] = {}
        self.files: list[dict[str, Any]] = []
        self.content: dict[str, Any] = {}
        self.conditions: list[dict[str, str]] = []
        self.letter: dict[str, Any] = {}

    # small helpers ----------------------------------------------------------------------------------------

    def person(self, who: int) -> dict[str, str]:
        """A name for the timeline."""
        return self.cast.names[who]

    def by_officer(self, at: datetime, trigger: str, **more: Any) -> None:
        """A step of the officer in charge."""
        self.life.do(at, trigger, "officer", self.officer, **more)

    def by_signatory(self, at: datetime, trigger: str, **more: Any) -> None:
        """A step of the applicant."""
        self.life.do(at, trigger, "signatory", self.signatory, **more)

    def save_sections(self, at: datetime) -> None:
        """The draft as it can be edited: kept where the applicant is at work."""
        for key, answers in self.typed.items():
            self.store.add(
                Section, case_id=self.case["id"], key=key, revision=1, answers=answers, complete=True,
                saved_at=at, saved_by=self.signatory,
            )  # fmt: skip

    def attach(self, at: datetime) -> None:
        """One file in each slot that needs one."""
        sha256, size = self.document
        for field in self.form.fields:
            if field.kind == "files" and field.required:
                self.files.append(
                    self.store.add(
                        Attachment,
                        case_id=self.case["id"],
                        slot=field.key,
                        name=f"{field.key}.pdf",
                        kind="pdf",
                        media_type="application/pdf",
                        size=size,
                        sha256=sha256,
                        uploaded_at=at,
                        uploaded_by=self.signatory,
                        removed_at=None,
                    )
                )

    def _freeze(self, at: datetime, reason: str) -> dict[str, Any]:
        files = [{k: row[k] for k in ("id", "slot", "name", "kind", "size", "sha256")} for row in self.files]
        number = self.version.get("number", 0) + 1
        answers = written({key: value for section in self.typed.values() for key, value in section.items()})
        files = written(files)
        content = f'{{"answers":{answers},"case":{plain(self.case["number"])},"files":{files},"version":{number}}}'
        self.version = self.store.add(
            Version, case_id=self.case["id"], number=number, answers=answers, files=files,
            sha256=fingerprint(Written(content)), made_at=at, made_by=self.signatory, reason=reason,
        )  # fmt: skip
        return self.version

    def _declare(self, at: datetime, who: int, capacity: str, trigger: str, answer: str = "none") -> None:
        ground = REASON if answer == "conflict" else ""
        row = self.store.add(
            Declaration, case_id=self.case["id"], user_id=who, capacity=capacity, number=1, answer=answer,
            ground=ground, rule_set=in_force("kcity", clock.day_of(at)).name, grounds=NO_KEYS, declared_at=at,
        )  # fmt: skip
        data = {"person": self.person(who), "answer": answer}
        self.life.do(at, trigger, capacity, who, data=data, rows=[(Declaration, row)])

    # intake and screening ---------------------------------------------------------------------------------

    def submit(self, at: datetime) -> None:
        """K01: with its number and its first version."""
        self.attach(at)
        number = self.store.next_number(f"KCN-{self.round['year']}")
        draft, self.case["number"] = self.case["number"], number
        version = self._freeze(at, "submitted")
        data = {"draft": draft, "version": 1, "sha256": version["sha256"]}
        self.by_signatory(at, "submit", data=data, sets={"received_at": at}, rows=[(Version, version)])

    def assign(self, at: datetime) -> None:
        """A01."""
        data = {"officer": self.person(self.officer)}
        self.by_officer(at, "assign_officer", data=data, sets={"assignee_id": self.officer})

    def message(self, at: datetime) -> None:
        """A02: a question of the secretariat."""
        text = paragraph(self.rng, 0, 20, 200)
        row = self.store.add(
            Message, case_id=self.case["id"], author_id=self.officer, side="secretariat", text=text, written_at=at
        )
        rows = [(Message, row)]
        data = {"side": "secretariat", "sha256": fingerprint(text)}
        self.by_officer(at, "write_message", data=data, rows=rows)

    def ask_supplement(self, at: datetime) -> None:
        """K03."""
        due_on = clock.day_of(at) + timedelta(days=14)
        asked = self.store.add(
            Supplement, case_id=self.case["id"], round=1, sent_at=at, due_on=due_on, extensions=0, answered_at=None
        )
        item = self.store.add(SupplementItem, supplement_id=asked["id"], section="need", reason=REASON, answer="")
        self._asked, self._asked_item = asked, item
        data = {"due_on": due_on.isoformat(), "items": [{"section": "need", "reason": REASON}]}
        self.by_officer(at, "request_supplement", data=data, special={"in_days_ahead": 14}, due_on=due_on)

    def answer_supplement(self, at: datetime) -> None:
        """K04: a new version."""
        self._asked["answered_at"], self._asked_item["answer"] = at, REASON
        version = self._freeze(at, "supplement")
        self.by_signatory(at, "answer_supplement", data={"version": version["number"]}, rows=[(Version, version)])

    def demand_again(self, at: datetime) -> None:
        """K05b."""
        due_on = clock.day_of(at) + timedelta(days=10)
        self.store.add(
            Supplement, case_id=self.case["id"], round=2, sent_at=at, due_on=due_on, extensions=0, answered_at=None
        )
        special = {"in_days_ahead": 10, "supplement_late": True}
        self.by_officer(at, "demand_again", data={"due_on": due_on.isoformat()}, special=special, due_on=due_on)

    def checklist(self, at: datetime) -> None:
        """A03."""
        for line in self.form.screening:
            self.store.add(
                ChecklistAnswer, case_id=self.case["id"], key=line.key, met=True, evidence=REASON,
                answered_by=self.officer, answered_at=at,
            )  # fmt: skip
        lines = {line.key: {"met": True, "evidence": REASON} for line in self.form.screening}
        self.by_officer(at, "check_eligibility", data={"lines": lines, "met": len(lines), "answered": len(lines)})

    def opinion(self, answered: bool) -> list[Step]:
        """K09a, and K09b where it came."""
        org, giver = self.rng.choice(self.cast.bodies)
        row: list[dict[str, Any]] = []

        def ask(at: datetime) -> None:
            due_on = clock.day_of(at) + timedelta(days=14)
            row.append(
                self.store.add(
                    Opinion,
                    case_id=self.case["id"],
                    organisation_id=org,
                    question=REASON,
                    sent_at=at,
                    due_on=due_on,
                    stance=None,
                    remarks="",
                    replied_at=None,
                    replied_by=None,
                    noted_missing_at=None,
                )
            )
            self.by_officer(at, "request_opinion", data={"question": REASON, "due_on": due_on.isoformat()})

        def reply(at: datetime) -> None:
            row[0].update(stance="support", remarks=REASON, replied_at=at, replied_by=giver)
            self.life.do(at, "reply_opinion", "opinion_giver", giver, data={"stance": "support"})

        return [(1, ask), (6, reply)] if answered else [(1, ask)]

    # consulting -------------------------------------------------------------------------------------------

    def consulting(self) -> list[Step]:
        """A04 to K10: named, declared, begun."""

        def name(at: datetime) -> None:
            self._consulting = self.store.add(
                Consulting, case_id=self.case["id"], consultant_id=self.consultant, goals="", feasibility="",
                task_scope="", started_at=None, ended_at=None,
            )  # fmt: skip
            self.by_officer(at, "assign_consultant", data={"consultant": self.person(self.consultant)})

        def begin(at: datetime) -> None:
            self._consulting.update(goals=REASON, started_at=at)
            self.by_officer(at, "begin_consulting", data={"goals": REASON})

        def declare(at: datetime) -> None:
            self._declare(at, self.consultant, "consultant", "declare_consulting")

        return [(3, name), (2, declare), (2, begin)]

    def advice(self) -> list[Step]:
        """K12a to K12d: a meeting, one item given, answered and judged."""

        def meet(at: datetime) -> None:
            self.store.add(
                Meeting, case_id=self.case["id"], held_on=clock.day_of(at), place="온라인", attendees="합성 참석자",
                gist=REASON, logged_by=self.consultant, logged_at=at,
            )  # fmt: skip
            self.life.do(at, "log_meeting", "consultant", self.consultant, data={"place": "온라인"})

        def give(at: datetime) -> None:
            self._advice = self.store.add(
                Advice, case_id=self.case["id"], section="need", text=REASON, given_at=at, given_by=self.consultant,
                answer="", answered_at=None, met=None, judgement="", judged_at=None,
            )  # fmt: skip
            data = {"section": "need", "advice": REASON}
            self.life.do(at, "give_advice", "consultant", self.consultant, data=data)

        def answer(at: datetime) -> None:
            self._advice.update(answer=REASON, answered_at=at)
            self.by_signatory(at, "answer_advice", data={"answer": REASON})

        def judge(at: datetime) -> None:
            self._advice.update(met=True, judgement=REASON, judged_at=at)
            self.life.do(at, "judge_advice", "consultant", self.consultant, data={"met": True})

        return [(9, meet), (4, give), (9, answer), (4, judge)]

    def end_of_consulting(self) -> list[Step]:
        """K13a and K13."""

        def write(at: datetime) -> None:
            self._consulting.update(feasibility=REASON, task_scope=REASON)
            self.life.do(at, "write_feasibility", "consultant", self.consultant)

        def complete(at: datetime) -> None:
            self._consulting["ended_at"] = at
            self.life.do(at, "complete_consulting", "consultant", self.consultant)

        return [(9, write), (2, complete)]

    # evaluation -------------------------------------------------------------------------------------------

    def panel_steps(self) -> list[Step]:
        """A06, A07 and K15: the panel is invited, declares, and evaluation opens with its rule frozen."""
        steps: list[Step] = []
        for who in self.panel:

            def invite(at: datetime, who: int = who) -> None:
                self.duties[who] = self.store.add(
                    Duty, case_id=self.case["id"], user_id=who, invited_at=at, excused_at=None, excuse="",
                    accepted_at=None, declined_at=None, proposed="", basis="hand", rapporteur_at=None,
                )  # fmt: skip
                self.by_officer(at, "invite_evaluator", data={"person": self.person(who), "basis": "hand"})

            steps.append((0.2, invite))
        for who in self.panel:

            def accept(at: datetime, who: int = who) -> None:
                self.duties[who]["accepted_at"] = at
                self.life.do(at, "accept_duty", "evaluator", who, data={"person": self.person(who)}, special=INVITED)

            steps.append((0.2, accept))
        for who in self.panel:
            steps.append((0.3, lambda at, who=who: self._declare(at, who, "evaluator", "declare_evaluation")))

        def begin(at: datetime) -> None:
            frozen = {
                **self.round["frozen"],
                "version_id": self.version["id"],
                "version_number": self.version["number"],
            }
            special = {"panel_clear": len(self.panel)}
            data = {"round": frozen, "version": self.version["number"]}
            self.by_officer(at, "open_evaluation", data=data, special=special)

        return [*steps, (2, begin)]

    def score_steps(self, share: float = 1.0) -> list[Step]:
        """A08: everyone on the panel scores each stage (a share of them, where evaluation still runs)."""
        steps: list[Step] = []
        level = self.rng.choice((0.62, 0.74, 0.82, 0.9))
        for stage in self.round["frozen"]["stages"]:
            for who in self.panel:
                steps.append((0.5, lambda at, who=who, stage=stage: self._score(at, who, stage, level)))
        return steps[: int(len(steps) * share)]

    def _score(self, at: datetime, who: int, stage: str, level: float) -> None:
        scores = {}
        for criterion in self.round["frozen"]["criteria"]:
            top = int(criterion["max"])
            points = min(top * 2, int(top * 2 * level + self.rng.randint(-top // 5, top // 5)))
            scores[criterion["key"]] = {"score": f"{points // 2}{'.5' if points % 2 else ''}", "reason": REASON}
        row = self.store.add(
            ScoreSheet, case_id=self.case["id"], user_id=who, stage=stage, number=1,
            version_id=self.version["id"], scores=scores, correction="", submitted_at=at,
        )  # fmt: skip
        self.sheets.append((row, total_of(scores) or Fraction(0)))
        data = {"person": self.person(who), "stage": stage}
        self.life.do(at, "score", "evaluator", who, data=data, rows=[(ScoreSheet, row)])

    def rank(self, at: datetime) -> None:
        """K16: what the ranking rule makes of the sheets."""
        rule = self.round["frozen"]["ranking"]
        parts = parts_of(rule)
        scores: dict[str, list[Any]] = {part.key: [0] if part.aggregate == "given" else [] for part in parts}
        for sheet, total in self.sheets:
            scores[sheet["stage"]].append(total)
        exact = {part.key: scoring.aggregate(part, scores[part.key]) for part in parts}
        found = scoring.rank(
            parts, [scoring.Candidate(self.case["number"], scores)], cutoff_of(rule), rule.get("order") or ["total"]
        )
        self.not_recommended = any(entry.reason == "below_cutoff" for entry in found.excluded)
        sheets = [
            {"id": s["id"], "user": s["user_id"], "stage": s["stage"], "total": str(total)} for s, total in self.sheets
        ]
        told = {key: str(value) for key, value in exact.items() if value is not None}
        row = self.store.add(
            Ranking, case_id=self.case["id"], cycle_id=self.case["cycle_id"], rule=rule, sheets=sheets,
            result={
                "exact": told,
                "given": {part.key: "0" for part in parts if part.aggregate == "given"},
                "words": {"ko": found.words.ko, "en": found.words.en},
            },
            total=words.four_places(sum(value for value in exact.values() if value is not None)),
            below_cutoff=self.not_recommended, closed_at=at, number=1, reason="",
        )  # fmt: skip
        special = {"panel_clear": len(self.panel), "duties_total": len(self.panel)}
        self.by_officer(at, "close_evaluation", special=special, rows=[(Ranking, row)])

    def decision(self, at: datetime) -> None:
        """K21a where the resolution approves and the money is there, K21b otherwise."""
        decide(self, at)
