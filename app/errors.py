"""What can go wrong, as pages and as problem+json. Unknown and forbidden look the same from outside."""

from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from app import log
from workflows.engine import Refused
from workflows.text import Reason, Text

Answer = Response | tuple[str, int]


class Known(Exception):
    """An error with a status and a sentence for the person."""

    status = 500
    text = Text("처리하지 못했습니다.", "It could not be done.")


class NotFound(Known):
    """It does not exist, or this person may not know that it does."""

    status = 404
    text = Text("페이지를 찾을 수 없습니다.", "Page not found.")


class NotAllowed(Known):
    """The person may know of it, and may not do this; says why."""

    status = 403

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text.en)
        self.reason = reason
        self.text = reason.text


class Stale(Known):
    """The page was older than the case; what was typed is kept and shown."""

    status = 409
    text = Text(
        "그사이 내용이 바뀌었습니다. 입력하신 내용은 그대로 있습니다.",
        "It has changed in the meantime. What you typed is kept.",
    )

    def __init__(self, yours: dict[str, Any] | None = None, theirs: dict[str, Any] | None = None) -> None:
        super().__init__(self.text.en)
        self.yours = yours
        self.theirs = theirs


class Invalid(Known):
    """What was typed is not acceptable; names the field."""

    status = 422

    def __init__(self, field: str, text: Text) -> None:
        super().__init__(f"{field}: {text.en}")
        self.field = field
        self.text = text


class TooMany(Known):
    """Too many tries; says when to come back."""

    status = 429
    text = Text("요청이 너무 많습니다. 잠시 후 다시 시도하십시오.", "Too many requests. Please try again in a while.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(self.text.en)
        self.retry_after = retry_after


class Busy(Known):
    """The database is busy; nothing was done."""

    status = 503
    text = Text(
        "이용자가 많아 처리하지 못했습니다. 잠시 후 다시 시도하십시오.",
        "The system is busy and nothing was done. Please try again shortly.",
    )
    retry_after = 2


def _wants_problem() -> bool:
    return request.path.startswith("/api/")


def _answer(status: int, text: Text, code: str, **more: Any) -> Response:
    if _wants_problem():
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": text.en,
            "title_ko": text.ko,
            "status": status,
            "code": code,
        }
        if "field" in more:
            body["field"] = more["field"]
        response = jsonify(body)
        response.content_type = "application/problem+json"
    else:
        page = render_template(f"errors/{status}.html", text=text, code=code, **more)
        response = make_response(page)
    response.status_code = status
    return response


def register(app: Flask) -> None:
    """Bind the handlers."""

    @app.errorhandler(Known)
    def known(error: Known) -> Response:
        more = {
            k: getattr(error, k) for k in ("yours", "theirs", "reason", "field", "retry_after") if hasattr(error, k)
        }
        response = _answer(error.status, error.text, type(error).__name__.lower(), **more)
        if hasattr(error, "retry_after"):
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return _answer(403, error.reason.text, error.reason.code, reason=error.reason)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if status in (301, 302, 303, 307, 308):
            return error.get_response()  # type: ignore[return-value]
        shown = status if status in (400, 403, 404, 413, 422, 429, 500, 503) else 400 if status < 500 else 500
        text = Text(*WORDS.get(status, ("요청을 처리할 수 없습니다.", "The request could not be handled.")))
        response = _answer(shown, text, (error.name or "error").lower().replace(" ", "_"))
        response.status_code = status
        if status == 405 and hasattr(error, "valid_methods"):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or []))
        return response

    @app.errorhandler(IntegrityError)
    def raced(error: IntegrityError) -> Response:
        """Somebody was quicker and a constraint held: nothing was stored, and the page shows what is now there."""
        log.exception(error)
        return _answer(409, Stale.text, "raced")

    @app.errorhandler(OperationalError)
    def down(error: OperationalError) -> Response:
        """The database is locked, full or away: nothing was done, and it is worth another try."""
        log.exception(error)
        response = _answer(503, Busy.text, "database", retry_after=Busy.retry_after)
        response.headers["Retry-After"] = str(Busy.retry_after)
        return response

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.exception(error)
        return _answer(500, Known.text, "internal")


WORDS = {
    400: ("요청이 올바르지 않습니다.", "The request is not valid."),
    403: ("처리할 권한이 없습니다.", "This is not allowed."),
    404: ("페이지를 찾을 수 없습니다.", "Page not found."),
    405: ("허용되지 않은 방식입니다.", "That method is not allowed here."),
    413: ("파일이나 내용이 너무 큽니다.", "The file or the content is too large."),
    500: ("처리 중 문제가 생겼습니다.", "Something went wrong on our side."),
}
