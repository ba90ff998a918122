"""Bring a programme and its cycles from workflows/programmes into the database. Idempotent; never overwrites.

A cycle that is already there belongs to the administrators: their edits are kept, with their history.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import Cycle, CycleRevision, Envelope, Programme
from app.queries.programmes import content_now
from app.services.enter_committee_rule import add_shipped_rule
from workflows import programme_schema


def load_programme(programme_id: str) -> None:
    """Add what is missing of `programme_id` and its cycles."""
    source = programme_schema.load_programme(programme_id)
    with unit_of_work():
        programme = db.session.scalar(sa.select(Programme).where(Programme.key == programme_id))
        if programme is None:
            programme = Programme(key=programme_id, prefix=source.code, name_ko=source.name.ko, name_en=source.name.en)
            db.session.add(programme)
            db.session.flush()
        known = set(map(tuple, db.session.execute(sa.select(Cycle.definition_id, Cycle.fiscal_year)).all()))
        for cycle in source.cycles:
            if (cycle.type, cycle.year) not in known:
                _add(programme, source, cycle)
        add_shipped_rule(programme_id)


def _add(programme: Programme, source: programme_schema.Programme, cycle: programme_schema.Cycle) -> None:
    row = Cycle(
        programme_id=programme.id,
        definition_id=cycle.type,
        form_version=source.type_(cycle.type).form.version,
        fiscal_year=cycle.year,
        opens_at=start_of(cycle.opens),
        closes_at=end_of(cycle.closes),
        always_open=cycle.always_open,
        cut_off_on=cycle.cut_off,
        decision_month=cycle.decision_month,
        cap_krw=cycle.cap_krw,
        planned_awards=cycle.planned_awards,
        matching_rule=cycle.matching.rule if cycle.matching else None,
        legal_regime=cycle.regime,
        settings=_settings(source, cycle),
    )
    db.session.add(row)
    db.session.flush()
    envelope = None
    if cycle.envelope_krw is not None:
        envelope = Envelope(cycle_id=row.id, amount_krw=cycle.envelope_krw, planned_awards=cycle.planned_awards)
        db.session.add(envelope)
    content = content_now(row, envelope)
    db.session.add(
        CycleRevision(cycle_id=row.id, revision=1, content=content, reason=cycle.source, changed_at=clock.now())
    )


def _settings(source: programme_schema.Programme, cycle: programme_schema.Cycle) -> dict[str, Any]:
    whole = cycle.model_dump(mode="json")
    kept = (
        "criteria",
        "ranking",
        "committee",
        "allocation",
        "matching",
        "published",
        "tracks",
        "source",
        "note",
    )
    settings: dict[str, Any] = {key: whole[key] for key in kept}
    settings |= {key: setting.value for key, setting in source.settings.items()}
    settings |= cycle.settings
    settings["clocks"] = dict(cycle.settings)
    settings["key"] = cycle.key
    settings["samples"] = sorted(cycle.samples)
    settings["stages"] = [
        part["key"] for part in (whole["ranking"] or {}).get("parts", []) if part["aggregate"] != "given"
    ]
    return settings


def start_of(day: date | None) -> datetime | None:
    """The first instant of a day in Seoul."""
    return datetime.combine(day, time(), clock.SEOUL) if day else None


def end_of(day: date | None) -> datetime | None:
    """The last microsecond of a day in Seoul: a window's last day is in."""
    return datetime.combine(day + timedelta(days=1), time(), clock.SEOUL) - timedelta(microseconds=1) if day else None
