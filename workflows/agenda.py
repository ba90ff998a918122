"""The order of an agenda: items with the same members out stand together, so that few come and go.

Pure. Nobody is out before the first item and after the last, so that every leaving and returning counts. Items with
the same members out keep the order they had. Up to `EXACT` different groups the order is the best there is; beyond
that it is built step by step and improved until no turned stretch makes it better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workflows.text import Text

EXACT = 10
Out = frozenset[int]


@dataclass(frozen=True, slots=True)
class Order:
    """Items in the proposed order, and how often somebody leaves or returns now and then."""

    items: tuple[int, ...]
    before: int
    after: int

    @property
    def better(self) -> bool:
        """Whether anything is gained."""
        return self.after < self.before

    @property
    def words(self) -> Text:
        """What is gained, in a sentence."""
        if not self.before:
            return Text(
                "회피하는 위원이 없어 순서를 바꿀 이유가 없습니다.",
                "Nobody is recused, so no order is better than another.",
            )
        if not self.better:
            return Text(
                f"회피에 따른 이석과 복귀가 {self.before}회이며, 순서를 바꾸어도 더 줄지 않습니다.",
                f"Members leave and return {self.before} times for recusals; no order needs fewer.",
            )
        return Text(
            f"같은 위원이 회피하는 안건을 잇대어 놓으면 이석과 복귀가 {self.before}회에서 {self.after}회로 줄어듭니다.",
            f"With the items of the same recusals next to each other, members leave and return {self.after} times "
            f"instead of {self.before}.",
        )


def movements(order: Sequence[int], out: Mapping[int, Out]) -> int:
    """How often a member leaves or returns when the items are taken in this order. `out`: item -> members out."""
    ways = [frozenset(), *(out.get(item, frozenset()) for item in order), frozenset()]
    return sum(len(before ^ after) for before, after in pairwise(ways))


def best_order(items: Sequence[int], out: Mapping[int, Out]) -> Order:
    """The order with the fewest comings and goings; the present one where none is better.

    `items`: in their present order. `out`: item -> members who are out of it (missing: nobody).
    """
    groups: dict[Out, list[int]] = {}
    for item in items:
        groups.setdefault(out.get(item, frozenset()), []).append(item)
    found = list(groups)
    path = _exact(found) if len(found) <= EXACT else _improved(_nearest(found))
    proposed = tuple(item for group in path for item in groups[group])
    before, after = movements(items, out), movements(proposed, out)
    return Order(proposed if after < before else tuple(items), before, min(before, after))


def _exact(groups: Sequence[Out]) -> list[Out]:
    """The shortest way through all groups, from nobody out to nobody out (Held and Karp's table)."""
    count = len(groups)
    if not count:
        return []
    best: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {
        (1 << place, place): (len(group), (place,)) for place, group in enumerate(groups)
    }
    for visited in range(1, 1 << count):
        for last in range(count):
            if (visited, last) not in best:
                continue
            cost, way = best[visited, last]
            for step in range(count):
                if visited >> step & 1:
                    continue
                key = (visited | 1 << step, step)
                candidate = (cost + len(groups[last] ^ groups[step]), (*way, step))
                if key not in best or candidate < best[key]:
                    best[key] = candidate
    full = (1 << count) - 1
    ends = [(best[full, last][0] + len(groups[last]), best[full, last][1]) for last in range(count)]
    return [groups[place] for place in min(ends)[1]]


def _nearest(groups: Sequence[Out]) -> list[Out]:
    """Always on to the group that differs least from where one is."""
    left, here, way = list(groups), frozenset[int](), []
    while left:
        here = min(left, key=lambda group: (len(group ^ here), left.index(group)))
        left.remove(here)
        way.append(here)
    return way


def _improved(way: list[Out]) -> list[Out]:
    """Turn stretches round as long as that shortens the way."""
    nobody = frozenset[int]()
    better = True
    while better:
        better = False
        for first in range(len(way)):
            for last in range(first + 1, len(way)):
                before = way[first - 1] if first else nobody
                after = way[last + 1] if last + 1 < len(way) else nobody
                old = len(before ^ way[first]) + len(way[last] ^ after)
                new = len(before ^ way[last]) + len(way[first] ^ after)
                if new < old:
                    way[first : last + 1] = reversed(way[first : last + 1])
                    better = True
    return way
