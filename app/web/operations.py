"""What operators ask: is it alive (/healthz), and how is it doing (/metrics, from this machine only)."""

import ipaddress
from typing import Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from app import clock
from app.authz import public
from app.errors import NotFound
from app.extensions import db
from app.models import Counter as CaseCounter
from app.models import Delivery, Heartbeat

blueprint = Blueprint("operations", __name__)
registry = CollectorRegistry()
REQUESTS = Counter("kcity_requests", "Requests answered", ["method", "status"], registry=registry)
SECONDS = Histogram("kcity_request_seconds", "Time to answer", ["method"], registry=registry)
CASES = Gauge("kcity_cases", "Cases by state", ["definition", "state"], registry=registry)
DUE = Gauge("kcity_deliveries_due", "Deliveries not yet sent", registry=registry)
WORKER_LATE = 120


def head_revision() -> str | None:
    """The newest migration there is."""
    return ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()


@blueprint.get("/healthz")
@public()
def healthz() -> tuple[Response, int]:
    """200 when the database answers and is migrated; the worker's age is told, not judged fatal."""
    report: dict[str, Any] = {"database": "ok", "migration": "ok", "worker_seconds": None}
    try:
        stored = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        if stored != head_revision():
            report["migration"] = "behind"
        seen = db.session.scalar(sa.select(Heartbeat.at).where(Heartbeat.name == "worker"))
        if seen is not None:
            report["worker_seconds"] = int((clock.now() - seen).total_seconds())
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        report["database"] = "down"
    age = report["worker_seconds"]
    report["worker"] = "unknown" if age is None else "ok" if age < WORKER_LATE else "late"
    healthy = report["database"] == "ok" and report["migration"] == "ok"
    return jsonify(report), 200 if healthy else 503


@blueprint.get("/metrics")
@public()
def metrics() -> Response:
    """Prometheus text; only for callers on this machine or a private network."""
    address = ipaddress.ip_address(request.remote_addr or "192.0.2.1")
    if not (address.is_loopback or address.is_private):
        raise NotFound
    for row in db.session.execute(
        sa.select(CaseCounter.definition_id, CaseCounter.state, sa.func.sum(CaseCounter.n)).group_by(
            CaseCounter.definition_id, CaseCounter.state
        )
    ):
        CASES.labels(row[0], row[1]).set(row[2])
    due = sa.select(sa.func.count()).select_from(Delivery).where(Delivery.status == "due")
    DUE.set(db.session.scalar(due) or 0)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@blueprint.before_app_request
def start_watch() -> None:
    """Remember when this request began."""
    import time

    from flask import g

    g.began = time.perf_counter()


@blueprint.after_app_request
def stop_watch(response: Response) -> Response:
    """Count it."""
    import time

    from flask import g

    REQUESTS.labels(request.method, str(response.status_code)).inc()
    SECONDS.labels(request.method).observe(time.perf_counter() - g.get("began", time.perf_counter()))
    return response
