"""Once a day, one hash over the whole record: the Merkle root over every chain's last step, signed and published.

Only chains that moved since the root before are stored; the tree is over all of them.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import DailyLeaf, DailyRoot
from app.queries.roots import Leaf, heads, leaves_under, newest_root, tree_of
from app.services.signing_keys import signer

LOCK = 0x6B636974
"""Of two workers on PostgreSQL one waits here for the other."""


def make_daily_root(now: datetime) -> DailyRoot | None:
    """The root of the day in Seoul on which `now` falls; None where it is made already.

    The tree is built while everybody goes on writing (20,000 chains take a second); a step that comes in meanwhile is
    under the next root. Only the rows that are new are written with the writer's lock.
    """
    day = clock.day_of(now)
    before = newest_root()
    if before is not None and before.day >= day:
        return None
    signs = signer()
    leaves, moved = _moved(before)
    root = DailyRoot(
        day=day,
        chains=len(leaves),
        root=tree_of(leaves).root.hex(),
        made_at=now,
        prev_hash=before.hash if before is not None else "",
        key_id=signs.key_id,
    )
    root.hash = root.compute_hash()
    root.signature = signs.sign(root.hash.encode("ascii"))
    with unit_of_work() as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        newest = newest_root()
        if (newest.hash if newest is not None else "") != root.prev_hash:
            return None
        session.add(root)
        session.flush()
        if moved:
            session.execute(sa.insert(DailyLeaf), [{"root_id": root.id, **row} for row in moved])
    return root


def make_due_root() -> int:
    """What the worker does each round: today's root, if it is not there; how many were made."""
    return int(make_daily_root(clock.now()) is not None)


def _moved(before: DailyRoot | None) -> tuple[list[Leaf], list[dict[str, Any]]]:
    """Every leaf of the new tree, and the rows of those that are not in the tree before."""
    leaves = leaves_under(before)
    places = {leaf.chain: place for place, leaf in enumerate(leaves)}
    moved: list[dict[str, Any]] = []
    for leaf in heads():
        place = places.get(leaf.chain, len(leaves))
        if place == len(leaves):
            leaves.append(leaf)
        elif leaves[place] == leaf:
            continue
        leaves[place] = leaf
        moved.append({"position": place, "chain": leaf.chain, "seq": leaf.seq, "head": leaf.head})
    return leaves, moved
