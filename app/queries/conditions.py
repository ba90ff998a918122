"""The conditions of the decision in effect, where each stands, and the list of all of them for officers. Never writes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import clock
from app.authz import Viewer, visible
from app.errors import NotFound
from app.extensions import db
from app.models import Case, Condition, ConditionStep, Decision, Organisation, User
from workflows import conditions as rules
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step with who took it."""

    step: ConditionStep
    by: Text

    @property
    def label(self) -> Text:
        """What was done."""
        return rules.ACTS[self.step.act]  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class Followed:
    """A condition, its place among its siblings (1 ..), its steps, and where it stands."""

    condition: Condition
    place: int
    standing: rules.Standing
    steps: Sequence[StepShown]

    @property
    def title(self) -> Text:
        """What it is called: its article, or its place."""
        return name_of(self.condition, self.place)

    @property
    def label(self) -> Text:
        """Its state in words."""
        return rules.LABELS[self.standing.state]

    @property
    def tone(self) -> str:
        """Its state as a tone of the badge."""
        return rules.TONES[self.standing.state]

    @property
    def late(self) -> bool:
        """Whether its date has passed while it is not settled."""
        return self.standing.late(clock.today())


def name_of(condition: Condition, place: int) -> Text:
    """What a condition is called: its article, or its place among its siblings."""
    said = condition.article
    if said and not said.isdigit():
        return Text(said, said)
    return Text(f"제{said or place}호", f"No. {said or place}")


def in_force(case: Case) -> list[Condition]:
    """The conditions of the decision in effect: none for a rejection. Two statements at most."""
    last = sa.select(Decision.resolution_id, Decision.outcome).where(Decision.case_id == case.id)
    row = db.session.execute(last.order_by(Decision.hearing.desc()).limit(1)).one_or_none()
    if row is None or row.outcome != "approve":
        return []
    query = sa.select(Condition).where(Condition.resolution_id == row.resolution_id).order_by(Condition.id)
    return list(db.session.scalars(query))


def followed(case: Case) -> list[Followed]:
    """Each condition in force with its steps (three statements)."""
    rows = in_force(case)
    steps = _steps([row.id for row in rows])
    return [
        Followed(row, place, standing_of(row, [one.step for one in steps.get(row.id, [])]), steps.get(row.id, []))
        for place, row in enumerate(rows, start=1)
    ]


def followed_one(case: Case, condition_id: int) -> Followed:
    """One condition in force. Raises NotFound where the case has none of that id."""
    found = next((one for one in followed(case) if one.condition.id == condition_id), None)
    if found is None:
        raise NotFound
    return found


def _steps(ids: Sequence[int]) -> dict[int, list[StepShown]]:
    if not ids:
        return {}
    query = (
        sa.select(ConditionStep, User.name_ko, User.name_en)
        .join(User, User.id == ConditionStep.by_id)
        .where(ConditionStep.condition_id.in_(ids))
        .order_by(ConditionStep.condition_id, ConditionStep.number)
    )
    out: dict[int, list[StepShown]] = {}
    for step, ko, en in db.session.execute(query):
        out.setdefault(step.condition_id, []).append(StepShown(step, Text(ko or en, en or ko)))
    return out


def standing_of(condition: Condition, steps: Iterable[Any]) -> rules.Standing:
    """Where it stands, from its steps in order (rows with `act` and `due`)."""
    due = date.fromisoformat(condition.due) if condition.due else None
    return rules.standing(due, (rules.Step(step.act, step.due) for step in steps))


@dataclass(frozen=True, slots=True)
class Line:
    """One condition in the list of all cases."""

    number: str
    title: Text
    applicant: Text
    text: str
    name: Text
    standing: rules.Standing

    @property
    def label(self) -> Text:
        """Its state in words."""
        return rules.LABELS[self.standing.state]

    @property
    def tone(self) -> str:
        """Its state as a tone of the badge."""
        return rules.TONES[self.standing.state]

    @property
    def late(self) -> bool:
        """Whether its date has passed while it is not settled."""
        return self.standing.late(clock.today())


VIEWS: dict[str, Callable[[Line], bool]] = {
    "late": lambda one: one.late,
    "open": lambda one: one.standing.state == "open",
    "evidenced": lambda one: one.standing.state == "evidenced",
    "change": lambda one: one.standing.change_asked,
    "breached": lambda one: one.standing.state == "breached",
    "settled": lambda one: one.standing.settled,
}
"""view -> which lines stand in it"""


def overview(who: Viewer) -> list[Line]:
    """Every condition in force of the announced cases this person may know of, what is due first on top.

    Two statements; read to the end, because where a condition stands follows from its steps and not from a column.
    """
    later = aliased(Decision)
    newer = sa.exists().where(later.case_id == Decision.case_id, later.hearing > Decision.hearing)
    query = (
        sa.select(Condition, Case.number, Case.title_ko, Case.title_en, Organisation.name_ko, Organisation.name_en)
        .join(Decision, Decision.resolution_id == Condition.resolution_id)
        .join(Case, Case.id == Condition.case_id)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .where(Decision.outcome == "approve", ~newer, Case.announced_at.is_not(None), visible(who))
        .order_by(Condition.case_id, Condition.id)
    )
    rows = db.session.execute(query).all()
    steps: dict[int, list[Any]] = {}
    taken = sa.select(ConditionStep.condition_id, ConditionStep.act, ConditionStep.due)
    ids = [row[0].id for row in rows]
    for start in range(0, len(ids), 500):
        part = taken.where(ConditionStep.condition_id.in_(ids[start : start + 500]))
        for step in db.session.execute(part.order_by(ConditionStep.condition_id, ConditionStep.number)):
            steps.setdefault(step.condition_id, []).append(step)
    lines, place, last = [], 0, 0
    for condition, number, title_ko, title_en, ko, en in rows:
        place = place + 1 if condition.case_id == last else 1
        last = condition.case_id
        stands = standing_of(condition, steps.get(condition.id, []))
        lines.append(
            Line(
                number,
                Text(title_ko or title_en, title_en or title_ko),
                Text(ko or en or "", en or ko or ""),
                condition.text,
                name_of(condition, place),
                stands,
            )
        )
    return sorted(lines, key=lambda one: (one.standing.settled, one.standing.due or date.max, one.number))


def of_view(lines: Sequence[Line], view: str) -> list[Line]:
    """The lines of a view of the list; of an unknown one all."""
    wanted = VIEWS.get(view)
    return [one for one in lines if wanted is None or wanted(one)]
