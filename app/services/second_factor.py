"""A second factor for an account: set up, asked for at sign-in, recovery codes for the day it is lost, taken away."""

import base64
import secrets
from hashlib import sha256

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from app import clock, log, totp
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import LoginSession, RecoveryCode, SecondFactor
from app.queries.people import hash_of
from app.security import forgive, throttle
from workflows.text import Text

CODES, TRIES, MINUTES = 10, 10, 15
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
WRONG = Text("인증번호가 맞지 않습니다.", "The code is not right.")


def begin_setup(who: Viewer) -> bytes:
    """A key to be confirmed; one that waits already is given again. Raises NotFound where a factor counts already."""
    with unit_of_work():
        found = db.session.scalar(sa.select(SecondFactor).where(SecondFactor.user_id == who.id))
        if found is not None and found.confirmed_at is not None:
            raise NotFound
        if found is not None:
            return _opened(found)
        key = totp.new_key()
        db.session.add(SecondFactor(user_id=who.id, sealed=_sealed(who.id, key), made_at=clock.now()))
    return key


def waiting_key(who: Viewer) -> bytes | None:
    """The key that waits to be confirmed, if there is one."""
    query = sa.select(SecondFactor).where(SecondFactor.user_id == who.id, SecondFactor.confirmed_at.is_(None))
    found = db.session.scalar(query)
    return _opened(found) if found is not None else None


def confirm_setup(who: Viewer, typed: str) -> list[str]:
    """The first code from the authenticator makes the factor count; gives the recovery codes, shown once.

    Raises Invalid("code") for a wrong code, NotFound where nothing waits, TooMany for too many tries.
    """
    _count(who.id)
    with unit_of_work():
        found = db.session.scalar(sa.select(SecondFactor).where(SecondFactor.user_id == who.id).with_for_update())
        if found is None or found.confirmed_at is not None:
            raise NotFound
        now = clock.now()
        step = totp.taken(_opened(found), typed, now, found.last_step)
        if step is None:
            raise Invalid("code", WRONG)
        found.confirmed_at, found.last_step = now, step
        forgive("second_factor", str(who.id))
        codes = _new_codes(who.id)
    log.note("second_factor_on", account=who.id)
    return codes


def finish_sign_in(token: str, typed: str) -> None:
    """The code (or a recovery code) opens the session that the password has begun.

    Raises Invalid("code") for a wrong or used code, NotFound where no session waits, TooMany for too many tries.
    """
    query = sa.select(LoginSession.id, LoginSession.user_id, LoginSession.started_at).where(
        LoginSession.token_hash == hash_of(token),
        LoginSession.awaits_code.is_(True),
        LoginSession.ended_at.is_(None),
    )
    waiting = db.session.execute(query).first()
    if waiting is None or (clock.now() - waiting.started_at).total_seconds() > MINUTES * 60:
        raise NotFound
    _count(waiting.user_id)
    with unit_of_work():
        if not _right(waiting.user_id, typed):
            log.note("second_factor_refused", account=waiting.user_id)
            raise Invalid("code", WRONG)
        forgive("second_factor", str(waiting.user_id))
        opened = sa.update(LoginSession).where(LoginSession.id == waiting.id).values(awaits_code=False)
        db.session.execute(opened)
    log.note("second_factor_passed", account=waiting.user_id)


def renew_codes(who: Viewer) -> list[str]:
    """New recovery codes in the place of the old ones. Raises NotFound without a factor."""
    with unit_of_work():
        _counting(who.id)
        return _new_codes(who.id)


def remove_factor(who: Viewer) -> None:
    """Take the factor and its recovery codes away. Raises NotFound without one."""
    with unit_of_work():
        db.session.delete(_counting(who.id))
        db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == who.id))
    log.note("second_factor_off", account=who.id)


def _counting(user_id: int) -> SecondFactor:
    query = sa.select(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None))
    found = db.session.scalar(query.with_for_update())
    if found is None:
        raise NotFound
    return found


def _count(user_id: int) -> None:
    with unit_of_work():
        throttle("second_factor", str(user_id), TRIES, MINUTES)


def _right(user_id: int, typed: str) -> bool:
    """Whether a code of now or an unused recovery code was typed; either is taken once."""
    found = _counting(user_id)
    step = totp.taken(_opened(found), typed, clock.now(), found.last_step)
    if step is not None:
        found.last_step = step
        return True
    unused = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    spent = sa.update(RecoveryCode).where(*unused, RecoveryCode.code_hash == _hashed(user_id, typed))
    return bool(db.session.scalars(spent.values(used_at=clock.now()).returning(RecoveryCode.id)).all())


def _new_codes(user_id: int) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    drawn = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(CODES)]
    db.session.add_all(RecoveryCode(user_id=user_id, code_hash=_hashed(user_id, one)) for one in drawn)
    return [f"{one[:5]}-{one[5:]}" for one in drawn]


def _hashed(user_id: int, typed: str) -> str:
    plain = "".join(letter for letter in typed.lower() if letter.isalnum())
    return sha256(f"{user_id}:{plain}".encode()).hexdigest()


def _cipher() -> AESGCM:
    """The key is the installation's secret: a copy of the database alone opens no factor."""
    return AESGCM(sha256(b"second factor" + str(current_app.config["SECRET_KEY"]).encode()).digest())


def _sealed(user_id: int, key: bytes) -> str:
    nonce = secrets.token_bytes(12)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, key, str(user_id).encode())).decode()


def _opened(found: SecondFactor) -> bytes:
    """The key. Raises NotFound where the installation's secret has changed since."""
    raw = base64.b64decode(found.sealed)
    try:
        return _cipher().decrypt(raw[:12], raw[12:], str(found.user_id).encode())
    except InvalidTag:
        log.note("second_factor_unreadable", account=found.user_id)
        raise NotFound from None
