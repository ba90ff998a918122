"""What every response carries and every request must pass: headers, CSP, origin, hosts, unknown fields, throttles."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, abort, g, request

from app import clock
from app.errors import TooMany
from app.extensions import db
from app.models import Attempt

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
FOREVER = "public, max-age=31536000, immutable"


def policy(nonce: str) -> str:
    """The content security policy: nothing from outside, nothing inline but what carries the nonce."""
    return (
        "default-src 'none'; script-src 'self' 'nonce-" + nonce + "'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "object-src 'none'; manifest-src 'self'"
    )


def _static(app: Flask) -> Callable[[str], str]:
    """The addresses of static files, each with its content's hash, so that it may be kept for ever."""
    found: dict[str, str] = {}

    def static(path: str) -> str:
        address = found.get(path)
        if address is None or app.debug:
            content = Path(app.static_folder or "", path).read_bytes()
            address = found[path] = f"/static/{path}?v={sha256(content).hexdigest()[:12]}"
        return address

    return static


def _check_host() -> None:
    from flask import current_app

    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host not in current_app.config["HOSTS"]:
        abort(400)


def _check_origin() -> None:
    """A write must come from our own pages, over http too."""
    if request.method not in UNSAFE:
        return
    origin = request.headers.get("Origin")
    if origin and origin != f"{request.scheme}://{request.host}":
        abort(403)
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(403)


def _check_query() -> None:
    """Query fields a page does not know are refused, not ignored."""
    from app.authz import mark_of

    if request.endpoint is None or request.endpoint == "static":
        return
    mark = mark_of(request.endpoint)
    known = {"lang", *(mark.query if mark else ())}
    if set(request.args) - known:
        abort(400)
    if any("\x00" in value for value in request.args.values()):
        abort(400)


def throttle(what: str, key: str, limit: int, minutes: int) -> None:
    """Count one try at `what` by `key`; at most `limit` within `minutes`. Call inside a unit of work.

    Raises:
        TooMany: the limit is reached; says in how many seconds to come back.
    """
    hashed = _attempt_key(what, key)
    now = clock.now()
    if db.engine.dialect.name == "postgresql":  # those who try at the same moment are counted one after the other
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(hashed[:15], 16))))
    since = now - timedelta(minutes=minutes)
    query = sa.select(sa.func.count()).select_from(Attempt)
    count = db.session.scalar(query.where(Attempt.what == what, Attempt.key == hashed, Attempt.at > since))
    if (count or 0) >= limit:
        raise TooMany(retry_after=minutes * 60)
    db.session.add(Attempt(what=what, key=hashed, at=now))


def forgive(what: str, key: str, newest_only: bool = False) -> None:
    """Take back the tries at `what` by `key`, or only the last one. Call inside a unit of work."""
    mine = sa.select(Attempt.id).where(Attempt.what == what, Attempt.key == _attempt_key(what, key))
    if newest_only:
        mine = mine.order_by(Attempt.id.desc()).limit(1)
    db.session.execute(sa.delete(Attempt).where(Attempt.id.in_(mine)))


def _attempt_key(what: str, key: str) -> str:
    return sha256(f"{what}:{key}".encode()).hexdigest()


def register(app: Flask) -> None:
    """Bind the checks; csrf itself is Flask-WTF's."""
    app.jinja_env.globals.update(static=_static(app))

    @app.before_request
    def check() -> None:
        g.csp_nonce = secrets.token_urlsafe(16)
        _check_host()
        _check_origin()
        _check_query()

    @app.context_processor
    def nonce() -> dict[str, Any]:
        return {"csp_nonce": g.get("csp_nonce", ""), "request_id": g.get("request_id", "")}

    @app.after_request
    def headers(response: Response) -> Response:
        given = {name for name, _ in response.headers}
        ours = {**HEADERS, "Content-Security-Policy": policy(g.get("csp_nonce", "none"))}
        response.headers.extend([(name, value) for name, value in ours.items() if name not in given])
        if request.endpoint == "static" and response.status_code in (200, 304):
            response.headers["Cache-Control"] = FOREVER if "v" in request.args else "public, max-age=3600"
        else:
            private = g.get("viewer") is not None or response.status_code >= 400 or request.method in UNSAFE
            response.headers.setdefault("Cache-Control", "no-store" if private else "private, no-cache")
            response.headers.setdefault("Vary", "Cookie, Accept-Language")
        return response
