"""Who stands behind the account numbers of the record, by name only."""

from typing import Any

import sqlalchemy as sa

from app.audit.shapes import sealed_shapes
from app.dossier.committee import sittings_of
from app.extensions import db
from app.models import AgendaItem, Attendance, Case, Duty, Event, ItemSeat, Organisation, SittingEvent, User


def named(case: Case) -> dict[str, Any]:
    """account -> its name in both languages, of everybody whose account the record of the case names."""
    ids = _ids(case)
    query = sa.select(User.id, User.name_ko, User.name_en).where(User.id.in_(sorted(ids) or [0])).order_by(User.id)
    return {str(row.id): {"ko": row.name_ko, "en": row.name_en} for row in db.session.execute(query)}


def applicant(case: Case) -> dict[str, Any] | None:
    """The organisation that applied; None for a case without one."""
    body = db.session.get(Organisation, case.organisation_id) if case.organisation_id else None
    if body is None:
        return None
    return {"id": body.id, "ko": body.name_ko, "en": body.name_en, "kind": body.kind, "country": body.country}


def _ids(case: Case) -> set[int]:
    tables = [shape.model for shape in sealed_shapes()] + [Event, Duty]
    found: set[int] = {getattr(case, name) for name in _accounts(Case)}
    for model in tables:
        found |= _named_by(model, model.case_id == case.id)
    here = [sitting.id for sitting in sittings_of(case)] or [0]
    items = sa.select(AgendaItem.id).where(AgendaItem.case_id == case.id)
    found |= {sitting.chair_id for sitting in sittings_of(case)}
    found |= _named_by(Attendance, Attendance.sitting_id.in_(here))
    found |= _named_by(SittingEvent, SittingEvent.sitting_id.in_(here))
    found |= _named_by(ItemSeat, ItemSeat.item_id.in_(items))
    return {one for one in found if one is not None}


def _named_by(model: Any, where: sa.ColumnElement[bool]) -> set[Any]:
    names = _accounts(model)
    if not names:
        return set()
    query = sa.select(*(getattr(model, name) for name in names)).where(where)
    return {value for row in db.session.execute(query) for value in row}


def _accounts(model: Any) -> list[str]:
    return [c.key for c in model.__table__.columns if any(f.target_fullname == "account.id" for f in c.foreign_keys)]
