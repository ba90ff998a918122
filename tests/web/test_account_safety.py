"""What guards an account beside its password: a second factor, recovery codes, and the password once more."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock, passwords, totp
from app.db import unit_of_work
from app.extensions import db
from app.models import Decision, LoginSession, RecoveryCode, RoleGrant, SecondFactor, User
from app.queries.safety import has_factor
from app.services import second_factor
from tests.afterwards_steps import resolve
from tests.committee_steps import ranked
from tests.world import World

PASSWORD = "a fine long phrase"


@pytest.fixture
def world(lite: Flask) -> World:
    world = World(lite)
    with unit_of_work():
        db.session.execute(sa.update(User).values(password_hash=passwords.hashed(PASSWORD)))
    return world


def text(answer) -> str:
    return answer.get_data(as_text=True)


def set_up(world: World, name: str) -> tuple[bytes, list[str]]:
    """A factor that counts; its key and recovery codes."""
    who = world.viewer(name)
    key = second_factor.begin_setup(who)
    codes = second_factor.confirm_setup(who, totp.code(key, totp.step_of(clock.now()) - 1))
    db.session.rollback()
    return key, codes


def long_ago(world: World, name: str) -> None:
    """Every session of this person began an hour ago."""
    with unit_of_work():
        mine = sa.update(LoginSession).where(LoginSession.user_id == world.ids[name])
        db.session.execute(mine.values(started_at=clock.now() - timedelta(minutes=59), proved_at=None))


def test_a_factor_is_set_up_confirmed_asked_for_and_taken_once(world: World) -> None:
    client = world.client("officer")
    assert "2단계 인증 설정" in text(client.get("/account/second-factor"))
    assert client.post("/account/second-factor/begin", data={}).status_code == 303
    page = text(client.get("/account/second-factor"))
    key = second_factor.waiting_key(world.viewer("officer"))
    assert key is not None and totp.as_text(key) in page
    assert client.post("/account/second-factor", data={"code": "000000"}).status_code == 422
    assert not has_factor(world.ids["officer"])
    db.session.rollback()
    done = client.post("/account/second-factor", data={"code": totp.code(key, totp.step_of(clock.now()) - 1)})
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", text(done))
    assert len(set(codes)) == 10 and "<code>" not in text(client.get("/account/second-factor"))
    door = world.client()
    answer = door.post("/sign-in?next=/desk", data={"email": "officer@kcity.test", "password": PASSWORD})
    assert answer.status_code == 303 and answer.headers["Location"] == "/sign-in/code?next=/desk"
    assert door.get("/desk").status_code == 302
    assert door.post("/sign-in/code", data={"code": "123"}).status_code == 422
    right = {"code": totp.code(key, totp.step_of(clock.now()))}
    opened = door.post("/sign-in/code?next=/desk", data=right)
    assert opened.status_code == 303 and opened.headers["Location"] == "/desk"
    assert door.get("/desk").status_code == 200
    other = world.client()
    other.post("/sign-in", data={"email": "officer@kcity.test", "password": PASSWORD})
    assert other.post("/sign-in/code", data=right).status_code == 422
    for n, expected in ((0, 303), (0, 422), (1, 303)):
        again = world.client()
        again.post("/sign-in", data={"email": "officer@kcity.test", "password": PASSWORD})
        assert again.post("/sign-in/code", data={"code": codes[n].upper()}).status_code == expected


def test_the_key_and_the_codes_lie_sealed_and_hashed(world: World) -> None:
    key, codes = set_up(world, "officer")
    stored = db.session.scalars(sa.select(SecondFactor)).one()
    assert key.hex() not in stored.sealed and totp.as_text(key).replace(" ", "") not in stored.sealed
    hashes = db.session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert len(hashes) == 10 and not any(code.replace("-", "") in hashes for code in codes)


def test_guessing_codes_ends_in_429_and_a_waiting_session_runs_out(world: World) -> None:
    set_up(world, "officer")
    door = world.client()
    door.post("/sign-in", data={"email": "officer@kcity.test", "password": PASSWORD})
    answers = [door.post("/sign-in/code", data={"code": f"{n:06}"}).status_code for n in range(11)]
    assert answers[:10] == [422] * 10 and answers[10] == 429
    late = world.client()
    late.post("/sign-in", data={"email": "officer@kcity.test", "password": PASSWORD})
    long_ago(world, "officer")
    assert late.post("/sign-in/code", data={"code": "1"}).headers["Location"] == "/sign-in"
    assert world.client().get("/sign-in/code").headers["Location"] == "/sign-in"


def test_a_role_may_ask_for_it_and_then_nothing_else_opens(world: World) -> None:
    world.app.config["SECOND_FACTOR_ROLES"] = frozenset({"officer"})
    try:
        client = world.client("officer")
        assert client.get("/desk").headers["Location"] == "/account/second-factor"
        assert "맡은 역할에는" in text(client.get("/account/second-factor"))
        assert world.client("clerk").get("/desk").status_code == 200
        set_up(world, "officer")
        assert client.get("/desk").status_code == 200
    finally:
        world.app.config["SECOND_FACTOR_ROLES"] = frozenset()


def test_renewed_codes_replace_the_old_and_taking_it_away_leaves_nothing(world: World) -> None:
    _, codes = set_up(world, "officer")
    client = world.client("officer")
    new = re.findall(r"<code>([a-z2-9-]+)</code>", text(client.post("/account/second-factor/codes", data={})))
    assert len(new) == 10 and not set(new) & set(codes)
    assert client.post("/account/second-factor/remove", data={}).status_code == 303
    db.session.rollback()
    assert not has_factor(world.ids["officer"]) and db.session.scalars(sa.select(RecoveryCode)).all() == []
    assert client.post("/account/second-factor/remove", data={}).status_code == 404


def test_what_weighs_most_asks_for_the_password_again_and_keeps_what_was_typed(world: World) -> None:
    case = resolve(world, ranked(world), "reject")
    client = world.client("minister")
    long_ago(world, "minister")
    sent = {"outcome": "reject", "reason": "실현가능성이 낮음", "revision": str(case.seq), "confirmed": "yes"}
    path = f"/cases/{case.number}/decide"
    asked = client.post(path, data=sent)
    assert asked.status_code == 200 and 'name="proof_password"' in text(asked)
    assert 'name="reason" value="실현가능성이 낮음"' in text(asked)
    wrong = client.post(path, data={**sent, "proof_password": "nonsense"})
    assert wrong.status_code == 422 and "비밀번호가 맞지 않습니다." in text(wrong) and "nonsense" not in text(wrong)
    db.session.rollback()
    assert db.session.scalars(sa.select(Decision)).all() == []
    done = client.post(path, data={**sent, "proof_password": PASSWORD})
    assert done.status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Decision)).one().reason == "실현가능성이 낮음"


def test_giving_and_ending_roles_and_disabling_ask_too_and_once_typed_it_counts_for_ten_minutes(world: World) -> None:
    client = world.client("admin")
    person = f"/admin/people/{world.ids['officer2']}"
    long_ago(world, "admin")
    for path in (f"{person}/roles", f"{person}/roles/1/end", f"{person}/disable"):
        assert 'name="proof_password"' in text(client.post(path, data={})), path
    proved = client.post(f"{person}/disable", data={"proof_password": PASSWORD})
    assert proved.status_code == 303
    role = {"role": "clerk", "programme": "kcity", "organisation": ""}
    assert 'name="proof_password"' not in text(client.post(f"{person}/roles", data=role))
    with unit_of_work():
        db.session.execute(sa.update(LoginSession).values(proved_at=clock.now() - timedelta(minutes=11)))
    assert 'name="proof_password"' in text(client.post(f"{person}/roles", data=role))
    assert db.session.scalar(sa.select(User.disabled_at).where(User.id == world.ids["officer2"])) is not None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoleGrant)) or 0


def test_guessing_the_password_there_is_throttled(world: World) -> None:
    client = world.client("admin")
    long_ago(world, "admin")
    path = f"/admin/people/{world.ids['officer2']}/disable"
    answers = [client.post(path, data={"proof_password": f"x{n}"}).status_code for n in range(11)]
    assert answers[:10] == [422] * 10 and answers[10] == 429
