"""The tree against the vectors of Certificate Transparency, against a plain recursion, and against itself."""

from hashlib import sha256
from random import Random

import pytest

from workflows import merkle
from workflows.merkle import Tree, leaf_hash, root_from

ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = """
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
"""Of the reference implementation of Certificate Transparency (merkle_tree_test), for the first 1..8 entries."""


def plain(entries: list[bytes]) -> bytes:
    """MTH as RFC 6962 writes it."""
    if len(entries) < 2:
        return leaf_hash(entries[0]) if entries else sha256(b"").digest()
    split = 1 << (len(entries) - 1).bit_length() - 1
    return sha256(b"\x01" + plain(entries[:split]) + plain(entries[split:])).digest()


def test_the_published_roots() -> None:
    assert Tree().root.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for n, root in enumerate(ROOTS, start=1):
        assert Tree([leaf_hash(entry) for entry in ENTRIES[:n]]).root.hex() == root


def test_the_published_proofs() -> None:
    eight = Tree([leaf_hash(entry) for entry in ENTRIES])
    assert [h.hex() for h in eight.proof(0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    three = Tree([leaf_hash(entry) for entry in ENTRIES[:3]])
    assert [h.hex() for h in three.proof(2)] == ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]
    assert Tree([leaf_hash(b"")]).proof(0) == []


@pytest.mark.parametrize("size", [*range(1, 40), 64, 65, 127])
def test_every_leaf_of_every_size_is_proven_and_no_other(size: int) -> None:
    entries = [str(i).encode() for i in range(size)]
    leaves = [leaf_hash(entry) for entry in entries]
    tree = Tree(leaves)
    assert tree.root == plain(entries)
    for position in range(size):
        path = tree.proof(position)
        assert root_from(leaves[position], position, size, path) == tree.root
        assert root_from(leaf_hash(b"other"), position, size, path) != tree.root
        if size > 1:
            wrong = (position + 1) % size
            try:
                assert root_from(leaves[position], wrong, size, path) != tree.root
            except ValueError:
                assert len(path) != len(tree.proof(wrong))


def test_replacing_and_adding_come_to_the_same_tree_as_building_it_anew() -> None:
    rng, tree, entries = Random(4), Tree(), []
    for step in range(400):
        entry = str(step).encode()
        position = rng.randrange(len(entries) + 1) if rng.random() < 0.5 else len(entries)
        entries[position : position + 1] = [entry]
        tree.put(position, leaf_hash(entry))
        assert len(tree) == len(entries)
        if step % 7 == 0:
            assert tree.root == plain(entries)
            again = Tree([leaf_hash(one) for one in entries])
            assert [tree.proof(i) for i in range(len(tree))] == [again.proof(i) for i in range(len(tree))]


def test_what_is_not_there_is_refused() -> None:
    tree = Tree([leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")])
    for position in (-1, 3):
        with pytest.raises(IndexError):
            tree.proof(position)
        with pytest.raises(ValueError):
            root_from(leaf_hash(b"a"), position, 3, [])
    with pytest.raises(IndexError):
        tree.put(4, leaf_hash(b"d"))
    path = tree.proof(0)
    for wrong in (path[:-1], [*path, merkle.EMPTY]):
        with pytest.raises(ValueError):
            root_from(leaf_hash(b"a"), 0, 3, wrong)
