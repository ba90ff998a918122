"""How the sittings of the demo went: planned, agenda sent, roll called, items voted on, closed (or still open)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.demo.diary import Diary, working_day
from app.demo.minutes import write_down
from app.demo.people import PROGRAMME
from app.demo.stage import CLERK, Stage, both, committee_of, members_for, one_line, present_at, recusals
from app.services.call_roll import call_roll, end_sitting
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.declare_interest import declare
from app.services.dissent import dissent
from app.services.item_seats import seat_for_item
from app.services.open_item import open_item
from app.services.plan_sitting import IN_PERSON, Form, plan_sitting
from app.services.send_agenda import send_agenda
from app.services.void_vote import void_vote

CHAIRS = ("member01@kcity.test", "member11@kcity.test")
PLANNED_BY = date(2026, 10, 12)
"""The day on which the clerk planned the sittings that are still to come."""


def live_sitting(stage: Stage, sitting: dict[str, Any], place_in_year: int) -> Diary:
    """Everything that happened at one sitting so far. `place_in_year` keeps their numbers in the order of time."""
    key, starts = sitting["key"], datetime.fromisoformat(sitting["starts_at"])
    diary, place, form = Diary(key), one_line(sitting["place"]), _form(sitting)
    here = present_at(sitting)
    chair = next(email for email in CHAIRS if email in here)

    def plan() -> None:
        chaired_by = stage.people.users[chair]
        stage.sittings[key] = plan_sitting(stage.who(CLERK), PROGRAMME, starts, place, chaired_by, form)

    diary.on(min(working_day((starts - timedelta(days=35)).date(), 0), PLANNED_BY), plan, 10 * 60 + 11 * place_in_year)
    for seat in sitting.get("for_items", []):
        diary.on(sitting["agenda_sent_on"], _seating(stage, key, seat), 14 * 60 + 30)
    if sitting["agenda_sent_on"]:
        send: Callable[[], None] = lambda: send_agenda(stage.who(CLERK), stage.sittings[key])  # noqa: E731
        diary.on(sitting["agenda_sent_on"], send, 15 * 60)
    if sitting["state"] == "planned":
        return diary
    if form.written:
        return _in_writing(stage, sitting, chair, diary)
    members = [stage.people.users[e] for e in (*here, *(s["member"] for s in sitting.get("for_items", [])))]
    diary.at(starts, lambda: call_roll(stage.who(CLERK), stage.sittings[key], members))
    now = starts + timedelta(minutes=6)
    for slug in sitting["items"]:
        now = _item(stage, sitting, slug, chair, now, diary)
    if sitting["state"] == "closed":
        diary.at(now, lambda: end_sitting(stage.who(CLERK), stage.sittings[key]))
        write_down(stage, key, starts.date(), chair, diary)
    return diary


def _form(sitting: dict[str, Any]) -> Form:
    if "written" not in sitting:
        return IN_PERSON
    told = sitting["written"]
    return Form("written", told["reason_code"], one_line(told["reason"]), datetime.fromisoformat(told["closes_at"]))


def _seating(stage: Stage, key: str, seat: dict[str, Any]) -> Callable[[], object]:
    return lambda: seat_for_item(
        stage.who(CLERK), stage.sittings[key], stage.numbers[seat["case"]], seat["member"], seat["capacity"],
        both(seat["basis"]),
    )  # fmt: skip


def _in_writing(stage: Stage, sitting: dict[str, Any], chair: str, diary: Diary) -> Diary:
    """A deliberation in writing that is over: papers over some days, one of them late, then the count."""
    key, (slug,) = sitting["key"], sitting["items"]
    starts, until = (datetime.fromisoformat(at) for at in (sitting["starts_at"], sitting["written"]["closes_at"]))
    diary.at(starts + timedelta(minutes=12), lambda: open_item(stage.who(chair), stage.numbers[slug]))
    late, out = sitting["written"]["late"], recusals(sitting, slug)
    voters = [email for email in members_for(sitting, slug) if email not in out and email != late["member"]]
    choices = _choices(slug, committee_of(slug, key)["ballots"])
    for place, (email, choice) in enumerate(zip(voters, choices, strict=True)):
        day, minute = working_day(starts.date(), place // 4), 9 * 60 + 31 + place * 67 % 470
        diary.aside(
            f"{day}T{minute // 60:02}:{minute % 60:02}:{place * 7 % 60:02}+09:00", _voting(stage, slug, email, choice)
        )
    morning = datetime.fromisoformat(f"{working_day(until.date(), 1)}T09:24:10+09:00")
    diary.at(morning, _voting(stage, slug, late["member"], late["choice"]))
    diary.at(morning + timedelta(minutes=66), lambda: close_ballot(stage.who(chair), stage.numbers[slug]))
    diary.at(morning + timedelta(minutes=75), lambda: end_sitting(stage.who(CLERK), stage.sittings[key]))
    write_down(stage, key, morning.date(), chair, diary)
    return diary


def _item(stage: Stage, sitting: dict[str, Any], slug: str, chair: str, now: datetime, diary: Diary) -> datetime:
    """One item: opened, voted on and, where it was resolved, closed; the time when that was done."""
    committee = committee_of(slug, sitting["key"])
    diary.at(now, lambda: open_item(stage.who(chair), stage.numbers[slug]))
    now += timedelta(minutes=21)
    out = recusals(sitting, slug)
    voters = [email for email in members_for(sitting, slug) if email not in out]
    if "void" in committee:
        void = committee["void"]
        now = _round(stage, slug, chair, voters, _choices(f"{slug} void", void["ballots"]), now, diary, close=True)
        now = _void(stage, slug, chair, void, now, diary)
        voters.remove(void["conflict"]["member"])
    choices = _choices(slug, committee["ballots"] or {})
    now = _round(stage, slug, chair, voters, choices, now, diary, close="resolution" in committee)
    if "dissent" in committee:
        author, text = voters[choices.index("no")], both(committee["dissent"])
        diary.at(now + timedelta(minutes=2), lambda: dissent(stage.who(author), stage.numbers[slug], text))
    return now + timedelta(minutes=8)


def _choices(seed: str, ballots: dict[str, int]) -> list[str]:
    """Who votes how in a story, the same on every machine."""
    choices = [choice for choice, n in ballots.items() for _ in range(n)]
    Random(seed).shuffle(choices)  # noqa: S311
    return choices


def _round(
    stage: Stage, slug: str, chair: str, voters: list[str], choices: list[str], now: datetime, diary: Diary, close: bool
) -> datetime:
    for place, (email, choice) in enumerate(zip(voters, choices, strict=False)):
        diary.at(now + timedelta(seconds=11 * place + place % 4), _voting(stage, slug, email, choice))
    now += timedelta(minutes=6)
    if close:
        diary.at(now, lambda: close_ballot(stage.who(chair), stage.numbers[slug]))
    return now


def _void(stage: Stage, slug: str, chair: str, void: dict[str, Any], now: datetime, diary: Diary) -> datetime:
    """The vote declared void, the conflict declared, the item opened anew; when the second vote begins."""
    member, ground = void["conflict"]["member"], both(void["conflict"]["reason"])
    code, reason = void["code"], both(void["reason"])
    steps: list[Callable[[], object]] = [
        lambda: void_vote(stage.who(chair), stage.numbers[slug], code, reason),
        lambda: declare(stage.who(member), stage.numbers[slug], "member", "conflict", ground),
        lambda: open_item(stage.who(chair), stage.numbers[slug]),
    ]
    for step in steps:
        now += timedelta(minutes=3, seconds=12)
        diary.at(now, step)
    return now + timedelta(minutes=2)


def _voting(stage: Stage, slug: str, email: str, choice: str) -> Callable[[], object]:
    return lambda: cast_ballot(stage.who(email), stage.numbers[slug], choice)
