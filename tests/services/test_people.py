"""Acts of people and rights, on both databases: tokens, the last signatory, roles, passwords."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import clock, passwords
from app.db import unit_of_work
from app.errors import Invalid, Known, NotAllowed, NotFound, Stale, TooMany
from app.extensions import db
from app.models import Attempt, Cycle, CycleRevision, LoginSession, Membership, Token, User
from app.queries.people import hash_of, viewer_by_token
from app.services import members, one_time, sessions
from app.services.edit_cycle import edit_cycle
from app.services.grant_role import end_grant, grant_role
from app.services.sign_in import sign_in
from tests.world import World

PASSWORD = "a fine long phrase"


# Passwords ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["가나다라마바사아", "a" * 128, "🙂" * 8, "zebra lamp river", "nodigitsnocaps"])
def test_any_script_and_any_composition_is_accepted(password: str) -> None:
    assert passwords.why_not(password) is None


@pytest.mark.parametrize("password", ["", "seven77", "a" * 129, "가나다라마바사", "password", "TrustNo1", "12345678"])
def test_short_long_and_common_passwords_are_refused_with_a_reason(password: str) -> None:
    assert passwords.why_not(password)


def test_the_list_of_common_passwords_is_the_whole_list() -> None:
    assert len(passwords.common()) == 10_000
    assert all(len(word) >= passwords.SHORTEST for word in passwords.common())


def test_no_character_of_a_long_password_is_cut_off() -> None:
    kept = passwords.hashed("x" * 127 + "a")
    assert passwords.matches(kept, "x" * 127 + "a") and not passwords.matches(kept, "x" * 127 + "b")


def test_hangul_typed_on_another_system_is_the_same_password() -> None:
    kept = passwords.hashed(unicodedata.normalize("NFD", "한글로 쓴 비밀번호"))
    assert passwords.matches(kept, unicodedata.normalize("NFC", "한글로 쓴 비밀번호"))


def test_passwords_are_kept_as_argon2id_with_parameters_of_the_standard() -> None:
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.matches(None, "the password of nobody")
    assert not passwords.matches("!", PASSWORD)


# Secrets sent by mail ------------------------------------------------------------------------------------------


def issue(world: World, purpose: str = one_time.RESET) -> str:
    with unit_of_work():
        return one_time.issue(world.ids["officer"], purpose, clock.now())


def test_a_secret_is_for_one_purpose_one_use_and_one_hour(world: World) -> None:
    secret = issue(world)
    now = clock.now()
    assert one_time.owner(secret, one_time.RESET, now) == world.ids["officer"]
    with pytest.raises(NotFound):
        one_time.owner(secret, one_time.CONFIRM, now)
    with pytest.raises(NotFound):
        one_time.owner(secret, one_time.RESET, now + timedelta(minutes=60, seconds=1))
    with unit_of_work():
        one_time.use(secret, one_time.RESET, now)
    with pytest.raises(NotFound), unit_of_work():
        one_time.use(secret, one_time.RESET, now)


def test_a_newer_secret_makes_the_older_one_useless_and_none_is_stored(world: World) -> None:
    older, newer = issue(world), issue(world)
    with pytest.raises(NotFound):
        one_time.owner(older, one_time.RESET, clock.now())
    stored = set(db.session.scalars(sa.select(Token.token_hash)))
    assert hash_of(newer) in stored and newer not in stored


def test_of_many_who_use_one_secret_together_one_succeeds(world: World, app: Flask) -> None:
    secret = issue(world)

    def use(_: int) -> bool:
        with app.app_context():
            try:
                with unit_of_work():
                    one_time.use(secret, one_time.RESET, clock.now())
                return True
            except NotFound:
                return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1


# Sign-in and sessions --------------------------------------------------------------------------------------------


def with_password(world: World) -> None:
    kept = passwords.hashed(PASSWORD)
    with unit_of_work():
        db.session.execute(sa.update(User).values(password_hash=kept))


def test_guessing_in_parallel_gains_no_more_tries_than_guessing_in_turn(world: World, app: Flask) -> None:
    with_password(world)

    def guess(_: int) -> type[Known]:
        with app.app_context():
            try:
                sign_in("officer@kcity.test", "wrong", "", "10.0.0.1")
            except (Invalid, TooMany) as refused:
                return type(refused)
            raise AssertionError("a wrong password was accepted")

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(guess, range(14)))
    assert outcomes.count(Invalid) == 10 and outcomes.count(TooMany) == 4


def test_signing_in_keeps_only_the_hash_of_the_sessions_secret_and_forgets_the_tries(world: World, app: Flask) -> None:
    with_password(world)
    with pytest.raises(Invalid):
        sign_in("officer@kcity.test", "wrong", "", "10.0.0.1")
    found = sign_in(" Officer@KCITY.test ", PASSWORD, "Firefox", "10.0.0.1")
    row = db.session.scalars(sa.select(LoginSession).order_by(LoginSession.id.desc())).first()
    assert row.token_hash == hash_of(found.token) and row.user_id == world.ids["officer"]
    kinds = db.session.scalars(sa.select(Attempt.what)).all()
    assert "sign_in_account" not in kinds and kinds.count("sign_in_address") == 1


def test_a_password_kept_with_older_parameters_is_kept_anew(world: World) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with unit_of_work():
        db.session.execute(sa.update(User).where(User.id == world.ids["officer"]).values(password_hash=old))
    sign_in("officer@kcity.test", PASSWORD, "", "10.0.0.1")
    kept = db.session.scalar(sa.select(User.password_hash).where(User.id == world.ids["officer"]))
    assert kept != old and passwords.matches(kept, PASSWORD) and not passwords.outdated(kept)


def test_a_session_that_has_ended_or_grown_old_names_nobody(world: World, app: Flask) -> None:
    with time_machine.travel(clock.now(), tick=False) as now, app.test_request_context():
        with unit_of_work():
            first, second = (sessions.begin(world.ids["officer"], "", "", clock.now()) for _ in range(2))
        who = viewer_by_token(first)
        assert who is not None and who.email == "officer@kcity.test"
        with unit_of_work():
            assert sessions.end_all(who.id, clock.now(), but=who.session_id) == 1
        assert viewer_by_token(second) is None and viewer_by_token(first) is not None
        now.shift(timedelta(hours=12, seconds=1))
        assert viewer_by_token(first) is None


# Organisations -----------------------------------------------------------------------------------------------


def membership(world: World, name: str) -> int:
    found = db.session.scalar(sa.select(Membership.id).where(Membership.user_id == world.ids[name]))
    assert found is not None
    return found


def test_the_last_signatory_can_neither_leave_nor_be_made_a_delegate(world: World) -> None:
    who, org, own = world.viewer("applicant"), world.orgs["hanoi"], membership(world, "applicant")
    with pytest.raises(NotAllowed, match="last signatory"):
        members.end_membership(who, org, own)
    with pytest.raises(NotAllowed, match="last signatory"):
        members.change_member_role(who, org, own, "delegate")
    members.change_member_role(who, org, membership(world, "delegate"), "signatory")
    members.end_membership(who, org, own)
    assert db.session.get(Membership, own).ended_at is not None


def test_of_two_signatories_who_leave_together_one_stays(world: World, app: Flask) -> None:
    org = world.orgs["hanoi"]
    members.change_member_role(world.viewer("applicant"), org, membership(world, "delegate"), "signatory")
    pairs = [(world.viewer(name), membership(world, name)) for name in ("applicant", "delegate")]
    db.session.rollback()

    def leave(pair: tuple[object, int]) -> bool:
        with app.app_context():
            try:
                members.end_membership(pair[0], org, pair[1])
                return True
            except NotAllowed:
                return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, pairs)) == [False, True]


def test_a_member_of_one_organisation_cannot_be_reached_through_another(world: World) -> None:
    theirs = membership(world, "delegate")
    with pytest.raises(NotFound):
        members.end_membership(world.viewer("stranger"), world.orgs["other"], theirs)
    with pytest.raises(NotFound):
        members.end_membership(world.viewer("stranger"), world.orgs["hanoi"], theirs)


# Roles and cycles ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["officer", "applicant", "auditor", "minister"])
def test_nobody_but_an_administrator_gives_roles_or_edits_cycles(world: World, name: str) -> None:
    who = world.viewer(name)
    with pytest.raises(NotFound):
        grant_role(who, world.ids[name], "admin", None)
    with pytest.raises(NotFound):
        edit_cycle(who, world.cycle().id, 1, {"cap_krw": 1}, "because")
    with pytest.raises(NotFound):
        end_grant(who, 1)


@pytest.mark.parametrize("role, programme", [("emperor", "kcity"), ("officer", "nowhere")])
def test_a_role_or_programme_that_does_not_exist_is_not_given(world: World, role: str, programme: str) -> None:
    with pytest.raises(NotFound):
        grant_role(world.viewer("admin"), world.ids["clerk"], role, programme)


def test_of_two_edits_of_one_revision_one_is_stored_and_one_is_told(world: World, app: Flask) -> None:
    cycle_id, who = world.cycle().id, world.viewer("admin")
    db.session.rollback()

    def edit(amount: int) -> type[BaseException] | None:
        with app.app_context():
            try:
                edit_cycle(who, cycle_id, 1, {"cap_krw": amount}, "because")
            except Stale as stale:
                assert stale.yours == {"cap_krw": amount}
                return Stale
            return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(edit, (100_000_000, 200_000_000)))
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, Stale]))
    assert db.session.get(Cycle, cycle_id).revision == 2
    count = sa.select(sa.func.count()).where(CycleRevision.cycle_id == cycle_id)
    assert db.session.scalar(count) == 2
