"""Published keys and daily roots, and the proof that a chain was under a root. Public; never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.base import canonical
from app.extensions import db
from app.models import Case, DailyLeaf, DailyRoot, SigningKey, Sitting
from workflows.merkle import Tree, leaf_hash


@dataclass(frozen=True, slots=True)
class Leaf:
    """The last step of a chain: "case:KCN-2027-0001" or "sitting:12", its number and its hash."""

    chain: str
    seq: int
    head: str

    def hash(self) -> bytes:
        """The leaf's hash in the tree: over {"chain", "head", "seq"} as canonical JSON."""
        return leaf_hash(canonical({"chain": self.chain, "head": self.head, "seq": self.seq}).encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That `leaf` stands at `position` under `root`; `path` holds the sister hashes, bottom first, in hex."""

    root: DailyRoot
    leaf: Leaf
    position: int
    path: tuple[str, ...]


def signing_keys() -> list[SigningKey]:
    """Every public key, the newest (which signs) first."""
    return list(db.session.scalars(sa.select(SigningKey).order_by(SigningKey.id.desc())))


def roots(before: date | None = None, limit: int = 50) -> list[DailyRoot]:
    """Roots made before that day (or all), newest first, at most `limit`."""
    query = sa.select(DailyRoot).order_by(DailyRoot.id.desc()).limit(limit)
    return list(db.session.scalars(query.where(DailyRoot.day < before) if before else query))


def newest_root() -> DailyRoot | None:
    """The root that was made last."""
    return next(iter(roots(limit=1)), None)


def heads() -> list[Leaf]:
    """The last step of every chain as it stands now, cases before sittings, each by age (two statements)."""
    cases = sa.select(Case.number, Case.seq, Case.head).where(Case.seq > 0).order_by(Case.id)
    sittings = sa.select(Sitting.number, Sitting.seq, Sitting.head).where(Sitting.seq > 0).order_by(Sitting.id)
    return [
        *(Leaf(f"case:{row.number}", row.seq, row.head) for row in db.session.execute(cases)),
        *(Leaf(f"sitting:{row.number}", row.seq, row.head) for row in db.session.execute(sittings)),
    ]


def leaves_under(root: DailyRoot | None) -> list[Leaf]:
    """Every leaf of the tree of `root`, by position."""
    if root is None:
        return []
    last = (
        sa.select(DailyLeaf.position, sa.func.max(DailyLeaf.root_id).label("root_id"))
        .where(DailyLeaf.root_id <= root.id)
        .group_by(DailyLeaf.position)
        .subquery()
    )
    query = (
        sa.select(DailyLeaf.chain, DailyLeaf.seq, DailyLeaf.head)
        .join(last, sa.and_(last.c.position == DailyLeaf.position, last.c.root_id == DailyLeaf.root_id))
        .order_by(DailyLeaf.position)
    )
    return [Leaf(row.chain, row.seq, row.head) for row in db.session.execute(query)]


def tree_of(leaves: Iterable[Leaf]) -> Tree:
    """The tree over `leaves` in their order."""
    return Tree([leaf.hash() for leaf in leaves])


def inclusions_of(chains: Iterable[str]) -> list[Inclusion]:
    """The proofs that these chains are under the newest root; those that no root covers yet are left out.

    Reads the leaf of every chain there is (100,000 take about a second).
    """
    root = newest_root()
    leaves = leaves_under(root)
    places = {leaf.chain: place for place, leaf in enumerate(leaves)}
    wanted = [(chain, places[chain]) for chain in chains if chain in places]
    if root is None or not wanted:
        return []
    tree = tree_of(leaves)
    return [
        Inclusion(root, leaves[place], place, tuple(sister.hex() for sister in tree.proof(place)))
        for _, place in wanted
    ]


def covered(chain: str) -> tuple[date, int] | None:
    """(day of the newest root, the step up to which it covers `chain`); None while no root does. Two statements."""
    root = newest_root()
    query = sa.select(DailyLeaf.seq).where(DailyLeaf.chain == chain).order_by(DailyLeaf.root_id.desc()).limit(1)
    seq = db.session.scalar(query)
    return None if root is None or seq is None else (root.day, seq)
