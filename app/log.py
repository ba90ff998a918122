"""Structured logs: a JSON line an occurrence, each with its request id. Never a password, token or text typed."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, g, has_request_context, request

logger = structlog.get_logger("kcity")
_silent: ContextVar[bool] = ContextVar("silent", default=False)


def configure() -> None:
    """JSON lines on standard error; control characters are escaped by JSON itself."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def note(what: str, **facts: Any) -> None:
    """One line: what happened, to what, by whom, in which request."""
    if _silent.get():
        return
    if has_request_context():
        facts.setdefault("request_id", getattr(g, "request_id", None))
        facts.setdefault("who", getattr(getattr(g, "viewer", None), "id", None))
        facts.setdefault("where", request.remote_addr)
    logger.info(what, **facts)


@contextmanager
def quiet() -> Iterator[None]:
    """Inside, nothing is noted: the many steps of the demo and of synthetic data are no occurrences of today."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def exception(error: BaseException) -> None:
    """An unforeseen error with its trace; the page shows only the request id."""
    logger.error("error", request_id=getattr(g, "request_id", None), path=request.path, exc_info=error)


def register(app: Flask) -> None:
    """Give each request its id, and the answer the same."""
    configure()

    @app.before_request
    def begin() -> None:
        g.request_id = uuid4().hex[:16]

    @app.after_request
    def finish(response: Any) -> Any:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response
