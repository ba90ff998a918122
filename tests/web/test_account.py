"""The account face as people meet it: sign-up to invitation, and nothing told to those who only guess."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app import log, passwords
from app.db import unit_of_work
from app.extensions import db
from app.models import Delivery, Membership, Organisation, RoleGrant, User
from app.services.sign_in import WRONG
from tests.web.afresh import reads_afresh
from tests.world import World

PASSWORD = "a fine long phrase"
NEW = {"email": "new@kcity.test", "password": PASSWORD, "name_ko": "김새롬", "name_en": "", "locale": "ko"}
HANOI = {
    "kind": "local_government",
    "name_ko": "",
    "name_en": "Da Nang City",
    "country": "VN",
    "register_number": "",
    "size_class": "",
}


@pytest.fixture
def world(lite: Flask) -> World:
    reads_afresh(lite)
    return World(lite)


def link(kind: str, index: int = -1) -> str:
    """The path in the last mail of a kind."""
    bodies = db.session.scalars(sa.select(Delivery.body).order_by(Delivery.id)).all()
    return re.findall(rf"http://127\.0\.0\.1:8000(/{kind}/\S+)", "\n".join(bodies))[index]


def test_a_foreign_city_signs_up_confirms_and_registers_itself(world: World) -> None:
    client = world.client()
    assert client.post("/sign-up", data=NEW).headers["Location"] == "/sign-up/sent"
    assert client.post("/sign-in", data={"email": NEW["email"], "password": PASSWORD}).status_code == 422
    path = link("confirm")
    assert client.get(path).status_code == 200
    assert client.post(path, data={"password": PASSWORD}).headers["Location"] == "/organisations/new"
    made = client.post("/organisations/new", data=HANOI).headers["Location"]
    page = client.get(made).text
    assert "Da Nang City" in page and "서명권자" in page
    assert db.session.scalars(sa.select(Membership.role).order_by(Membership.id.desc())).first() == "signatory"


def test_a_confirmation_works_once_and_needs_the_password(world: World) -> None:
    client = world.client()
    client.post("/sign-up", data=NEW)
    path = link("confirm")
    assert client.post(path, data={"password": "another phrase"}).status_code == 422
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    assert world.client().post(path, data={"password": PASSWORD}).status_code == 404


def test_nobody_can_prepare_an_account_for_somebody_elses_address(world: World) -> None:
    world.client().post("/sign-up", data=NEW)
    victims_link = link("confirm")
    world.client().post("/sign-up", data={**NEW, "password": "the attacker's own"})
    assert world.client().post(victims_link, data={"password": PASSWORD}).status_code == 404
    later = link("confirm")
    assert world.client().post(later, data={"password": PASSWORD}).status_code == 422
    assert db.session.scalar(sa.select(User.confirmed_at).where(User.email == NEW["email"])) is None


def test_signing_up_answers_alike_for_a_known_and_an_unknown_address(world: World) -> None:
    known = world.client().post("/sign-up", data={**NEW, "email": "officer@kcity.test"})
    unknown = world.client().post("/sign-up", data=NEW)
    assert (known.status_code, known.headers["Location"], known.text) == (
        unknown.status_code,
        unknown.headers["Location"],
        unknown.text,
    )
    assert db.session.scalar(sa.select(User.password_hash).where(User.email == "officer@kcity.test")) == "!"
    subjects = db.session.scalars(sa.select(Delivery.subject).order_by(Delivery.id)).all()
    assert "이미 등록된 주소" in subjects[-2] and "확인" in subjects[-1]


def test_asking_for_a_reset_answers_alike_for_a_known_and_an_unknown_address(world: World) -> None:
    known = world.client().post("/reset", data={"email": "officer@kcity.test"})
    unknown = world.client().post("/reset", data={"email": "nobody@kcity.test"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert db.session.scalars(sa.select(Delivery.address)).all() == ["officer@kcity.test"]


def test_a_refused_sign_in_reads_the_same_whatever_the_cause(world: World) -> None:
    kept = passwords.hashed(PASSWORD)
    with unit_of_work():
        db.session.execute(sa.update(User).values(password_hash=kept))
        db.session.execute(sa.update(User).where(User.id == world.ids["clerk"]).values(confirmed_at=None))
    pages = []
    for email, password in (("officer", "wrong one"), ("nobody", PASSWORD), ("clerk", PASSWORD)):
        data = {"email": f"{email}@kcity.test", "password": password}
        response = world.client().post("/sign-in", data=data)
        assert response.status_code == 422 and WRONG.ko in response.text
        pages.append(re.sub(r'content="[^"]+"|value="[^"]*"|X-CSRFToken": "[^"]+"|nonce="[^"]+"', "", response.text))
    assert pages[0] == pages[1] == pages[2]


def test_the_same_hashing_is_done_for_a_known_and_an_unknown_account(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = passwords.hashed(PASSWORD)
    with unit_of_work():
        db.session.execute(sa.update(User).values(password_hash=kept))
    calls: list[str] = []
    real = passwords._hasher

    class Counted:
        def verify(self, kept: str, password: str) -> bool:
            calls.append(kept.split("$")[3])
            return real.verify(kept, password)

        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

    monkeypatch.setattr(passwords, "_hasher", Counted())
    for email in ("officer@kcity.test", "nobody@kcity.test"):
        world.client().post("/sign-in", data={"email": email, "password": "wrong one"})
    assert len(calls) == 2 and calls[0] == calls[1], "one verification each, with the same parameters"


def test_a_reset_link_sets_a_password_once_and_signs_out_everywhere(world: World) -> None:
    inside = world.client("officer")
    world.client().post("/reset", data={"email": "officer@kcity.test"})
    path = link("reset")
    assert world.client().post(path, data={"password": "12345678"}).status_code == 422
    assert world.client().post(path, data={"password": PASSWORD}).headers["Location"] == "/sign-in"
    assert inside.get("/account").status_code == 302
    assert world.client().post(path, data={"password": "one more phrase"}).status_code == 404
    data = {"email": "officer@kcity.test", "password": PASSWORD}
    assert world.client().post("/sign-in", data=data).status_code == 303


def test_the_host_asked_for_never_steers_the_link(world: World) -> None:
    world.client().post("/reset", data={"email": "officer@kcity.test"}, headers={"Host": "127.0.0.1:9999"})
    assert "http://127.0.0.1:8000/reset/" in db.session.scalars(sa.select(Delivery.body)).one()


def test_a_mail_is_in_the_language_of_its_reader(world: World) -> None:
    world.client().post("/sign-up", data={**NEW, "locale": "en"})
    world.client().post("/sign-up", data={**NEW, "email": "second@kcity.test"})
    first, second = db.session.scalars(sa.select(Delivery).order_by(Delivery.id)).all()
    assert first.lang == "en" and "Please confirm" in first.subject and "Hello" in first.body
    assert second.lang == "ko" and "확인해 주십시오" in second.subject and "안녕하십니까" in second.body
    assert "새롬" not in first.body


# Organisations and invitations -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ministry", "embassy", "secretariat", "trade_centre"])
def test_nobody_makes_himself_a_ministry(world: World, kind: str) -> None:
    before = db.session.query(Organisation).count()
    assert world.client("stranger").post("/organisations/new", data={**HANOI, "kind": kind}).status_code == 422
    assert db.session.query(Organisation).count() == before


@pytest.mark.parametrize("extra", [{"id": "1"}, {"role": "signatory"}, {"user_id": "1"}, {"created_at": "x"}])
def test_fields_of_others_are_refused(world: World, extra: dict[str, str]) -> None:
    assert world.client("stranger").post("/organisations/new", data={**HANOI, **extra}).status_code == 400


@pytest.mark.parametrize(
    "extra", [{"email": "x@y.kr"}, {"confirmed_at": "x"}, {"role": "admin"}, {"password_hash": "x"}]
)
def test_settings_take_nothing_but_name_and_language(world: World, extra: dict[str, str]) -> None:
    data = {"name_ko": "새 이름", "name_en": "", "locale": "ko"}
    assert world.client("officer").post("/account", data={**data, **extra}).status_code == 400
    assert world.client("officer").post("/account", data=data).status_code == 303
    assert db.session.get(User, world.ids["officer"]).name_ko == "새 이름"


def test_an_organisation_is_unknown_to_everybody_else(world: World) -> None:
    path = f"/organisations/{world.orgs['hanoi']}"
    missing = world.client("stranger").get("/organisations/999999")
    theirs = world.client("stranger").get(path)
    assert theirs.status_code == missing.status_code == 404
    assert world.client("delegate").get(path).status_code == 200
    invite = {"email": "x@kcity.test", "role": "signatory", "mail_language": "ko"}
    assert world.client("stranger").post(f"{path}/invite", data=invite).status_code == 404


def test_a_delegate_manages_nobody(world: World) -> None:
    org = world.orgs["hanoi"]
    delegate = world.client("delegate")
    member = db.session.scalar(sa.select(Membership.id).where(Membership.user_id == world.ids["delegate"]))
    invite = {"email": "x@kcity.test", "role": "delegate", "mail_language": "ko"}
    assert delegate.post(f"/organisations/{org}/invite", data=invite).status_code == 403
    role = {"role": "signatory"}
    assert delegate.post(f"/organisations/{org}/members/{member}/role", data=role).status_code == 403
    assert delegate.post(f"/organisations/{org}/members/{member}/end").status_code == 403
    assert "members/" not in delegate.get(f"/organisations/{org}").text


def test_a_new_person_accepts_an_invitation_and_may_draft(world: World) -> None:
    org = world.orgs["hanoi"]
    invite = {"email": "Colleague@kcity.test", "role": "delegate", "mail_language": "en"}
    assert world.client("applicant").post(f"/organisations/{org}/invite", data=invite).status_code == 303
    path = link("invitations")
    client = world.client(lang="en")
    assert "Hanoi People" in client.get(path).text
    data = {"name_ko": "", "name_en": "Lan Nguyen", "password": PASSWORD, "locale": "en"}
    assert client.post(path, data=data).headers["Location"] == f"/organisations/{org}"
    assert "Lan Nguyen" in client.get(f"/organisations/{org}").text
    assert world.client().get(path).status_code == 404, "an invitation works once"


def test_an_invitation_is_for_the_address_it_went_to(world: World) -> None:
    org = world.orgs["hanoi"]
    invite = {"email": "stranger@kcity.test", "role": "signatory", "mail_language": "ko"}
    world.client("applicant").post(f"/organisations/{org}/invite", data=invite)
    path = link("invitations")
    assert world.client("company").post(f"{path}/accept").status_code == 403
    data = {"name_ko": "x", "name_en": "", "password": PASSWORD, "locale": "ko"}
    world.client().post(path, data=data)
    assert db.session.scalar(sa.select(User.password_hash).where(User.email == "stranger@kcity.test")) == "!"
    assert world.client("stranger").post(f"{path}/accept").status_code == 303
    assert world.client("stranger").get(f"/organisations/{org}").status_code == 200


def test_a_withdrawn_invitation_is_dead(world: World) -> None:
    org = world.orgs["hanoi"]
    applicant = world.client("applicant")
    invite = {"email": "x@kcity.test", "role": "delegate", "mail_language": "ko"}
    applicant.post(f"/organisations/{org}/invite", data=invite)
    number = re.search(r"/invitations/(\d+)/revoke", applicant.get(f"/organisations/{org}").text)[1]
    assert world.client("stranger").post(f"/invitations/{number}/revoke").status_code == 404
    assert applicant.post(f"/invitations/{number}/revoke").status_code == 303
    assert world.client().get(link("invitations")).status_code == 404


def test_an_administrators_invitation_gives_exactly_its_role(world: World) -> None:
    data = {"email": "x@kcity.test", "role": "officer", "programme": "kcity", "organisation": "", "mail_language": "ko"}
    assert world.client("admin").post("/admin/invitations", data=data).status_code == 303
    new = {"name_ko": "박담당", "name_en": "", "password": PASSWORD, "locale": "ko"}
    client = world.client()
    path = link("invitations")
    assert client.post(path, data={**new, "role": "admin"}).status_code == 400
    assert client.post(path, data=new).status_code == 303
    grant = db.session.scalars(sa.select(RoleGrant).order_by(RoleGrant.id.desc())).first()
    assert (grant.role, grant.programme, grant.granted_by) == ("officer", "kcity", world.ids["admin"])


@pytest.mark.parametrize("bad", ["a\x00b", "x" * 121])
def test_names_that_cannot_be_stored_are_refused_with_a_word(world: World, bad: str) -> None:
    data = {"name_ko": bad, "name_en": "", "locale": "ko"}
    assert world.client("officer").post("/account", data=data).status_code == 422


def test_a_name_cannot_break_a_line_of_a_mail(world: World) -> None:
    data = {"name_ko": "홍길동\r\nBcc: all@kcity.test", "name_en": "", "locale": "ko"}
    world.client("officer").post("/account", data=data)
    assert db.session.get(User, world.ids["officer"]).name_ko == "홍길동 Bcc: all@kcity.test"


def test_the_log_tells_of_account_acts_and_of_no_secret(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(log.logger, "info", lambda what, **facts: lines.append((what, facts)), raising=False)
    kept = passwords.hashed(PASSWORD)
    with unit_of_work():
        db.session.execute(sa.update(User).values(password_hash=kept))
    client = world.client()
    client.post("/sign-in", data={"email": "officer@kcity.test", "password": "canary-wrong-word"})
    client.post("/sign-in", data={"email": "officer@kcity.test", "password": PASSWORD})
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    client.post("/sign-out")
    assert [what for what, _ in lines] == ["sign_in_refused", "sign_in", "sign_out"]
    told = repr(lines)
    assert not any(secret in told for secret in ("canary-wrong-word", PASSWORD, token, kept))


def test_demo_accounts_are_named_in_the_demo_only(world: World) -> None:
    assert "demo-only-2026" not in world.client().get("/sign-in").text
    world.app.config["DEMO"] = True
    page = world.client().get("/sign-in").text
    assert "demo-only-2026" in page and "minister@kcity.test" in page
