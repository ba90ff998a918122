"""The minutes of the demo's past sittings: written the next working day, reviewed, signed, some corrected, published."""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.demo.diary import AS_OF, Diary, working_day
from app.demo.source import read
from app.demo.stage import CLERK, OFFICER, Stage, both
from app.extensions import db
from app.models import AgendaItem, Case, Sitting
from app.queries.minutes import content_of, state_of
from app.queries.sittings import sitting_for
from app.services.correct_minutes import correct_minutes
from app.services.publish_minutes import publish_minutes
from app.services.review_minutes import review_minutes
from app.services.sign_minutes import sign_minutes
from app.services.write_minutes import save_draft, submit_minutes
from workflows.disclosure import Choice
from workflows.minutes import parts


def write_down(stage: Stage, key: str, held_on: date, chair: str, diary: Diary) -> None:
    """What became of the minutes of the sitting `key` by the last day of the demo."""
    told = read("minutes.yaml")["minutes"][key]
    number = lambda: stage.sittings[key]  # noqa: E731  (known once the sitting is planned)
    clerk, officer = CLERK, OFFICER

    def then(days: int, step: Callable[[], object]) -> None:
        day = working_day(held_on, days)
        if working_day(held_on, days - 1) < AS_OF:
            diary.on(day, step)

    then(1, lambda: _draft(stage, told, number()))
    then(1, lambda: submit_minutes(stage.who(clerk), number()))
    then(2, lambda: review_minutes(stage.who(officer), number(), True))
    then(3, lambda: sign_minutes(stage.who(clerk), number()))
    then(3, lambda: sign_minutes(stage.who(chair), number()))
    then(5, lambda: _publish(stage, told, number()))
    if told.get("correction"):
        one = told["correction"]
        text, reason = one["text"], both(one["reason"])
        then(9, lambda: correct_minutes(stage.who(clerk), number(), one["part"], text["ko"], text["en"], reason))
        then(10, lambda: sign_minutes(stage.who(chair), number(), 1))
        then(10, lambda: sign_minutes(stage.who(clerk), number(), 1))


def _draft(stage: Stage, told: dict[str, Any], number: int) -> None:
    query = (
        sa.select(Case.number, AgendaItem.id)
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(Sitting, Sitting.id == AgendaItem.sitting_id)
        .where(Sitting.number == number)
    )
    at = {row.number: row.id for row in db.session.execute(query)}
    items = {at[stage.numbers[slug]]: gist for slug, gist in told["gists"].items()}
    save_draft(stage.who(CLERK), number, told["observers"], items)


def _publish(stage: Stage, told: dict[str, Any], number: int) -> None:
    who = stage.who(CLERK)
    content = content_of(state_of(sitting_for(who, number)))
    choices = {part.key: Choice() for part in parts(content)}
    for key, row in told["rulings"].items():
        until = date.fromisoformat(row["until"]) if row.get("until") else None
        choices[key] = Choice(row["rule"], row["ground"], until, both(row["reason"]).replace("\n", " / "))
    publish_minutes(who, number, choices)
