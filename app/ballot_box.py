"""The box a ballot lies in until the chair opens it: AES-256-GCM under a key in a file outside the database.

The key (KCITY_DATA_DIR/keys/ballot.key, readable by the service's account only) is made on first use and goes into
backups: without it a vote that is open cannot be counted. What this does not protect against is said in
docs/decisions/0005-sealed-ballots.md: whoever holds both the database and the key can read votes early.
"""

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from app.base import canonical
from workflows.commitment import commitment

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16


class Unreadable(Exception):
    """A paper that does not open: another key, or a paper that is not what was handed in."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is stored of a vote: nothing of it can be read or guessed."""

    commitment: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a paper says."""

    choice: str
    salt: str


def seal_choice(item: int, round_: int, voter: int | None, choice: str, salt: str = "") -> Paper:
    """Seal `choice` (yes, no, abstain) of `voter` (None in a secret ballot) with a fresh salt of 128 bits.

    `salt` is given only by synthetic data, which is the same for the same seed. The choice is padded, so that the
    length of what is sealed tells nothing.
    """
    salt = salt or token_hex(SALT_BYTES)
    committed = commitment(item, round_, voter, choice, salt)
    nonce = token_bytes(NONCE_BYTES)
    text = canonical({"choice": choice.ljust(len("abstain")), "salt": salt}).encode()
    return Paper(committed, b64encode(nonce + AESGCM(_key()).encrypt(nonce, text, committed.encode())).decode())


def open_paper(item: int, round_: int, voter: int | None, paper: Paper) -> Opened:
    """What the paper says, once it is certain that it is the one that was committed to. Raises Unreadable."""
    try:
        raw = b64decode(paper.sealed, validate=True)
        content = json.loads(AESGCM(_key()).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], paper.commitment.encode()))
        found = Opened(content["choice"].strip(), content["salt"])
        whole = commitment(item, round_, voter, found.choice, found.salt) == paper.commitment
    except (InvalidTag, ValueError, KeyError) as fault:
        raise Unreadable from fault
    if not whole:
        raise Unreadable
    return found


def key_file() -> Path:
    """Where the key lies."""
    return Path(current_app.config["DATA_DIR"]) / "keys" / "ballot.key"


def _key() -> bytes:
    path = key_file()
    try:
        return path.read_bytes()
    except FileNotFoundError:
        _make(path)
        return path.read_bytes()


def _make(path: Path) -> None:
    """A key appears whole and once, however many begin at one moment: the first link wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(token_bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink(missing_ok=True)
