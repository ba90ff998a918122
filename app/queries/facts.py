"""The facts that guards read, gathered from the database only when a guard asks for them.

Each method named after a fact of workflows/facts.py returns it as plain data. What was typed comes in as `inputs`.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.extensions import db
from app.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Case,
    CaseClock,
    ChecklistAnswer,
    Consulting,
    Cycle,
    Declaration,
    Duty,
    Envelope,
    Letter,
    Motion,
    Objection,
    Opinion,
    Organisation,
    Resolution,
    ScoreSheet,
    Sitting,
    Supplement,
)
from app.models.consulting import Advice
from app.queries import attendance, proposal
from app.queries.terms import terms_of
from workflows.facts import FACTS
from workflows.form_schema import load_form

EMPTY: dict[str, Any] = {
    "in_amount_krw": 0, "in_items": 0, "in_items_open": 1, "in_days_ahead": 0, "in_minutes_ahead": -1,
}  # fmt: skip


class CaseFacts(Mapping[str, Any]):
    """The facts of one case as one person meets them. Lazy; each is gathered once."""

    def __init__(self, case: Case, who: Viewer, inputs: Mapping[str, Any] | None = None) -> None:
        self.case = case
        self.who = who
        self.inputs = dict(inputs or {})
        self._known: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in FACTS:
            raise KeyError(key)
        if key.startswith("in_"):
            return self.inputs.get(key, EMPTY.get(key, ""))
        if key not in self._known:
            self._known[key] = getattr(self, key)()
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(FACTS)

    def __len__(self) -> int:
        return len(FACTS)

    # shared rows ---------------------------------------------------------------------------------------

    @cached_property
    def cycle(self) -> Cycle:
        """The terms of the cycle the case is in, as the case was submitted under them."""
        return terms_of(self.case)

    @cached_property
    def draft(self) -> proposal.Draft:
        """The sections and attachments as they stand."""
        return proposal.draft_of(self.case)

    @cached_property
    def supplement(self) -> Supplement | None:
        """The latest supplement request."""
        query = sa.select(Supplement).where(Supplement.case_id == self.case.id)
        return db.session.scalar(query.order_by(Supplement.id.desc()).limit(1))

    @cached_property
    def item(self) -> AgendaItem | None:
        """The latest agenda item of the case."""
        query = sa.select(AgendaItem).where(AgendaItem.case_id == self.case.id)
        return db.session.scalar(query.order_by(AgendaItem.id.desc()).limit(1))

    @cached_property
    def sitting(self) -> Sitting | None:
        """The sitting of that item."""
        return db.session.get(Sitting, self.item.sitting_id) if self.item else None

    @cached_property
    def head_count(self) -> attendance.HeadCount:
        """Who is present for this item, who is recused, and the quorum."""
        return attendance.head_count(self.sitting, self.case.id)

    @cached_property
    def envelope(self) -> Envelope | None:
        """The money of the cycle, as it stands now (locked in the approving transaction)."""
        return db.session.get(Envelope, self.case.cycle_id, populate_existing=True)

    @cached_property
    def consulting(self) -> Consulting | None:
        """The consulting of the case."""
        return db.session.scalar(sa.select(Consulting).where(Consulting.case_id == self.case.id))

    def _count(self, *where: Any, of: Any) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(of).where(*where)) or 0

    # intake --------------------------------------------------------------------------------------------

    def window(self) -> str:
        """open, not_yet or closed, by the time of the writing transaction."""
        now = clock.now()
        if self.cycle.opens_at and now < self.cycle.opens_at:
            return "not_yet"
        if self.cycle.always_open:
            return "open"
        return "closed" if self.cycle.closes_at is None or now > self.cycle.closes_at else "open"

    def eligibility_open(self) -> int:
        """Questions of the self-check without an answer."""
        form = load_form(self.case.definition_id, self.case.form_version)
        return sum(question.key not in self.case.eligibility for question in form.eligibility)

    def eligibility_failed(self) -> int:
        """Questions whose answer rules the proposal out."""
        form = load_form(self.case.definition_id, self.case.form_version)
        answers = self.case.eligibility
        return sum(answers.get(q.key, q.ok) != q.ok for q in form.eligibility)

    def sections_missing(self) -> list[str]:
        """Keys of sections that are not complete."""
        return self.draft.missing

    def files_unrecognised(self) -> int:
        """Attachments without a recognised kind (none is stored without one; counted all the same)."""
        return sum(not file.kind for file in self.draft.files)

    def declarations_open(self) -> int:
        """Declarations not ticked."""
        return self.draft.declarations_open

    def live_same_city(self) -> int:
        """Other live cases of this applicant for this city in the cycle."""
        final = ("WITHDRAWN", "RETURNED", "DECLINED", "LAPSED", "CLOSED", "DRAFT")
        return self._count(
            Case.organisation_id == self.case.organisation_id,
            Case.cycle_id == self.case.cycle_id,
            sa.func.lower(Case.city) == self.case.city.lower(),
            Case.state.not_in(final),
            Case.id != self.case.id,
            of=Case,
        )

    def rank_missing(self) -> bool:
        """Whether several come from the country and no rank is given."""
        if self.draft.answers.get("national_priority_rank"):
            return False
        other = sa.exists().where(
            Case.country == self.case.country,
            Case.definition_id == self.case.definition_id,
            Case.cycle_id == self.case.cycle_id,
            Case.state.not_in(("DRAFT", "WITHDRAWN", "RETURNED", "DECLINED", "LAPSED", "CLOSED")),
            Case.id != self.case.id,
        )
        return bool(db.session.scalar(sa.select(other)))

    def public_partners(self) -> int:
        """Overseas partners that are public bodies or universities."""
        rows = self.draft.answers.get("partner_institutions") or []
        return sum(row.get("type") not in (None, "", "private_company") for row in rows)

    def letters_of_intent(self) -> int:
        """Letters of intent attached."""
        return sum(file.slot == "letter_of_intent" for file in self.draft.files)

    def labour_krw(self) -> int:
        """Labour cost in the cost plan, KRW."""
        rows = self.draft.answers.get("cost_plan") or []
        return sum(int(row.get("amount") or 0) for row in rows if row.get("item") == "labour")

    def subsidy_krw(self) -> int:
        """The government subsidy asked for, KRW."""
        return int(self.draft.answers.get("amount_requested") or 0)

    def lead_is_korean_company(self) -> bool:
        """Whether the applicant is a company in Korea."""
        applicant = db.session.get(Organisation, self.case.organisation_id)
        return applicant is not None and applicant.kind == "company" and applicant.country == "KR"

    # screening -----------------------------------------------------------------------------------------

    def officer_assigned(self) -> bool:
        """Whether an officer answers for the case."""
        return self.case.assignee_id is not None

    def actor_is_applicant(self) -> bool:
        """Whether the actor belongs to the applicant."""
        return self.case.organisation_id in self.who.organisations

    def extensions_used(self) -> int:
        """How often more time was asked for."""
        return self.supplement.extensions if self.supplement else 0

    def supplement_late(self) -> bool:
        """Whether the date of the running request has passed."""
        return self.supplement is not None and self.supplement.due_on < clock.today()

    def supplement_round(self) -> int:
        """1, or 2 after the second demand."""
        return self.supplement.round if self.supplement else 1

    def checklist_open(self) -> int:
        """Lines of the eligibility checklist without an answer."""
        form = load_form(self.case.definition_id, self.case.form_version)
        return len(form.screening) - self._count(ChecklistAnswer.case_id == self.case.id, of=ChecklistAnswer)

    def checklist_failed(self) -> int:
        """Lines answered with no."""
        return self._count(ChecklistAnswer.case_id == self.case.id, ChecklistAnswer.met.is_(False), of=ChecklistAnswer)

    # opinions and consulting ---------------------------------------------------------------------------

    def opinions_late(self) -> int:
        """Opinions whose date has passed without a reply or a note."""
        return self._count(*self._unanswered(), Opinion.due_on < clock.today(), of=Opinion)

    def opinions_open(self) -> int:
        """Opinions without a reply or a note."""
        return self._count(*self._unanswered(), of=Opinion)

    def _unanswered(self) -> tuple[Any, ...]:
        return (
            Opinion.case_id == self.case.id,
            Opinion.replied_at.is_(None),
            Opinion.noted_missing_at.is_(None),
        )

    def consultant_assigned(self) -> bool:
        """Whether a consultant is named."""
        return self.consulting is not None

    def consultant_conflict(self) -> str:
        """What the consultant declared."""
        if self.consulting is None:
            return "undeclared"
        return self._declared(self.consulting.consultant_id, "consultant")

    def _declared(self, user_id: int, capacity: str) -> str:
        query = sa.select(Declaration.answer).where(
            Declaration.case_id == self.case.id,
            Declaration.user_id == user_id,
            Declaration.capacity == capacity,
        )
        return db.session.scalar(query.order_by(Declaration.number.desc()).limit(1)) or "undeclared"

    def decline_proposed_by(self) -> int | None:
        """The officer who proposed to decline."""
        return self.case.decline_proposed_by

    def advice_total(self) -> int:
        """Advice items given."""
        return self._count(Advice.case_id == self.case.id, of=Advice)

    def advice_open(self) -> int:
        """Advice items not judged."""
        return self._count(Advice.case_id == self.case.id, Advice.met.is_(None), of=Advice)

    def feasibility_written(self) -> bool:
        """Whether the feasibility report is there."""
        return bool(self.consulting and self.consulting.feasibility.strip())

    def task_scope_written(self) -> bool:
        """Whether the task scope is there."""
        return bool(self.consulting and self.consulting.task_scope.strip())

    # evaluation ----------------------------------------------------------------------------------------

    @cached_property
    def duties(self) -> list[Any]:
        """(user_id, declared answer or None, number of stages scored) of each duty that is not excused."""
        said = (
            sa.select(Declaration.answer)
            .where(
                Declaration.case_id == Duty.case_id,
                Declaration.user_id == Duty.user_id,
                Declaration.capacity == "evaluator",
            )
            .order_by(Declaration.number.desc())
            .limit(1)
            .scalar_subquery()
        )
        sheets = (
            sa.select(sa.func.count(sa.distinct(ScoreSheet.stage)))
            .where(ScoreSheet.case_id == Duty.case_id, ScoreSheet.user_id == Duty.user_id)
            .scalar_subquery()
        )
        query = sa.select(Duty.user_id, said.label("said"), sheets.label("stages"))
        return list(db.session.execute(query.where(Duty.case_id == self.case.id, Duty.excused_at.is_(None))))

    def panel_clear(self) -> int:
        """Evaluators on duty who declared no conflict."""
        return sum(duty.said == "none" for duty in self.duties)

    def panel_minimum(self) -> int:
        """The cycle's minimum."""
        return int(self.cycle.settings.get("panel_minimum", 5))

    def adviser_on_panel(self) -> bool:
        """Whether the adviser is on the panel."""
        adviser = self.consulting.consultant_id if self.consulting else None
        return any(duty.user_id == adviser for duty in self.duties)

    def reciprocal_evaluators(self) -> int:
        """Evaluators whose own organisation's case is evaluated by someone of this applicant."""
        return attendance.reciprocal(self.case, [duty.user_id for duty in self.duties])

    def duties_open(self) -> int:
        """Duties neither met nor excused (a conflicted evaluator must be excused)."""
        stages = len(self.cycle.settings.get("stages") or ["written"])
        return sum(duty.stages < stages for duty in self.duties)

    def duties_total(self) -> int:
        """Duties not excused."""
        return len(self.duties)

    def below_cutoff(self) -> bool:
        """Whether the ranking put the case below the cut-off."""
        ranking = proposal.ranking_of(self.case)
        return bool(ranking and ranking.below_cutoff)

    # committee -----------------------------------------------------------------------------------------

    def agenda_sent_days(self) -> int | None:
        """Whole days between the day the agenda went out and the day of the sitting, both out."""
        if self.sitting is None or self.sitting.agenda_sent_at is None:
            return None
        gap = clock.day_of(self.sitting.starts_at) - clock.day_of(self.sitting.agenda_sent_at)
        return gap.days - 1

    def agenda_needed_days(self) -> int:
        """The cycle's notice period."""
        return int(self.cycle.settings.get("agenda_days", 7))

    def urgency_reason(self) -> bool:
        """Whether urgency is on the record."""
        return bool(self.sitting and self.sitting.urgency_reason.strip())

    def roll_called(self) -> bool:
        """Whether the roll was called."""
        return bool(self.sitting and self.sitting.roll_called_at)

    def declarations_missing(self) -> int:
        """Members present who have not declared on this case."""
        return self.head_count.undeclared

    def quorum_present(self) -> int:
        """Members present who count for the quorum."""
        return self.head_count.for_quorum

    def quorum_needed(self) -> int:
        """Members needed."""
        return self.head_count.needed

    def motion_put(self) -> bool:
        """Whether a motion stands for this round."""
        if self.item is None:
            return False
        return self._count(Motion.item_id == self.item.id, Motion.round == self.item.round, of=Motion) > 0

    def my_attendance(self) -> bool:
        """Whether the actor is present."""
        if self.sitting is None:
            return False
        return (
            self._count(
                Attendance.sitting_id == self.sitting.id,
                Attendance.user_id == self.who.id,
                Attendance.left_at.is_(None),
                of=Attendance,
            )
            > 0
        )

    def my_declaration(self) -> str:
        """What the actor declared as evaluator or member, whichever applies in this state."""
        capacity = "member" if self.case.state in ("TABLED", "DELIBERATING") else "evaluator"
        return self._declared(self.who.id, capacity)

    def my_ballot(self) -> bool:
        """Whether the actor has voted in this round."""
        if self.item is None:
            return False
        return (
            self._count(
                Ballot.item_id == self.item.id,
                Ballot.round == self.item.round,
                Ballot.user_id == self.who.id,
                of=Ballot,
            )
            > 0
        )

    def ballots_cast(self) -> int:
        """Ballots in this round."""
        if self.item is None:
            return 0
        return self._count(Ballot.item_id == self.item.id, Ballot.round == self.item.round, of=Ballot)

    # decision and money --------------------------------------------------------------------------------

    def resolution_outcome(self) -> str:
        """What the committee resolved last, as approve or reject or reserve."""
        query = sa.select(Resolution.outcome).where(Resolution.case_id == self.case.id)
        found = db.session.scalar(query.order_by(Resolution.id.desc()).limit(1)) or "reject"
        return "approve" if found == "approve_with_conditions" else found

    def cap_krw(self) -> int | None:
        """The cap per project, KRW."""
        return self.cycle.cap_krw

    def envelope_left_krw(self) -> int:
        """What is left of the envelope, KRW."""
        return self.envelope.amount_krw - self.envelope.committed_krw if self.envelope else 0

    def awards_left(self) -> int | None:
        """How many awards are left; None without a limit."""
        if self.envelope is None or self.envelope.planned_awards is None:
            return None
        return self.envelope.planned_awards - self.envelope.awards

    def reserve_ahead(self) -> int:
        """Cases that stand before this one on the reserve list."""
        return self._count(
            Case.cycle_id == self.case.cycle_id,
            Case.state == "RESERVED",
            Case.reserve_rank < (self.case.reserve_rank or 0),
            of=Case,
        )

    # announcement and after ----------------------------------------------------------------------------

    def announcement_set(self) -> bool:
        """Whether a time is set."""
        return self.case.announce_at is not None

    def announcement_come(self) -> bool:
        """Whether it has come."""
        return self.case.announce_at is not None and self.case.announce_at <= clock.now()

    def letter_previewed(self) -> bool:
        """Whether an officer has read the letter."""
        query = sa.select(Letter.previewed_by).where(Letter.case_id == self.case.id)
        return db.session.scalar(query.limit(1)) is not None

    def objection_running(self) -> bool:
        """Whether the objection period runs."""
        return self._objection_due() >= clock.today()

    def _objection_due(self) -> date:
        query = sa.select(CaseClock.due_on).where(CaseClock.case_id == self.case.id, CaseClock.key == "objection")
        return db.session.scalar(query.order_by(CaseClock.id.desc()).limit(1)) or date.min

    def objections_pending(self) -> int:
        """Objections not yet answered."""
        return self._count(Objection.case_id == self.case.id, Objection.answered_at.is_(None), of=Objection)

    def objection_filed(self) -> bool:
        """Whether an objection was filed."""
        return self._count(Objection.case_id == self.case.id, of=Objection) > 0

    def approved(self) -> bool:
        """Whether the case was approved."""
        return self.case.outcome == "approve"

    def result_recorded(self) -> bool:
        """Whether the result is on the record."""
        return bool(self.case.result_note)

    def next_cycle(self) -> int | None:
        """The cycle after this one, if there is one."""
        query = sa.select(Cycle.id).where(
            Cycle.definition_id == self.case.definition_id, Cycle.fiscal_year > self.cycle.fiscal_year
        )
        return db.session.scalar(query.order_by(Cycle.fiscal_year).limit(1))

    def cut_off_passed(self) -> bool:
        """Whether the cut-off, or else the fiscal year, is over."""
        end = self.cycle.cut_off_on or date(self.cycle.fiscal_year, 12, 31)
        return clock.today() > end
