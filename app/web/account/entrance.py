"""Begin and end a signed-in browser session: the cookie is emptied first, so nothing from before survives."""

from hashlib import sha256
from urllib.parse import urlsplit

from flask import redirect, request, session
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from app.errors import NotFound
from app.queries.people import viewer_by_token
from app.services.sign_in import plain_address

FAMILIAR = "familiar"
REMEMBERED = 5


def _mark(email: str) -> str:
    return sha256(plain_address(email).encode()).hexdigest()[:16]


def is_familiar(email: str) -> bool:
    """Whether this browser has signed in to this account before (its signed cookie says so)."""
    return _mark(email) in session.get(FAMILIAR, ())


def browser() -> str:
    """What the browser calls itself."""
    return request.user_agent.string[:200]


def address() -> str:
    """Where the request came from. Headers that a client can write do not count."""
    return request.remote_addr or ""


def enter(token: str, fallback: str | None = None) -> Response:
    """Sign this browser in with a session that a service has begun, and go on."""
    from app.web import navigation

    known = list(session.get(FAMILIAR, ()))
    session.clear()
    who = viewer_by_token(token)
    if who is None:
        raise NotFound
    mark = _mark(who.email)
    session[FAMILIAR] = [mark, *(k for k in known if k != mark)][:REMEMBERED]
    login_user(who)
    return redirect(own_path(request.args.get("next")) or fallback or navigation(who)[0][1], 303)


def leave() -> None:
    """Empty the cookie; only the marks of familiar accounts stay."""
    known = list(session.get(FAMILIAR, ()))
    logout_user()
    session.clear()
    if known:
        session[FAMILIAR] = known


def own_path(target: str | None) -> str | None:
    """`target` if it is a path of this site, else None: no host, scheme, backslash or control character."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
