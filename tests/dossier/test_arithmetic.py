"""The verifier's own arithmetic against the application's and against published vectors: it imports neither."""

import ast
import sys
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from app.base import canonical
from tests.dossier.forger import SCRIPT, verifier
from workflows import merkle, scoring, verdict, words

VECTORS = (
    # RFC 8032, section 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
)


def test_it_imports_the_standard_library_and_nothing_else() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert not names & {"subprocess", "socket", "urllib", "ctypes", "pickle", "zipfile"}


def test_it_is_written_for_python_3_9() -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 9))


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_published_signatures_verify_and_changed_ones_do_not(public: str, message: str, signature: str) -> None:
    signed = verifier().signed
    key, text, sign = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert signed(key, text, sign)
    assert not signed(key, text + b"x", sign)
    for place in range(0, 64, 3):
        assert not signed(key, text, sign[:place] + bytes([sign[place] ^ 1]) + sign[place + 1 :])
    for place in range(0, 32, 5):
        assert not signed(key[:place] + bytes([key[place] ^ 1]) + key[place + 1 :], text, sign)


def test_signatures_of_the_library_verify_and_no_second_form_of_one_does() -> None:
    rng, order = Random(8), verifier().L
    for size in (0, 1, 32, 63, 64, 65, 500):
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        message = rng.randbytes(size)
        sign = private.sign(message)
        assert verifier().signed(public, message, sign)
        s = int.from_bytes(sign[32:], "little") + order
        assert not verifier().signed(public, message, sign[:32] + s.to_bytes(32, "little"))
        assert not verifier().signed(public, message, sign[:63])
        assert not verifier().signed(public[:31], message, sign)


def test_a_key_that_would_sign_anything_is_none() -> None:
    """Points of small order, and forms of points that are not the only one."""
    one = (1).to_bytes(32, "little")
    assert not verifier().signed(one, b"anything", one + bytes(32))
    p = verifier().P
    assert verifier().point((p + 1).to_bytes(32, "little")) is None
    assert verifier().point((1 | 1 << 255).to_bytes(32, "little")) is None


COUNTS = st.tuples(*[st.integers(0, 30)] * 5).map(
    lambda n: verdict.Counts(
        seats=max(1, sum(n) + n[0]),
        present=sum(n),
        recused_present=n[4],
        yes=n[0],
        no=n[1],
        abstain=n[2],
        not_voting=n[3],
    )
)
RULES = st.builds(
    verdict.VotingRule,
    st.sampled_from(["majority_of_seats", "none"]),
    st.booleans(),
    st.sampled_from(["present_less_recused", "present", "votes_cast", "seats"]),
    st.sampled_from(["more_than_half", "two_thirds"]),
)


@given(COUNTS, RULES)
def test_it_counts_a_vote_as_the_rules_do(counts: verdict.Counts, rule: verdict.VotingRule) -> None:
    ours = verdict.decide(counts, rule)
    plain = {name: getattr(counts, name) for name in counts.__slots__}
    found = verifier().decided(plain, {name: getattr(rule, name) for name in rule.__slots__})
    assert found == {name: getattr(ours, name) for name in found}


@given(
    st.sampled_from(["trimmed_mean", "mean", "median"]),
    st.lists(st.fractions(0, 100, max_denominator=100), min_size=3, max_size=9),
    st.integers(0, 1),
    st.integers(0, 1),
)
def test_it_adds_up_scores_as_the_rules_do(how: str, scores: list[Fraction], low: int, high: int) -> None:
    if how != "trimmed_mean":
        low = high = 0
    part = {"key": "a", "max": 100, "aggregate": how, "drop_low": low, "drop_high": high, "min_ballots": 1}
    ours = scoring.aggregate(scoring.Part("a", 100, how, high, low, 1), scores)  # type: ignore[arg-type]
    assert verifier().aggregate(part, scores) == ours
    assert ours is not None and verifier().four_places(ours) == words.four_places(ours)


def test_it_climbs_a_tree_as_the_rules_do() -> None:
    for size in (1, 2, 3, 7, 8, 11):
        leaves = [merkle.leaf_hash(str(i).encode()) for i in range(size)]
        tree = merkle.Tree(leaves)
        for place in range(size):
            assert verifier().climb(leaves[place], place, size, tree.proof(place)) == tree.root


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_it_writes_a_value_for_hashing_as_the_record_does(value: object) -> None:
    if not any("\ud800" <= letter <= "\udfff" for letter in str(value)):
        assert verifier().canonical(value) == canonical(value).encode()
        assert verifier().fingerprint(value) == sha256(canonical(value).encode()).hexdigest()


def test_a_pinned_key_is_read_from_a_line_or_from_the_published_list(tmp_path: Path) -> None:
    line, page = tmp_path / "key.txt", tmp_path / "keys.json"
    line.write_text("0a" * 32 + "\n")
    page.write_text(
        '{"keys": [{"key": "1234", "public_key": "' + "0a" * 32 + '"}, {"public_key": "' + "0b" * 32 + '"}]}'
    )
    assert verifier().pinned(str(line)) == [b"\x0a" * 32]
    assert verifier().pinned(str(page)) == [b"\x0a" * 32, b"\x0b" * 32]
