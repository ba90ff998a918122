"""How the sittings of the demo went: planned, agenda sent, roll called, items voted on, closed (or still open)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.demo.diary import Diary, working_day
from app.demo.minutes import write_down
from app.demo.people import PROGRAMME
from app.demo.stage import CLERK, Stage, committee_of, present_at, recusals
from app.services.call_roll import call_roll, end_sitting
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.open_item import open_item
from app.services.plan_sitting import plan_sitting
from app.services.send_agenda import send_agenda

CHAIRS = ("member01@kcity.test", "member11@kcity.test")
PLANNED_BY = date(2026, 10, 12)
"""The day on which the clerk planned the sittings that are still to come."""


def live_sitting(stage: Stage, sitting: dict[str, Any], place_in_year: int) -> Diary:
    """Everything that happened at one sitting so far. `place_in_year` keeps their numbers in the order of time."""
    key, starts = sitting["key"], datetime.fromisoformat(sitting["starts_at"])
    diary, place = Diary(key), f"{sitting['place']['ko']} / {sitting['place']['en']}"
    here = present_at(sitting)
    chair = next(email for email in CHAIRS if email in here)

    def plan() -> None:
        chaired_by = stage.people.users[chair]
        stage.sittings[key] = plan_sitting(stage.who(CLERK), PROGRAMME, starts, place, chaired_by)

    diary.on(min(working_day((starts - timedelta(days=35)).date(), 0), PLANNED_BY), plan, 10 * 60 + 11 * place_in_year)
    if sitting["agenda_sent_on"]:
        send: Callable[[], None] = lambda: send_agenda(stage.who(CLERK), stage.sittings[key])  # noqa: E731
        diary.on(sitting["agenda_sent_on"], send, 15 * 60)
    if sitting["state"] == "planned":
        return diary
    members = [stage.people.users[email] for email in here]
    diary.at(starts, lambda: call_roll(stage.who(CLERK), stage.sittings[key], members))
    now = starts + timedelta(minutes=6)
    for slug in sitting["items"]:
        now = _item(stage, sitting, slug, chair, now, diary)
    if sitting["state"] == "closed":
        diary.at(now, lambda: end_sitting(stage.who(CLERK), stage.sittings[key]))
        write_down(stage, key, starts.date(), chair, diary)
    return diary


def _item(stage: Stage, sitting: dict[str, Any], slug: str, chair: str, now: datetime, diary: Diary) -> datetime:
    """One item: opened, voted on and, where it was resolved, closed; the time when that was done."""
    committee = committee_of(slug, sitting["key"])
    diary.at(now, lambda: open_item(stage.who(chair), stage.numbers[slug]))
    now += timedelta(minutes=21)
    out = recusals(sitting, slug)
    voters = [email for email in present_at(sitting) if email not in out]
    ballots = committee["ballots"] or {}
    choices = [choice for choice, n in ballots.items() for _ in range(n)]
    Random(slug).shuffle(choices)  # noqa: S311  (who votes how in a story, the same on every machine)
    for place, (email, choice) in enumerate(zip(voters, choices, strict=False)):
        diary.at(now + timedelta(seconds=11 * place + place % 4), _voting(stage, slug, email, choice))
    now += timedelta(minutes=6)
    if "resolution" in committee:
        diary.at(now, lambda: close_ballot(stage.who(chair), stage.numbers[slug]))
    return now + timedelta(minutes=8)


def _voting(stage: Stage, slug: str, email: str, choice: str) -> Callable[[], object]:
    return lambda: cast_ballot(stage.who(email), stage.numbers[slug], choice)
