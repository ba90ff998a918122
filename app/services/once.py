"""A repeated POST returns the first result: the form's once-key is stored in the same transaction as the act."""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.errors import Invalid
from app.extensions import db
from app.models import Once
from workflows.text import Text


def earlier_result(who: Viewer, key: str, body: str) -> str | None:
    """What this form led to before, if it was sent before.

    Raises:
        Invalid: the same key came with another content.
    """
    found = db.session.scalar(sa.select(Once).where(Once.user_id == who.id, Once.key == key))
    if found is None:
        return None
    if found.body_hash != sha256(body.encode()).hexdigest():
        words = Text(
            "이미 제출된 양식입니다. 페이지를 새로 여십시오.", "This form was sent before; open the page anew."
        )
        raise Invalid("once", words)
    return found.result


def remember(who: Viewer, key: str, body: str, result: str) -> None:
    """Keep the result; call inside the unit of work of the act."""
    db.session.add(Once(**_row(who, key, body, result)))


def take(who: Viewer, key: str, body: str, result: str) -> None:
    """Keep the result before the act is done, at once.

    Raises:
        IntegrityError: the key is taken; on PostgreSQL only after whoever took it has finished.
    """
    db.session.execute(sa.insert(Once), _row(who, key, body, result))


def _row(who: Viewer, key: str, body: str, result: str) -> dict[str, Any]:
    hashed = sha256(body.encode()).hexdigest()
    return {"user_id": who.id, "key": key, "body_hash": hashed, "result": result, "at": clock.now()}
