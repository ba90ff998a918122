"""The smallest Flask application, and a bare WSGI page: what every ratio is measured against."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

app = Flask("hello")
app.add_url_rule("/", view_func=lambda: "hello")
PAGE = b"x" * int(os.environ.get("BENCH_BYTES", "1"))


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """As many bytes as the queue page has, from no framework at all."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(PAGE)))])
    return [PAGE]
