"""One synthetic case as it is lived: each step asks the engine, moves the clocks and leaves a chained event.

The same rules as services/record and services/clocks, over dicts instead of rows, so that they can be written in
bulk; `flask audit verify` and tests hold the two to the same result.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from app import clock
from app.audit.shapes import event_hash
from app.base import Written
from app.models import Case, CaseClock, ClockPause, Event
from app.models.case import NO_DEADLINE
from app.synthetic.store import Row, Store, seal, written
from workflows import deadlines, engine
from workflows.schema import Definition, Transition

GOOD: dict[str, Any] = {
    "window": "open", "eligibility_open": 0, "eligibility_failed": 0, "sections_missing": [],
    "files_unrecognised": 0, "declarations_open": 0, "live_same_city": 0, "rank_missing": False,
    "public_partners": 1, "letters_of_intent": 1, "labour_krw": 0, "subsidy_krw": 100_000_000,
    "lead_is_korean_company": True, "officer_assigned": True, "actor_is_applicant": False, "in_items": 1,
    "in_days_ahead": 10, "in_items_open": 0, "extensions_used": 0, "in_reason": "합성 사유 / synthetic reason",
    "supplement_late": False, "supplement_round": 1, "in_ground": "eligible_applicant", "checklist_open": 0,
    "checklist_failed": 0, "opinions_late": 0, "opinions_open": 0, "consultant_assigned": True,
    "consultant_conflict": "none", "in_goals": "합성 목표 / synthetic goals", "decline_proposed_by": None,
    "advice_total": 1, "advice_open": 0, "feasibility_written": True, "task_scope_written": True,
    "in_consent": True, "challenges_open": 0, "in_challenged_before": False, "panel_clear": 5, "panel_minimum": 5, "adviser_on_panel": False,
    "reciprocal_evaluators": 0, "in_person_is_adviser": False, "my_declaration": "none",
    "in_reasons_missing": 0, "duties_open": 0, "duties_total": 5,
    "my_duty": "accepted", "my_sheets": 0, "in_pool": 7, "in_seats": 5, "in_seed_source": "lottery", "pool_waits": "ready",
    "in_seed": "seed", "corrections_open": 1, "my_rapporteur": True, "consensus": "waits", "in_remarks_missing": 0,
    "in_answer": "agree",
    "in_sitting": 1, "below_cutoff": False,
    "in_not_recommended": False, "agenda_sent_days": 9, "agenda_needed_days": 7, "urgency_reason": False,
    "roll_called": True, "declarations_missing": 0, "quorum_present": 20, "quorum_needed": 13,
    "motion_put": True, "my_attendance": True, "my_ballot": False, "in_choice_made": True, "ballots_cast": 13,
    "my_entitlement": "", "in_voter": "", "secret_vote": False, "in_second_person": True, "sitting_form": "in_person",
    "papers_window": "none", "papers_missing": 0, "called_in": False, "may_call_in": True, "motion_kind": "main",
    "in_resolves": "case", "in_void_code": "other", "in_text": "합성 / synthetic", "my_vote_counted": True,
    "sitting_running": True,
    "resolution_outcome": "approve", "in_outcome": "approve", "in_amount_krw": 0, "cap_krw": None,
    "envelope_left_krw": 0, "awards_left": None, "in_reserve_rank_taken": False, "reserve_ahead": 0,
    "announcement_set": True, "announcement_come": True, "in_minutes_ahead": 60, "letter_previewed": True,
    "objection_running": False, "objections_pending": 0, "objection_filed": False, "approved": True,
    "objection_upheld": False, "objection_extended": False, "objection_answer_late": False, "in_extension_days": 10,
    "hearing": 1, "conditions_unsettled": 0, "conditions_evidenced": 1, "changes_asked": 1, "in_condition": "open",
    "in_condition_late": False, "in_change_asked": False,
    "result_recorded": True, "next_cycle": 1, "cut_off_passed": True,
}  # fmt: skip
"""Facts under which no guard says no."""


@lru_cache(maxsize=4096)
def _fired(
    definition: Definition, state: str, trigger: str, actor_id: int | None, role: str, special: tuple[Any, ...]
) -> tuple[Transition, str, Written]:
    actor = engine.Actor(actor_id, frozenset({role}))
    done = engine.fire(definition, state, trigger, {**GOOD, **dict(special)}, actor)
    return done.transition, done.to_state, written(done.facts)


@lru_cache(maxsize=16384)
def due(calculator: str, start: date, days: int) -> date:
    """A due date without pauses; the same few are asked for again and again."""
    return deadlines.due(calculator, start, deadlines.Length(days, "days"))  # type: ignore[arg-type]


class Life:
    """A case, its running clocks and the end of its chain."""

    def __init__(self, store: Store, definition: Definition, case: Row, lengths: Mapping[str, int]) -> None:
        self.store, self.definition, self.case = store, definition, case
        self._lengths = lengths
        self._running: dict[str, Row] = {}
        self._pauses: dict[str, list[deadlines.Pause]] = {}

    def do(
        self,
        at: datetime,
        trigger: str,
        role: str,
        actor_id: int | None,
        *,
        special: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        sets: Mapping[str, Any] | None = None,
        rows: Sequence[tuple[type[Any], Row]] = (),
        due_on: date | None = None,
    ) -> None:
        """One step. `sets`: columns of the case it writes; `rows`: those it vouches for; `due_on`: of its clock."""
        case = self.case
        asked = tuple(sorted((special or {}).items()))
        # Only the second pair of eyes is a matter of who acts; all else is the same for everybody.
        by = actor_id if trigger == "confirm_decline" else None
        transition, to_state, facts = _fired(self.definition, case["state"], trigger, by, role, asked)
        case.update(sets or {})
        came_from, turn = case["state"], self.definition.states[to_state].turn
        if to_state != came_from or case["turn"] != turn:
            case["turn_since"] = at
        case["state"], case["turn"] = to_state, turn
        self._follow(transition, at, due_on)
        seals = {f"{model.__tablename__}:{row['id']}": seal(model, row) for model, row in rows}
        seals[f"case:{case['id']}"] = seal(Case, case)
        said = ",".join(f'"{key}":"{seals[key]}"' for key in sorted(seals))
        event = {
            "case_id": case["id"], "seq": case["seq"] + 1, "trigger": trigger, "code": transition.code,
            "from_state": came_from, "to_state": to_state, "at": at, "actor_id": actor_id, "roles": Written(f'["{role}"]'),
            "shown": transition.shown, "data": written(data or {}), "facts": facts,
            "seals": Written("{" + said + "}"),
            "prev_hash": case["head"],
        }  # fmt: skip
        event["hash"] = event_hash(SimpleNamespace(**event), case["number"])
        self.store.add(Event, **event)
        case["seq"], case["head"] = event["seq"], event["hash"]

    def _follow(self, transition: Transition, at: datetime, due_on: date | None) -> None:
        """As services/clocks.follow."""
        moves = transition.starts or transition.stops or transition.pauses or transition.resumes
        if not moves and transition.to is None and due_on is None:
            return
        today = clock.day_of(at)
        for key, row in list(self._running.items()):
            if key in transition.stops and (transition.to or not self.definition.clocks[key].by_act):
                row["stopped_at"] = at
                del self._running[key]
            elif transition.pauses:
                row["paused_on"] = row["paused_on"] or today
            elif transition.resumes and row["paused_on"]:
                self._go_on(key, row, today)
        for key in transition.starts:
            if not self.definition.clocks[key].by_act:  # those the acts start themselves, one a condition
                self._begin(key, today)
        if due_on is not None and "supplement" in self._running:
            self._running["supplement"].update(due_on=due_on, paused_on=None)
        self.set_due()

    def _begin(self, key: str, today: date) -> None:
        rule = self.definition.clocks[key]
        days = int(self._lengths.get(rule.setting or "", rule.days))
        self._running[key] = self.store.add(
            CaseClock,
            case_id=self.case["id"], key=key, calculator=rule.calculator, article=rule.article,
            holder=rule.holder, started_on=today, days=days, due_on=due(rule.calculator, today, days),
            paused_on=None, stopped_at=None, reminded_on=None,
        )  # fmt: skip

    def _go_on(self, key: str, row: Row, today: date) -> None:
        self.store.add(ClockPause, clock_id=row["id"], sent_on=row["paused_on"], received_on=today)
        pauses = self._pauses.setdefault(key, [])
        pauses.append(deadlines.Pause(row["paused_on"], today))
        row["paused_on"] = None
        row["due_on"] = deadlines.due(
            row["calculator"], row["started_on"], deadlines.Length(row["days"], "days"), pauses
        )

    def set_due(self) -> None:
        """As services/clocks.set_due."""
        live = [row for key, row in self._running.items() if key != "progress_notice" and not row["paused_on"]]
        mine = [row["due_on"] for row in live if row["holder"] == self.case["turn"]]
        self.case["due_on"] = min(mine, default=NO_DEADLINE)

    def settle(self, today: date) -> None:
        """What the worker has done meanwhile: word of progress was given month after month, old periods ran out."""
        row = self._running.get("progress_notice")
        if row is not None and not row["paused_on"] and row["due_on"] < today:
            row["started_on"] = today
            row["due_on"] = due(row["calculator"], today, row["days"])
        for key, row in list(self._running.items()):
            if self.definition.clocks[key].outlasts and row["due_on"] < today:
                row["stopped_at"] = clock.from_seoul(f"{row['due_on'].isoformat()}T23:59")
                del self._running[key]
        self.set_due()
