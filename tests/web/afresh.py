"""For tests that look into the database between requests: what they read is what is stored now."""

from typing import Any

from flask import Flask

from app.extensions import db


def reads_afresh(app: Flask) -> None:
    """After each request the test's own transaction ends, so that its next read sees what the request stored."""

    class Fresh(app.test_client_class):  # type: ignore[misc, name-defined]
        def open(self, *args: Any, **kwargs: Any) -> Any:
            answer = super().open(*args, **kwargs)
            db.session.rollback()
            return answer

    app.test_client_class = Fresh
