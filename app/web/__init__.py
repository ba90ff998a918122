"""The faces of the application: each a blueprint of thin views that call one service or some queries."""

from functools import lru_cache
from typing import Any

from flask import Flask, g, request

from app.i18n import lang, t


def register(app: Flask) -> None:
    """Bind every face, and the navigation that each page shows."""
    from app.web import account, admin, applicant, cases, committee, desk, duties, interests, operations, papers, public

    for face in (public, account, cases, applicant, desk, duties, committee, interests, admin, operations):
        app.register_blueprint(face.blueprint)
    papers.register(app)

    @app.context_processor
    def page() -> dict[str, Any]:
        viewer = g.get("viewer")
        return {"viewer": viewer, "nav": navigation(viewer), "notices_unread": unread(viewer)}

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        from app.extensions import db

        db.session.rollback()


def navigation(viewer: Any) -> list[tuple[str, str, bool, int | None]]:
    """(label, address, current, count): what this person works with, never more than six."""
    return [(label, path, request.path.startswith(path), None) for label, path in _menu(viewer, lang())]


@lru_cache(maxsize=1024)
def _menu(viewer: Any, language: str) -> tuple[tuple[str, str], ...]:
    """(label, address) in one language; the same until the person's rights change."""
    items = [(t("지원 사업", "Supported projects"), "/projects")]
    if viewer is None:
        items.append((t("제안 안내", "How to propose"), "/guide"))
    else:
        if viewer.memberships or not viewer.grants:
            items.insert(0, (t("내 제안", "My proposals"), "/applications"))
        if viewer.has("officer") or viewer.has("auditor") or viewer.has("clerk"):
            items.insert(0, (t("사건 목록", "Queue"), "/desk"))
        if any(viewer.has(role) for role in ("evaluator", "consultant", "opinion_giver", "member", "minister")):
            items.insert(0, (t("내 업무", "My duties"), "/duties"))
        if any(viewer.has(role) for role in ("member", "clerk", "officer", "minister", "auditor")):
            items.append((t("위원회", "Committee"), "/sittings"))
        if any(viewer.has(role) for role in ("officer", "auditor")):
            items.append((t("조건 이행", "Conditions"), "/conditions"))
        if viewer.has("admin"):
            items.insert(0, (t("관리", "Administration"), "/admin"))
    return tuple(items)


def unread(viewer: Any) -> int:
    """Unread notices of this person, counted once a request (the queue's fingerprint holds it too)."""
    if viewer is None:
        return 0
    if "unread" not in g:
        from app.queries.notices import unread_count

        g.unread = unread_count(viewer)
    return int(g.unread)
