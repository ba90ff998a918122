"""K01: submit a draft. It gets its number, its time of receipt, its target cycle and its first version at once.

A draft is submitted once, however often and from wherever the button is pressed: the draft's number is the key,
and every later press is told the number that the first one gave (보조금법 시행령 제7조).
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.intake.crosschecks import over_cap
from app.models import Case, Cycle, NumberSeries, Programme
from app.queries.applications import own_case, submitted_as
from app.queries.cycles import cycle_name, target_cycle
from app.queries.proposal import Draft, draft_of
from app.services.act import act_on
from app.services.describe import describe
from app.services.freeze import freeze
from app.services.once import remember
from app.services.record import count
from workflows.engine import Refused
from workflows.text import Reason, Text


def submit(who: Viewer, number: str, told_cycle: int | None = None) -> str:
    """Submit the draft `number`; the number of the case. `told_cycle`: the cycle that the page had named.

    Raises:
        NotFound: not a draft of this person's organisation.
        Refused: a delegate, a closed window, something missing, an amount over the cap; carries the reason.
    """
    with unit_of_work():
        try:
            case = own_case(who, number, lock=True)
        except NotFound:
            # Submitted before, or while this press waited for the lock: the receipt is the same.
            if earlier := submitted_as(who, number):
                return earlier
            raise
        return _submit(who, case, told_cycle)


def _submit(who: Viewer, case: Case, told_cycle: int | None) -> str:
    received_at, draft, draft_number = clock.now(), draft_of(case), case.number
    data: dict[str, Any] = {"draft": draft_number}
    if case.state == "DRAFT":
        cycle = _place(case, received_at)
        describe(case, draft.answers)
        _within_cap(cycle, draft)
        data |= _told(cycle, told_cycle)

    def change(case: Case, now: datetime) -> list[Sealed]:
        count(case, "DRAFT", None)
        case.number = next_number(cycle)
        case.received_at = received_at
        case.cycle_revision = cycle.revision
        version = freeze(case, draft, who, now, "submit")
        data["version"], data["sha256"] = version.number, version.sha256
        return [version]

    done = act_on(who, case, "submit", data=data, change=change, draft=draft)
    remember(who, draft_number, draft_number, done.number)
    return done.number


def _place(case: Case, received_at: datetime) -> Cycle:
    """Put the draft into the cycle that the time of receipt decides; the counters go with it."""
    cycle = target_cycle(case.definition_id, received_at) or db.session.get_one(Cycle, case.cycle_id)
    if cycle.id != case.cycle_id:
        count(case, "DRAFT", None)
        case.cycle_id = cycle.id
        count(case, None, "DRAFT")
    return cycle


def _told(cycle: Cycle, told_cycle: int | None) -> dict[str, Any]:
    """What the timeline says of the cycle, and that it is another one than the page had named."""
    name = cycle_name(cycle)
    data: dict[str, Any] = {"cycle": name._asdict()}
    if told_cycle not in (None, cycle.id):
        before = cycle_name(db.session.get_one(Cycle, told_cycle))
        data["cycle_told"] = before._asdict()
        data["note"] = Text(
            f"제출 화면에서 안내한 {before.ko}의 접수가 마감되어 {name.ko}로 접수되었습니다.",
            f"The cut-off of {before.en}, which the page had named, had passed: it was received for {name.en}.",
        )._asdict()
    return data


def _within_cap(cycle: Cycle, draft: Draft) -> None:
    refused = (cycle.settings.get("allocation") or {}).get("over_cap") == "refuse"
    if text := over_cap(draft.answers.get("amount_requested"), cycle.cap_krw, refused):
        raise Refused(Reason("over_cap", text))


def next_number(cycle: Cycle) -> str:
    """The next number of the programme and fiscal year, such as KCN-2027-0001; never given out twice."""
    prefix = sa.select(Programme.prefix).where(Programme.id == cycle.programme_id).scalar_subquery()
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(NumberSeries)
    series, last = db.session.execute(
        insert.values(series=prefix + f"-{cycle.fiscal_year}", last=1)
        .on_conflict_do_update(index_elements=["series"], set_={"last": NumberSeries.last + 1})
        .returning(NumberSeries.series, NumberSeries.last)
    ).one()
    return f"{series}-{last:04d}"
