"""A Merkle tree over an ordered list of entries, as RFC 6962 section 2.1 and RFC 9162 section 2.1 define it.

Pure: bytes in, bytes out. A leaf is hashed with a leading 0x00 and a node with a leading 0x01, so that neither
can pass for the other. A list of n entries is split at the largest power of two below n.
"""

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root over no entries."""


def leaf_hash(entry: bytes) -> bytes:
    """sha256(0x00 || entry): 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """sha256(0x01 || left || right): 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree whose entries are added at the end or replaced in place; either costs one path to the top."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        """`leaves`: leaf hashes, in order."""
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            pairs = [node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
            self._levels.append(pairs + below[len(below) & ~1 :])

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """The root: 32 bytes."""
        return self._levels[-1][0] if len(self) else EMPTY

    def put(self, position: int, leaf: bytes) -> None:
        """Set the leaf hash at `position`, which is there already or is the next one.

        Raises:
            IndexError: neither of the two.
        """
        if not 0 <= position <= len(self):
            raise IndexError(position)
        value, level = leaf, 0
        while True:
            row = self._levels[level]
            row[position : position + 1] = [value]
            if len(row) == 1 and level == len(self._levels) - 1:
                return
            first = position & ~1
            value = node_hash(row[first], row[first + 1]) if first + 1 < len(row) else row[first]
            position, level = position // 2, level + 1
            if level == len(self._levels):
                self._levels.append([])

    def proof(self, position: int) -> list[bytes]:
        """The inclusion proof of the leaf at `position`: sister hashes from the bottom to the top.

        Raises:
            IndexError: there is no such leaf.
        """
        if not 0 <= position < len(self):
            raise IndexError(position)
        path = []
        for row in self._levels[:-1]:
            sister = position ^ 1
            if sister < len(row):
                path.append(row[sister])
            position //= 2
        return path


def root_from(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that `path` leads to from the leaf hash at `position` of `size` (RFC 9162 section 2.1.3.2).

    Raises:
        ValueError: the path is too long or too short, or there is no such position.
    """
    if not 0 <= position < size:
        raise ValueError(f"no position {position} in {size}")
    here, last, value = position, size - 1, leaf
    for sister in path:
        if last == 0:
            raise ValueError("the path is too long")
        if here & 1 or here == last:
            value = node_hash(sister, value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node_hash(value, sister)
        here, last = here >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return value
