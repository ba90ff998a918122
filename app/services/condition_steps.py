"""One step in the life of a condition: under the lock of its case, sealed by the event, its clocks moved with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.extensions import db
from app.models import Case, ConditionStep
from app.queries.cases import case_for
from app.queries.conditions import Followed, followed_one
from app.services import clocks
from app.services.act import act_within
from app.services.once import earlier_result, remember

CLOCKS: Mapping[str, str] = {"send_back": "condition", "grant_change": "condition", "evidence": "condition_review"}
"""What runs after a step; after a refusal of a change the clock simply goes on."""
KEEPS = frozenset({"ask_change", "refuse_change"})


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step as it is about to be taken."""

    act: str
    text: str
    due: date | None = None
    files: tuple[dict[str, Any], ...] = ()


def take(
    who: Viewer,
    number: str,
    condition_id: int,
    trigger: str,
    step: NewStep,
    once: str = "",
    revision: int | None = None,
    also: Callable[[Case, datetime], tuple[dict[str, Any], ...]] | None = None,
) -> Case:
    """Take `step` on a condition of the case by firing `trigger`. `also` writes first, and gives back the files.

    Sent twice with one `once` key it is taken once. Raises as `act`, and NotFound for a condition the case
    does not have.
    """
    with unit_of_work():
        case = case_for(who, number, lock=True)
        if once and earlier_result(who, once, _body(number, trigger, condition_id)) is not None:
            return case
        found = followed_one(case, condition_id)

        def change(case: Case, now: datetime) -> list[Sealed]:
            files = also(case, now) if also else step.files
            row = _row(who, case, found, step, files, now)
            db.session.add(row)
            db.session.flush()
            _clocks(case, found, step, now)
            return [row]

        inputs = {
            "in_condition": found.standing.state,
            "in_condition_late": found.standing.late(clock.today()),
            "in_change_asked": found.standing.change_asked,
            "in_reason": step.text,
        }
        done = act_within(who, number, trigger, inputs, revision, _told(found, step), change)
        if once:
            remember(who, once, _body(number, trigger, condition_id), number)
        return done


def _body(number: str, trigger: str, condition_id: int) -> str:
    return f"{trigger} {number} {condition_id}"


def _row(
    who: Viewer, case: Case, found: Followed, step: NewStep, files: tuple[dict[str, Any], ...], now: datetime
) -> ConditionStep:
    return ConditionStep(
        case_id=case.id,
        condition_id=found.condition.id,
        number=len(found.steps) + 1,
        act=step.act,
        text=step.text.strip(),
        files=list(files),
        due=step.due,
        at=now,
        by_id=who.id,
    )


def _clocks(case: Case, found: Followed, step: NewStep, now: datetime) -> None:
    """What runs for the condition from here: its own date, the review, or nothing any more."""
    if step.act in KEEPS:
        return
    clocks.stop_for(found.condition.id, now)
    key, due = CLOCKS.get(step.act), step.due or found.standing.due
    if step.act == "grant_change" and found.standing.state == "evidenced":
        key = "condition_review"
    if key == "condition_review":
        clocks.begin_for(case, key, found.condition.id, clock.day_of(now))
    elif key is not None and due is not None:
        clocks.begin_for(case, key, found.condition.id, clock.day_of(now), due)


def _told(found: Followed, step: NewStep) -> dict[str, Any]:
    data: dict[str, Any] = {"condition": found.condition.id, "article": found.title._asdict(), "step": step.act}
    if step.text.strip():
        data["reason"] = step.text.strip()
    if step.due is not None:
        data["due_on"] = step.due.isoformat()
    return data
