"""Freeze the panel's ranking of a round: the whole list with its sentence, kept with every case still at that step.

What is frozen is never changed. Cases ranked since, or ranked anew after a correction, come into a new freezing
beside the old, with the reason.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Case, Cycle, Placing
from app.queries.rounds import RoundPage, ranking_of_round
from app.services.act import act_within
from workflows import schema, words
from workflows.engine import Refused
from workflows.text import because


@dataclass(frozen=True, slots=True)
class _Frozen:
    number: int
    page: RoundPage
    entries: list[dict[str, Any]]


def rank_round(who: Viewer, cycle_id: int, reason: str = "") -> int:
    """Freeze the ranking of the cycle; its number in the round.

    Raises NotFound for a cycle of no programme in which this person is an officer; Refused where no case waits to be
    placed, where nothing has changed since the last freezing, or where a further one comes without a reason.
    """
    with unit_of_work():
        cycle = db.session.scalar(sa.select(Cycle).where(Cycle.id == cycle_id).with_for_update())
        if cycle is None or not who.has("officer", schema.newest(cycle.definition_id).programme):
            raise NotFound
        frozen = _freeze(cycle, reason)
        waiting = [case for _, case in sorted(frozen.page.cases.items()) if case.state == "RANKED"]
        if not waiting:
            raise Refused(
                because(
                    "no_case_to_place",
                    "순위를 확정할 단계에 있는 사건이 없습니다.",
                    "No case is at the step at which its place is frozen.",
                )
            )
        for case in waiting:
            _place(who, case, frozen, reason)
        return frozen.number


def _freeze(cycle: Cycle, reason: str) -> _Frozen:
    page = ranking_of_round(cycle)
    last = db.session.scalar(
        sa.select(Placing).where(Placing.cycle_id == cycle.id).order_by(Placing.number.desc()).limit(1)
    )
    entries = _entries(page)
    if last is not None and last.entries == entries:
        raise Refused(
            because(
                "ranking_unchanged",
                "이미 확정된 순위와 달라진 것이 없습니다.",
                "Nothing differs from the ranking that is frozen already.",
            )
        )
    if last is not None and not reason.strip():
        raise Refused(
            because(
                "no_reason",
                "순위를 다시 확정하는 사유를 적어 주십시오.",
                "Give the reason for freezing the ranking anew.",
            )
        )
    return _Frozen((last.number if last else 0) + 1, page, entries)


def _entries(page: RoundPage) -> list[dict[str, Any]]:
    if page.found is None:
        return []
    placed: list[dict[str, Any]] = [
        {
            "number": one.id,
            "rank": one.rank,
            "excluded": None,
            "total": words.four_places(one.total),
            "parts": {key: words.four_places(value) for key, value in one.parts.items()},
            "ranking": page.rankings[one.id].id,
        }
        for one in page.found.ranked
    ]
    out: list[dict[str, Any]] = [
        {
            "number": one.id,
            "rank": None,
            "excluded": one.reason,
            "total": page.rankings[one.id].total,
            "parts": {},
            "ranking": page.rankings[one.id].id,
        }
        for one in page.found.excluded
    ]
    return [*placed, *out]


def _place(who: Viewer, case: Case, frozen: _Frozen, reason: str) -> None:
    rank = next((entry["rank"] for entry in frozen.entries if entry["number"] == case.number), None)
    found = frozen.page.found

    def change(locked: Case, now: datetime) -> list[Sealed]:
        row = Placing(
            case_id=locked.id,
            cycle_id=locked.cycle_id,
            number=frozen.number,
            rank=rank,
            rule=dict(frozen.page.rule),
            entries=frozen.entries,
            words={"ko": found.words.ko, "en": found.words.en} if found else {"ko": "", "en": ""},
            reason=reason.strip(),
            frozen_at=now,
            frozen_by=who.id,
        )
        db.session.add(row)
        db.session.flush()
        return [row]

    data: dict[str, Any] = {"freezing": frozen.number, "rank": rank, "of": len(frozen.entries)}
    act_within(
        who,
        case.number,
        "rank_round",
        data={**data, "reason": reason.strip()} if reason.strip() else data,
        change=change,
    )
