"""What followed an announcement of the demo: objections and their answers, conditions step by step."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from app.demo.stage import both
from app.queries.conditions import in_force
from app.services.change_condition import answer_condition_change, ask_condition_change
from app.services.evidence_condition import evidence_condition
from app.services.judge_condition import accept_condition, breach_condition, carry_condition, send_back_condition
from app.services.objections import answer_objection, extend_objection, file_objection

if TYPE_CHECKING:
    from app.demo.screening import Secretariat


def objection(side: "Secretariat", told: dict[str, Any]) -> None:
    """Filed, the time to answer extended perhaps, and answered."""
    officer = side.officer
    side.diary.on(
        told["filed_on"], lambda: file_objection(side.stage.who(side.signatory), side.number, both(told["text"]))
    )
    if extended := told.get("extended"):
        side.diary.on(
            extended["day"],
            lambda: extend_objection(side.stage.who(officer), side.number, extended["days"], both(extended["reason"])),
        )
    side.diary.on(
        told["answered_on"],
        lambda: answer_objection(side.stage.who(officer), side.number, told["upheld"], both(told["answer"])),
    )


def follow_conditions(side: "Secretariat") -> None:
    """Every step of every condition, in the order of their days."""
    resolved = side.history.get("committee", {}).get("resolution") or {}
    steps = [
        (step["day"], place, step)
        for place, condition in enumerate(resolved.get("conditions", []))
        for step in condition.get("life", [])
    ]
    for day, place, step in sorted(steps, key=lambda one: one[:2]):
        side.diary.on(day, _taking(side, place, step))


def _taking(side: "Secretariat", place: int, step: dict[str, Any]) -> Callable[[], object]:
    return lambda: _take(side, in_force(side.stage.case(side.case["slug"]))[place].id, step)


def _take(side: "Secretariat", condition: int, step: dict[str, Any]) -> object:
    applicant, officer = side.stage.who(side.signatory), side.stage.who(side.officer)
    number, text = side.number, both(step["text"])
    due = date.fromisoformat(step["due_on"]) if "due_on" in step else None
    acts: dict[str, Callable[[], object]] = {
        "evidence": lambda: evidence_condition(applicant, number, condition, text),
        "accept": lambda: accept_condition(officer, number, condition, text),
        "send_back": lambda: send_back_condition(officer, number, condition, text, due),
        "breach": lambda: breach_condition(officer, number, condition, text),
        "carry": lambda: carry_condition(officer, number, condition, text),
        "ask_change": lambda: ask_condition_change(applicant, number, condition, text, due),
        "grant_change": lambda: answer_condition_change(officer, number, condition, True, text, due),
        "refuse_change": lambda: answer_condition_change(officer, number, condition, False, text),
    }
    return acts[step["act"]]()
