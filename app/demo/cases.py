"""The invented cases, lived through: every case and every sitting by the real services, in the order of time."""

from datetime import date, timedelta

from app import clock
from app.demo.diary import AS_OF, Diary, live_through
from app.demo.intake import write_proposal
from app.demo.judging import Judging
from app.demo.meetings import live_sitting
from app.demo.people import People
from app.demo.post import deliver
from app.demo.rules import dated_rules
from app.demo.source import cases
from app.demo.stage import Stage, sittings
from app.services.due_clocks import remind_due


def live_cases(people: People) -> None:
    """Walk all of them; call inside a batch."""
    stage = Stage(people)
    in_order = sorted(sittings().values(), key=lambda sitting: str(sitting["starts_at"]))
    diaries = [live_sitting(stage, sitting, place) for place, sitting in enumerate(in_order)]
    for slug, case in cases().items():
        diary = Diary(slug)
        write_proposal(stage, case, diary)
        judging = Judging(stage, case, diary)
        judging.live()
        judging.judge()
        diaries.append(diary)
    live_through([_mondays(), dated_rules(stage), *diaries])
    deliver(clock.from_seoul(f"{AS_OF}T18:00"))


def _mondays() -> Diary:
    """Every Monday morning the worker looks at the clocks."""
    diary, day = Diary("clocks"), date(2025, 3, 24)
    while day <= AS_OF:
        diary.at(clock.from_seoul(f"{day}T07:30"), remind_due)
        day += timedelta(days=7)
    return diary
