"""The 25 defaults of security: each holds from the first day, on every kind of answer."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, create_app, passwords
from app.db import unit_of_work
from app.extensions import db
from app.models import LoginSession, User
from tests.databases import Settings
from tests.web.afresh import reads_afresh
from tests.world import World

PASSWORD = "a fine long phrase"
ANSWERS = {
    "page": ("GET", "/sign-in", 200),
    "redirect": ("GET", "/account", 302),
    "unknown": ("GET", "/nothing-here", 404),
    "method": ("POST", "/sign-up/sent", 405),
    "query": ("GET", "/sign-in?colour=red", 400),
    "static": ("GET", "/static/css/app.css", 200),
    "health": ("GET", "/healthz", 200),
}


def answers(app: Flask) -> list[tuple[str, TestResponse]]:
    """Each kind of answer the application gives."""
    return [(kind, ask(app, kind)) for kind in ANSWERS]


def ask(app: Flask, kind: str) -> TestResponse:
    app.config["WTF_CSRF_ENABLED"] = False
    method, path, status = ANSWERS[kind]
    response = app.test_client().open(path, method=method)
    assert response.status_code == status
    return response


@pytest.fixture
def https(sqlite_template, tmp_path: Path):
    """The same application as an installation on https sees it."""

    class Secure(Settings):
        HTTPS = True

    return create_app(Secure(sqlite_template.fresh(tmp_path), tmp_path))


def person(email: str = "someone@kcity.test") -> int:
    with unit_of_work():
        now = clock.now()
        kept = passwords.hashed(PASSWORD)
        user = User(email=email, name_ko="홍길동", password_hash=kept, confirmed_at=now, created_at=now)
        db.session.add(user)
        db.session.flush()
        return user.id


@pytest.fixture(autouse=True)
def afresh(lite: Flask) -> None:
    reads_afresh(lite)


def sign_in(client: FlaskClient, email: str = "someone@kcity.test", password: str = PASSWORD) -> TestResponse:
    client.application.config["WTF_CSRF_ENABLED"] = False
    return client.post("/sign-in", data={"email": email, "password": password})


def session_cookie(response: TestResponse) -> str:
    (cookie,) = [c for c in response.headers.getlist("Set-Cookie") if "kcity" in c.split("=")[0]]
    return cookie


# The cookie (1-4) ----------------------------------------------------------------------------------------


def test_1_no_script_reads_the_session_cookie(lite: Flask) -> None:
    assert "HttpOnly" in session_cookie(lite.test_client().get("/sign-in"))


def test_2_the_session_cookie_travels_over_https_only(https: Flask) -> None:
    assert "Secure" in session_cookie(https.test_client().get("/sign-in", base_url="https://localhost"))


def test_3_the_session_cookie_does_not_come_along_from_other_sites(lite: Flask) -> None:
    assert "SameSite=Lax" in session_cookie(lite.test_client().get("/sign-in"))


def test_4_the_session_cookie_belongs_to_this_host_alone(https: Flask) -> None:
    cookie = session_cookie(https.test_client().get("/sign-in", base_url="https://localhost"))
    assert cookie.startswith("__Host-kcity=") and "Path=/" in cookie and "Domain" not in cookie


def test_over_plain_http_the_cookie_has_a_name_of_its_own(lite: Flask) -> None:
    cookie = session_cookie(lite.test_client().get("/sign-in"))
    assert cookie.startswith("kcity_http=") and "Secure" not in cookie


# Headers on every answer (5-11) ----------------------------------------------------------------------------


def test_5_a_content_security_policy_without_inline_or_foreign_code(lite: Flask) -> None:
    for _, response in answers(lite):
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "object-src 'none'" in policy and "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy and "unsafe" not in policy and "http" not in policy


def test_6_content_is_what_it_says_it_is(lite: Flask) -> None:
    for _, response in answers(lite):
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_7_no_address_of_ours_is_told_to_others(lite: Flask) -> None:
    for _, response in answers(lite):
        assert response.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_8_https_is_remembered_for_a_year_or_more(lite: Flask) -> None:
    for _, response in answers(lite):
        header = response.headers["Strict-Transport-Security"]
        assert int(re.search(r"max-age=(\d+)", header)[1]) >= 31_536_000 and "includeSubDomains" in header


def test_9_every_answer_says_how_it_may_be_cached(lite: Flask) -> None:
    for kind, response in answers(lite):
        header = response.headers["Cache-Control"]
        assert "public" in header if kind == "static" else "public" not in header


def test_10_no_other_window_holds_on_to_ours(lite: Flask) -> None:
    for _, response in answers(lite):
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_11_camera_microphone_and_place_are_off(lite: Flask) -> None:
    for _, response in answers(lite):
        header = response.headers["Permissions-Policy"]
        assert all(f"{name}=()" in header for name in ("camera", "microphone", "geolocation"))


def test_12_private_pages_are_not_stored_and_differ_by_cookie(lite_world: World) -> None:
    response = lite_world.client("admin").get("/account")
    assert response.headers["Cache-Control"] == "no-store" and "Cookie" in response.headers["Vary"]


# What is refused (13-15) -----------------------------------------------------------------------------------


def test_13_a_post_without_its_token_is_refused(lite: Flask) -> None:
    person()
    lite.config["WTF_CSRF_ENABLED"] = True
    data = {"email": "someone@kcity.test", "password": PASSWORD}
    assert lite.test_client().post("/sign-in", data=data).status_code == 400


def test_a_post_with_its_token_is_accepted(lite: Flask) -> None:
    person()
    lite.config["WTF_CSRF_ENABLED"] = True
    client = lite.test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/sign-in").text)[1]
    data = {"email": "someone@kcity.test", "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=data).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_14_a_post_with_its_token_from_another_site_is_refused(lite: Flask, headers: dict[str, str]) -> None:
    person()
    lite.config["WTF_CSRF_ENABLED"] = True
    client = lite.test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/sign-in").text)[1]
    data = {"email": "someone@kcity.test", "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=data, headers=headers).status_code == 403


def test_15_a_cookie_replayed_after_sign_out_is_worth_nothing(lite: Flask) -> None:
    person()
    client = lite.test_client()
    stolen = session_cookie(sign_in(client)).split(";")[0].split("=", 1)[1]
    thief = lite.test_client()
    thief.set_cookie("kcity_http", stolen)
    assert thief.get("/account").status_code == 200
    assert client.post("/sign-out").status_code == 303
    assert thief.get("/account").status_code == 302


# Sessions (16-17) ------------------------------------------------------------------------------------------


def test_16_signing_in_makes_a_new_session_and_keeps_nothing_of_the_old_cookie(lite: Flask) -> None:
    person()
    client = lite.test_client()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["_user_id"] = "chosen by somebody else"
    sign_in(client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
        assert "planted" not in cookie and token != "chosen by somebody else"
    assert len(token) >= 43
    assert db.session.query(LoginSession).one().token_hash != token
    sign_in(other := lite.test_client())
    with other.session_transaction() as cookie:
        assert cookie["_user_id"] != token


def test_17a_an_idle_session_ends_and_stays_ended(lite: Flask) -> None:
    person()
    client = lite.test_client()
    with time_machine.travel(clock.now(), tick=False) as now:
        sign_in(client)
        now.shift(timedelta(minutes=59))
        assert client.get("/account").status_code == 200
        now.shift(timedelta(minutes=61))
        assert client.get("/account").status_code == 302
        assert client.get("/account").status_code == 302


def test_17b_a_session_ends_after_twelve_hours_however_busy(lite: Flask) -> None:
    person()
    client = lite.test_client()
    with time_machine.travel(clock.now(), tick=False) as now:
        sign_in(client)
        for _ in range(14):
            now.shift(timedelta(minutes=50))
            assert client.get("/account").status_code == 200
        now.shift(timedelta(minutes=30))
        assert client.get("/account").status_code == 302


# Errors and limits (18-25) ---------------------------------------------------------------------------------


def test_18_an_error_shows_a_reference_and_no_detail(lite: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret detail of the inside")

    monkeypatch.setattr("app.web.account.entry.render_template", fail)
    response = lite.test_client().get("/sign-up/sent")
    assert response.status_code == 500
    assert "secret detail" not in response.text and "Traceback" not in response.text
    assert response.headers["X-Request-Id"] in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/static/css/app.css"])
def test_19_trace_is_refused(lite: Flask, path: str) -> None:
    assert lite.test_client().open(path, method="TRACE").status_code == 405


def test_20_a_body_larger_than_the_limit_is_refused(lite: Flask) -> None:
    lite.config.update(WTF_CSRF_ENABLED=False, MAX_CONTENT_LENGTH=1000)
    response = lite.test_client().post("/sign-in", data={"email": "x" * 2000})
    assert response.status_code == 413


def test_21_a_form_field_larger_than_the_memory_limit_is_refused(lite: Flask) -> None:
    lite.config["WTF_CSRF_ENABLED"] = False
    big = "x" * (lite.config["MAX_FORM_MEMORY_SIZE"] + 1)
    response = lite.test_client().post("/sign-in", data={"email": big}, content_type="multipart/form-data")
    assert response.status_code == 413


def test_22_a_form_of_too_many_parts_is_refused(lite: Flask) -> None:
    lite.config["WTF_CSRF_ENABLED"] = False
    many = {f"f{n}": "x" for n in range(lite.config["MAX_FORM_PARTS"] + 1)}
    response = lite.test_client().post("/sign-in", data=many, content_type="multipart/form-data")
    assert response.status_code == 413


def test_23_guessing_is_slowed_down_and_told_when_to_come_back(lite: Flask) -> None:
    person()
    client = lite.test_client()
    for _ in range(10):
        assert sign_in(client, password="wrong guess").status_code == 422
    response = sign_in(client)
    assert response.status_code == 429 and 0 < int(response.headers["Retry-After"]) <= 900


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80"])
def test_24_a_request_for_another_host_is_refused(lite: Flask, host: str) -> None:
    assert lite.test_client().get("/sign-in", headers={"Host": host}).status_code == 400


def test_25_fields_that_a_form_or_a_page_does_not_have_are_refused(lite: Flask) -> None:
    person()
    lite.config["WTF_CSRF_ENABLED"] = False
    client = lite.test_client()
    assert client.get("/sign-up?role=admin").status_code == 400
    data = {"email": "someone@kcity.test", "password": PASSWORD, "role": "admin"}
    assert client.post("/sign-in", data=data).status_code == 400
    assert client.get("/account").status_code == 302
