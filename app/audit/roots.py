"""The daily roots against the chains as they stand now: what a root covered must still be there, hash by hash."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.audit.chain import Break
from app.extensions import db
from app.models import Case, DailyLeaf, DailyRoot, Event, SigningKey, Sitting, SittingEvent
from app.queries.roots import Leaf
from app.signing import signed_by
from workflows.merkle import Tree
from workflows.text import Text


def breaks(number: str | None = None) -> Iterator[Break]:
    """Roots that do not follow from their leaves or from each other, and leaves that no chain holds any more.

    With the `number` of a case only its leaves. A Break names the chain or the day, and the step or the root's place.
    """
    yield from _lost(_cases(), number)
    if number is None:
        yield from _lost(_sittings(), None)
        yield from _roots()


def _cases() -> sa.Select[Any]:
    chain = sa.and_(Case.number == sa.func.substr(DailyLeaf.chain, 6))
    return (
        sa.select(DailyLeaf.chain, DailyLeaf.seq, DailyRoot.day)
        .join(DailyRoot, DailyRoot.id == DailyLeaf.root_id)
        .outerjoin(Case, chain)
        .outerjoin(Event, sa.and_(Event.case_id == Case.id, Event.seq == DailyLeaf.seq))
        .where(DailyLeaf.chain.like("case:%"), sa.or_(Event.hash.is_(None), Event.hash != DailyLeaf.head))
    )


def _sittings() -> sa.Select[Any]:
    chain = sa.cast(Sitting.number, sa.String) == sa.func.substr(DailyLeaf.chain, 9)
    step = sa.and_(SittingEvent.sitting_id == Sitting.id, SittingEvent.seq == DailyLeaf.seq)
    return (
        sa.select(DailyLeaf.chain, DailyLeaf.seq, DailyRoot.day)
        .join(DailyRoot, DailyRoot.id == DailyLeaf.root_id)
        .outerjoin(Sitting, chain)
        .outerjoin(SittingEvent, step)
        .where(
            DailyLeaf.chain.like("sitting:%"), sa.or_(SittingEvent.hash.is_(None), SittingEvent.hash != DailyLeaf.head)
        )
    )


def _lost(query: sa.Select[Any], number: str | None) -> Iterator[Break]:
    if number is not None:
        query = query.where(DailyLeaf.chain == f"case:{number}")
    for chain, seq, day in db.session.execute(query.order_by(DailyLeaf.id)):
        said = Text(
            f"{day}의 일일 대표값에 담긴 처리가 지금의 기록에 없습니다",
            f"the step that the root of {day} covers is not on record any more",
        )
        yield Break(chain.removeprefix("case:"), seq, said)


def _roots() -> Iterator[Break]:
    keys = {row.key_id: row.public_key for row in db.session.scalars(sa.select(SigningKey))}
    leaves: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(sa.select(DailyLeaf.__table__).order_by(DailyLeaf.root_id, DailyLeaf.position)):
        leaves[row.root_id].append(row)
    tree, before = Tree(), ""
    query = sa.select(DailyRoot).order_by(DailyRoot.id)
    for place, root in enumerate(db.session.scalars(query), start=1):
        fault = _fault(root, before, tree, leaves.pop(root.id, []), keys)
        if fault is not None:
            yield Break(str(root.day), place, fault)
        before = root.hash
    for root_id in leaves:
        yield Break("daily_leaf", root_id, Text("일일 대표값이 없습니다", "the root of these leaves is gone"))


def _fault(root: DailyRoot, before: str, tree: Tree, leaves: list[Any], keys: dict[str, str]) -> Text | None:
    if root.prev_hash != before:
        return Text("전날의 일일 대표값과 이어지지 않습니다", "it is not bound to the root before")
    if root.compute_hash() != root.hash:
        return Text("일일 대표값의 내용이 바뀌었습니다", "the root's content does not match its hash")
    if not signed_by(keys.get(root.key_id, ""), root.signature, root.hash.encode("ascii")):
        return Text("일일 대표값의 서명이 맞지 않습니다", "the root's signature does not verify")
    try:
        for leaf in leaves:
            tree.put(leaf.position, Leaf(leaf.chain, leaf.seq, leaf.head).hash())
    except IndexError:
        return Text("일일 대표값의 항목이 빠졌습니다", "a leaf of the root is missing")
    if (len(tree), tree.root.hex()) != (root.chains, root.root):
        return Text("일일 대표값이 그 항목에서 나오지 않습니다", "the root does not follow from its leaves")
    return None
