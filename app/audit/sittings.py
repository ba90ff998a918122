"""Every sitting against its own chain: numbering, hashes, what it vouches for, and the roll replayed from its events."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.audit.chain import Break
from app.base import Base, Sealed
from app.extensions import db
from app.models import Attendance, ItemSeat, Sitting, SittingEvent
from workflows.text import Text

VOUCHED = (
    "item_seat",
    "minutes",
    "minutes_review",
    "minutes_correction",
    "minutes_signature",
    "minutes_publication",
)


def breaks() -> Iterator[Break]:
    """What does not hold of any sitting; `number` is "sitting N", `seq` the step of its chain."""
    seen: set[str] = set()
    for sitting in db.session.scalars(sa.select(Sitting).order_by(Sitting.id)).all():
        yield from _sitting(sitting, seen)
        db.session.expunge_all()
    yield from _nobody_vouches(seen)


def _sitting(sitting: Sitting, seen: set[str]) -> Iterator[Break]:
    query = sa.select(SittingEvent).where(SittingEvent.sitting_id == sitting.id).order_by(SittingEvent.seq)
    events = list(db.session.scalars(query))
    head, vouched = "", {}
    for place, event in enumerate(events, start=1):
        if event.seq != place:
            yield _broken(sitting, place, f"{place}번 기록이 없습니다", f"step {place} is missing")
        if event.prev_hash != head:
            yield _broken(sitting, place, "앞 기록과 이어지지 않습니다", "it is not bound to the step before")
        if event.compute_hash(sitting.number) != event.hash:
            yield _broken(sitting, place, "내용이 기록된 지문과 다릅니다", "its content does not match its hash")
        head = event.hash
        vouched |= {key: (sha, place) for key, sha in event.seals.items()}
    if (sitting.seq, sitting.head) != (len(events), head) or not events:
        yield _broken(sitting, len(events), "회의의 마지막 기록이 없습니다", "the end of its chain is gone")
    for key, (sha, place) in vouched.items():
        row = _row(key, sitting)
        if row is None:
            yield _broken(sitting, place, f"기록 {key}이(가) 없습니다", f"the row {key} is gone")
        elif row.seal() != sha:
            yield _broken(sitting, place, f"기록 {key}의 내용이 바뀌었습니다", f"the row {key} was changed")
    seen.update(vouched)
    if _walked(events) != _attended(sitting):
        yield _broken(sitting, len(events), "출석이 기록과 다릅니다", "attendance does not follow from the roll")


def _broken(sitting: Sitting, seq: int, ko: str, en: str) -> Break:
    return Break(f"sitting {sitting.number}", seq, Text(ko, en))


def models() -> dict[str, type[Any]]:
    """Tables whose rows the chain of a sitting vouches for, by name."""
    found = {"sitting": Sitting, "item_seat": ItemSeat}
    for mapper in Base.registry.mappers:
        table = mapper.class_.__table__
        if issubclass(mapper.class_, Sealed) and "sitting_id" in table.c and "case_id" not in table.c:
            found[table.name] = mapper.class_
    return found


def _row(key: str, sitting: Sitting) -> Any:
    name, _, number = key.partition(":")
    model = models().get(name)
    if model is None or not number.isdigit():
        return None
    return sitting if model is Sitting and int(number) == sitting.id else db.session.get(model, int(number))


def _nobody_vouches(seen: set[str]) -> Iterator[Break]:
    for name in VOUCHED:
        model = models()[name]
        for number in db.session.scalars(sa.select(model.id).order_by(model.id)):
            key = f"{name}:{number}"
            if key not in seen:
                yield Break(
                    key, 0, Text(f"어느 회의에도 없는 기록입니다: {key}", f"no sitting vouches for the row {key}")
                )


Spell = tuple[Any, Any, str, bool]


def _walked(events: list[SittingEvent]) -> dict[int, list[Spell]]:
    """person -> (from, to, proxy, observer) of each time in the room, as the events tell it."""
    spells: dict[int, list[Spell]] = defaultdict(list)

    def out(person: int, at: Any) -> None:
        spells[person] = [(a, b or at, *rest) for a, b, *rest in spells[person]]

    for event in events:
        if event.act == "call_roll":
            for one in event.data["present"]:
                spells[one["person"]].append((event.at, None, one["proxy"], one["observer"]))
        elif event.act in ("arrive", "observe"):
            told = event.data
            spells[told["person"]].append((event.at, None, told["proxy"], event.act == "observe"))
        elif event.act == "leave":
            out(event.data["person"], event.at)
        elif event.act == "end" or (event.act == "change" and event.data.get("moved")):
            for person in spells:
                out(person, event.at)
    return dict(spells)


def _attended(sitting: Sitting) -> dict[int, list[Spell]]:
    spells: dict[int, list[Spell]] = defaultdict(list)
    query = sa.select(Attendance).where(Attendance.sitting_id == sitting.id).order_by(Attendance.id)
    for row in db.session.scalars(query):
        spells[row.user_id].append((row.arrived_at, row.left_at, row.proxy, row.observer))
    return dict(spells)
