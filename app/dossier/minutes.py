"""The minutes of the sittings, as far as they are about this case.

Minutes are one document with every item of a sitting, and its hash and signatures are over the whole. A dossier
carries no other case's deliberation: it holds the part of this case, the hash of the whole, and the signatures on it.
"""

from typing import Any

import sqlalchemy as sa

from app.dossier.committee import sittings_of
from app.extensions import db
from app.models import Case, Minutes, MinutesCorrection, MinutesPublication, MinutesReview, MinutesSignature, Sitting


def minutes(case: Case) -> list[dict[str, Any]] | None:
    """The last version of each sitting's minutes that was signed; None where there is none."""
    return [_told(case, found) for sitting in sittings_of(case) if (found := _signed(sitting)) is not None] or None


def _signed(sitting: Sitting) -> Minutes | None:
    query = (
        sa.select(Minutes)
        .where(Minutes.sitting_id == sitting.id)
        .where(sa.exists().where(MinutesSignature.minutes_id == Minutes.id, MinutesSignature.correction == 0))
    )
    return db.session.scalars(query.order_by(Minutes.number.desc())).first()


def _told(case: Case, found: Minutes) -> dict[str, Any]:
    items = [item for item in found.content["items"] if item["case"] == case.number]
    own = ("attendance", *(f"item-{item['position']}-" for item in items))
    corrections = [row for row in _rows(MinutesCorrection, found) if row.part.startswith(own)]
    return {
        "sitting_id": found.sitting_id,
        "id": found.id,
        "number": found.number,
        "sha256": found.sha256,
        "excerpt": {**found.content, "items": items},
        "rows": [
            {"table": row.__tablename__, "id": row.id, "row": {name: getattr(row, name) for name in row.SEALED}}
            for model in (MinutesReview, MinutesSignature, MinutesPublication)
            for row in _rows(model, found)
        ]
        + [
            {"table": row.__tablename__, "id": row.id, "row": {name: getattr(row, name) for name in row.SEALED}}
            for row in corrections
        ],
    }


def _rows(model: Any, found: Minutes) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(model.minutes_id == found.id).order_by(model.id)))
