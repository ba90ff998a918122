"""What goes wrong says so plainly, hides its insides, and leaves nothing half-done."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from app.authz import public
from app.errors import Busy, Invalid, NotFound, Stale, TooMany
from workflows.text import Text

FAULTS = {
    "raced": (IntegrityError("INSERT secret", {}, Exception("UNIQUE secret")), 409),
    "down": (OperationalError("SELECT secret", {}, Exception("locked secret")), 503),
    "stale": (Stale(), 409),
    "busy": (Busy(), 503),
    "missing": (NotFound(), 404),
    "many": (TooMany(60), 429),
    "bad": (Invalid("amount", Text("금액을 확인하십시오.", "Check the amount.")), 422),
    "bug": (RuntimeError("secret insides"), 500),
}


@pytest.fixture
def faulty(lite: Flask) -> Flask:
    """An application with a route for each fault."""
    for name, (fault, _) in FAULTS.items():

        def view(fault: Exception = fault) -> str:
            raise fault

        for prefix in ("", "/api/v1"):
            rule = f"{prefix}/fault/{name}"
            lite.add_url_rule(rule, f"fault{prefix.count('/')}{name}", public()(lambda view=view: view()))
    return lite


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_page_and_tells_no_secret(faulty: Flask, name: str) -> None:
    for lang in ("ko", "en"):
        response = faulty.test_client().get(f"/fault/{name}?lang={lang}")
        assert response.status_code == FAULTS[name][1]
        text = response.get_data(as_text=True)
        assert "secret" not in text
        assert f'<html lang="{lang}"' in text
        assert response.headers["X-Request-Id"]


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_a_problem_in_the_api(faulty: Flask, name: str) -> None:
    response = faulty.test_client().get(f"/api/v1/fault/{name}")
    assert response.status_code == FAULTS[name][1]
    assert response.content_type == "application/problem+json"
    assert "secret" not in response.get_data(as_text=True)


@pytest.mark.parametrize("name", ["down", "busy", "many"])
def test_what_is_worth_another_try_says_when(faulty: Flask, name: str) -> None:
    assert int(faulty.test_client().get(f"/fault/{name}").headers["Retry-After"]) > 0


def test_a_page_that_does_not_exist_is_a_page(lite: Flask) -> None:
    response = lite.test_client().get("/no/such/page")
    assert response.status_code == 404
    assert "찾을 수 없습니다" in response.get_data(as_text=True)
