"""What no single case can show: counters against a recount, and the money of each cycle against its allocations."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.audit.chain import Break
from app.extensions import db
from app.models import Allocation, AllocationRelease, Case, Counter, Cycle, Envelope
from workflows.text import Text


def breaks() -> Iterator[Break]:
    """Counters and envelopes that do not add up. `number` names the cycle; `seq` is 0, for it is no step."""
    yield from _counters()
    yield from _envelopes()
    yield from _awarded()


def _counters() -> Iterator[Break]:
    query = sa.select(Case.definition_id, Case.cycle_id, Case.state, sa.func.count())
    counted = {tuple(row[:3]): row[3] for row in db.session.execute(query.group_by(*query.selected_columns[:3]))}
    stored = {
        (row.definition_id, row.cycle_id, row.state): row.n
        for row in db.session.execute(sa.select(Counter.definition_id, Counter.cycle_id, Counter.state, Counter.n))
    }
    for key in sorted(counted.keys() | stored.keys(), key=str):
        have, should = stored.get(key, 0), counted.get(key, 0)
        if have != should:
            place = f"{key[0]} / {key[2]} (cycle {key[1]})"
            said = Text(f"집계 {have}건, 실제 {should}건", f"the counter says {have}, there are {should}")
            yield Break(place, 0, said)


def _envelopes() -> Iterator[Break]:
    sums = (
        sa.select(
            Allocation.cycle_id,
            sa.func.sum(Allocation.amount_krw).label("krw"),
            sa.func.count().label("awards"),
        )
        .where(_held())
        .group_by(Allocation.cycle_id)
        .subquery()
    )
    query = (
        sa.select(Cycle.definition_id, Cycle.fiscal_year, Envelope, sums.c.krw, sums.c.awards)
        .join(Cycle, Cycle.id == Envelope.cycle_id)
        .outerjoin(sums, sums.c.cycle_id == Envelope.cycle_id)
        .order_by(Envelope.cycle_id)
    )
    for definition_id, year, envelope, krw, awards in db.session.execute(query):
        fault = _money(envelope, int(krw or 0), awards or 0)
        if fault is not None:
            yield Break(f"{definition_id} {year}", 0, fault)


def _held() -> sa.ColumnElement[bool]:
    """An allocation that was not given back."""
    return ~sa.exists().where(AllocationRelease.allocation_id == Allocation.id)


def _money(envelope: Any, krw: int, awards: int) -> Text | None:
    if envelope.committed_krw != krw:
        return Text(
            f"배정 합계 {krw:,}원이 예산 기록 {envelope.committed_krw:,}원과 다릅니다",
            f"allocations add up to KRW {krw:,}, the envelope says {envelope.committed_krw:,}",
        )
    if krw > envelope.amount_krw:
        return Text("배정 합계가 예산을 넘습니다", "the allocations exceed the envelope")
    if envelope.awards != awards:
        return Text(f"선정 {awards}건, 기록 {envelope.awards}건", f"{awards} awards, {envelope.awards} on record")
    return None


def _awarded() -> Iterator[Break]:
    """An allocation is what the case was awarded."""
    query = (
        sa.select(Case.number, Case.seq)
        .join(Allocation, Allocation.case_id == Case.id)
        .where(_held(), sa.or_(Case.awarded_krw.is_(None), Case.awarded_krw != Allocation.amount_krw))
        .order_by(Case.id)
    )
    for number, seq in db.session.execute(query):
        yield Break(number, seq, Text("배정액과 지원금액이 다릅니다", "what was reserved is not what was awarded"))
    query = (
        sa.select(Case.number, Case.seq)
        .join(AllocationRelease, AllocationRelease.case_id == Case.id)
        .join(Allocation, Allocation.id == AllocationRelease.allocation_id)
        .where(
            sa.or_(
                Allocation.case_id != AllocationRelease.case_id,
                Allocation.cycle_id != AllocationRelease.cycle_id,
                Allocation.amount_krw != AllocationRelease.amount_krw,
            )
        )
        .order_by(Case.id)
    )
    for number, seq in db.session.execute(query):
        yield Break(
            number, seq, Text("돌려준 금액이 배정액과 다릅니다", "what was given back is not what was reserved")
        )
