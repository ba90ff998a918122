"""Sessions: one's own are seen and ended by oneself, by a changed password, by an administrator."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import clock, passwords
from app.db import unit_of_work
from app.extensions import db
from app.models import LoginSession, User
from tests.web.afresh import reads_afresh
from tests.world import World

PASSWORD = "a fine long phrase"
WRONG = "not the right one"


@pytest.fixture
def people(lite: Flask) -> World:
    """The small world; everybody's password is known."""
    reads_afresh(lite)
    found = World(lite)
    kept = passwords.hashed(PASSWORD)
    with unit_of_work():
        db.session.execute(sa.update(User).values(password_hash=kept))
    return found


def signed_in(world: World, name: str, **kw: object) -> FlaskClient:
    client = world.client()
    response = client.post("/sign-in", data={"email": f"{name}@kcity.test", "password": PASSWORD}, **kw)
    assert response.status_code == 303
    return client


def inside(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_each_browser_has_its_own_session_and_this_one_is_marked(people: World) -> None:
    signed_in(people, "officer", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/131.0"})
    here = signed_in(people, "officer")
    page = here.get("/account").text
    assert "Firefox, Windows" in page and page.count("이 기기") == 1


def test_one_can_end_another_session_of_ones_own_and_nobody_elses(people: World) -> None:
    mine, other, stranger = (signed_in(people, name) for name in ("officer", "officer", "clerk"))
    _, second, theirs = db.session.scalars(sa.select(LoginSession.id).order_by(LoginSession.id)).all()
    assert mine.post(f"/account/sessions/{theirs}/end").status_code == 404
    assert mine.post(f"/account/sessions/{second}/end").status_code == 303
    assert inside(mine) and not inside(other) and inside(stranger)
    assert mine.post(f"/account/sessions/{second}/end").status_code == 404


def test_sign_out_everywhere_ends_all_of_them(people: World) -> None:
    mine, other = signed_in(people, "officer"), signed_in(people, "officer")
    assert mine.post("/account/sessions/end-all").status_code == 303
    assert not inside(mine) and not inside(other)


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(people: World) -> None:
    mine, other = signed_in(people, "officer"), signed_in(people, "officer")
    new = "quite another phrase"
    assert mine.post("/account/password", data={"old": WRONG, "new": new}).status_code == 422
    assert inside(other)
    assert mine.post("/account/password", data={"old": PASSWORD, "new": new}).status_code == 303
    assert inside(mine) and not inside(other)
    again = people.client().post("/sign-in", data={"email": "officer@kcity.test", "password": PASSWORD})
    assert again.status_code == 422


def test_a_disabled_person_is_out_at_the_next_request_and_cannot_sign_in(people: World) -> None:
    admin, officer = signed_in(people, "admin"), signed_in(people, "officer")
    path = f"/admin/people/{people.ids['officer']}"
    assert admin.post(f"{path}/disable").status_code == 303
    assert not inside(officer)
    data = {"email": "officer@kcity.test", "password": PASSWORD}
    assert people.client().post("/sign-in", data=data).status_code == 422
    assert admin.post(f"{path}/enable").status_code == 303
    assert people.client().post("/sign-in", data=data).status_code == 303


def test_an_administrator_ends_the_sessions_of_a_person(people: World) -> None:
    admin, officer = signed_in(people, "admin"), signed_in(people, "officer")
    assert admin.post(f"/admin/people/{people.ids['officer']}/sessions/end").status_code == 303
    assert not inside(officer) and inside(admin)


def test_a_role_that_ends_no_longer_holds_at_the_next_request(people: World) -> None:
    admin = signed_in(people, "admin")
    with unit_of_work():
        people.add_user("second", role="admin")
        kept = passwords.hashed(PASSWORD)
        db.session.execute(sa.update(User).where(User.email == "second@kcity.test").values(password_hash=kept))
    second = signed_in(people, "second")
    assert second.get("/admin").status_code == 200
    page = admin.get(f"/admin/people/{people.ids['second']}").text
    action = page.split("/roles/")[1].split("/end")[0]
    path = f"/admin/people/{people.ids['second']}/roles/{action}/end"
    assert admin.post(path).status_code == 303
    assert second.get("/admin").status_code == 404


def test_sign_out_needs_a_post(people: World) -> None:
    client = signed_in(people, "officer")
    assert client.get("/sign-out").status_code == 405
    assert inside(client)


# Throttles ---------------------------------------------------------------------------------------------------


def guess(world: World, times: int, email: str = "officer@kcity.test", client: FlaskClient | None = None) -> int:
    client = client or world.client()
    status = 0
    for _ in range(times):
        status = client.post("/sign-in", data={"email": email, "password": WRONG}).status_code
    return status


def test_the_right_password_is_no_help_while_an_account_is_held_back_but_time_is(people: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as now:
        assert guess(people, 11) == 429
        data = {"email": "officer@kcity.test", "password": PASSWORD}
        assert people.client().post("/sign-in", data=data).status_code == 429
        now.shift(timedelta(minutes=16))
        assert people.client().post("/sign-in", data=data).status_code == 303


def test_guessing_by_strangers_does_not_lock_out_a_browser_that_knows_the_account(people: World) -> None:
    owner = signed_in(people, "officer")
    owner.post("/sign-out")
    assert guess(people, 11) == 429
    data = {"email": "officer@kcity.test", "password": PASSWORD}
    assert owner.post("/sign-in", data=data).status_code == 303


def test_unknown_accounts_are_held_back_just_the_same(people: World) -> None:
    assert guess(people, 10, "nobody@kcity.test") == 422
    assert guess(people, 1, "nobody@kcity.test") == 429
    assert guess(people, 1, "NOBODY@kcity.test ") == 429


def test_one_address_may_not_try_many_accounts(people: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.sign_in.ADDRESS_TRIES", 5)
    tries = [guess(people, 1, f"person{n}@kcity.test") for n in range(6)]
    assert tries == [422, 422, 422, 422, 422, 429]


def test_signing_in_well_does_not_use_up_tries(people: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.sign_in.ADDRESS_TRIES", 2)
    for _ in range(3):
        signed_in(people, "officer")


def test_a_client_cannot_choose_its_address(people: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.sign_in.ADDRESS_TRIES", 2)
    client, statuses = people.client(), []
    for n in range(3):
        data = {"email": f"person{n}@kcity.test", "password": WRONG}
        forged = {"X-Forwarded-For": f"10.0.0.{n}"}
        statuses.append(client.post("/sign-in", data=data, headers=forged).status_code)
    assert statuses == [422, 422, 429]


# Where one goes next -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "///evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_after_signing_in_one_stays_on_this_site(people: World, target: str) -> None:
    client = people.client()
    data = {"email": "admin@kcity.test", "password": PASSWORD}
    response = client.post("/sign-in", query_string={"next": target}, data=data)
    assert response.status_code == 303 and response.headers["Location"] == "/admin"


def test_after_signing_in_one_is_where_one_wanted_to_go(people: World) -> None:
    client = people.client()
    asked = client.get("/admin/people?q=kim").headers["Location"]
    response = client.post(asked, data={"email": "admin@kcity.test", "password": PASSWORD})
    assert response.headers["Location"] == "/admin/people?q=kim"
