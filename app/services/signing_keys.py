"""The keys that sign dossiers and daily roots: made at first use, replaced by rotation, never taken back."""

from pathlib import Path

from flask import current_app

from app import clock, log, signing
from app.db import unit_of_work
from app.models import SigningKey
from app.queries.roots import signing_keys
from app.signing import Signer


def signer() -> Signer:
    """The newest key whose private half is here; a new one where there is none. Not inside a unit of work.

    Raises:
        ValueError: a key file holds something else than its name says.
    """
    for row in signing_keys():
        found = signing.load(_folder(), row.key_id)
        if found is not None:
            return found
    return rotate()


def rotate() -> Signer:
    """A new key signs from now on; what older ones signed stays verifiable. Not inside a unit of work."""
    made = signing.make(_folder())
    with unit_of_work() as session:
        session.add(SigningKey(key_id=made.key_id, public_key=made.public_key, made_at=clock.now()))
    log.note("signing_key_made", key=made.key_id)
    return made


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "keys"
