"""Mails and clocks: nothing is lost, nothing is sent twice without being recognisable, nobody is nagged twice a day."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask import Flask

from app import clock, worker
from app.db import unit_of_work
from app.extensions import db
from app.models import Attempt, CaseClock, Delivery, Heartbeat, Token
from app.services import deliver
from app.services.act import act
from app.services.due_clocks import remind_due
from app.services.housekeeping import clear_spent
from app.worker import Worker
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]


class Sink:
    """A mail server that keeps what it gets; `answers` are given to RCPT before it accepts again."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.answers: list[str] = []
        self.arrived = threading.Event()
        self.hang: threading.Event | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content))
        self.arrived.set()
        if self.hang is not None:
            import asyncio

            while not self.hang.is_set():
                await asyncio.sleep(0.01)
        return "250 OK"


class AnyPort(Controller):
    """A controller on whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()
    controller = AnyPort(found, hostname="127.0.0.1", port=0)
    controller.start()
    found.address = f"127.0.0.1:{controller.port}"  # type: ignore[attr-defined]
    yield found
    if found.hang is not None:
        found.hang.set()
    controller.stop()


@pytest.fixture
def wired(world: World, sink: Sink) -> World:
    """The small world with a mail server."""
    world.app.config["SMTP"] = sink.address  # type: ignore[attr-defined]
    return world


def due_mail(**values: Any) -> int:
    now = clock.now()
    row = {
        "channel": "mail", "lang": "ko", "address": "someone@example.org", "subject": "알림", "body": "본문입니다.",
        "path": "/cases/KCN-2027-0001", "status": "due", "try_at": now, "created_at": now, **values,
    }  # fmt: skip
    with unit_of_work() as session:
        delivery = Delivery(**row)
        session.add(delivery)
        session.flush()
        return delivery.id


def fetch(delivery_id: int) -> Delivery:
    db.session.rollback()
    return db.session.get_one(Delivery, delivery_id, populate_existing=True)


def later(monkeypatch: pytest.MonkeyPatch, **ahead: float) -> None:
    then = datetime.now(clock.UTC) + timedelta(**ahead)
    monkeypatch.setattr(clock, "now", lambda: then)


def subject_of(mail: Any) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def test_an_act_is_told_by_mail_after_it_was_stored(wired: World, sink: Sink) -> None:
    case = wired.case_in("RECEIVED")
    act(wired.viewer("officer"), case.number, "begin_screening")
    Worker().round()
    told = {mail["To"] for mail in sink.mails}
    assert {"applicant@kcity.test", "delegate@kcity.test"} <= told
    left = db.session.scalars(sa.select(Delivery.status).where(Delivery.channel == "mail")).all()
    assert set(left) == {"sent"}


def test_a_mail_is_plain_text_in_the_readers_language_with_its_link(wired: World, sink: Sink) -> None:
    number = due_mail(lang="en", subject="결과 통지 – 하노이", body="Line one\n둘째 줄")
    deliver.deliver_due()
    (mail,) = sink.mails
    text = mail.get_payload(decode=True).decode("utf-8")
    assert mail.get_content_type() == "text/plain"
    assert mail["Content-Language"] == "en"
    assert subject_of(mail) == "결과 통지 – 하노이"
    assert "둘째 줄" in text
    assert f"Open: {wired.app.config['BASE_URL']}/cases/KCN-2027-0001" in text
    assert fetch(number).sent_at is not None


def test_a_line_break_in_a_subject_never_makes_a_header(wired: World, sink: Sink) -> None:
    due_mail(subject="Hello\r\nBcc: victim@example.org\r\n\r\nbody")
    deliver.deliver_due()
    (mail,) = sink.mails
    assert mail["Bcc"] is None
    assert subject_of(mail) == "Hello Bcc: victim@example.org body"


@pytest.mark.parametrize("address", ["", "a@b.org\r\nBcc: c@d.org", "a@b.org, c@d.org", "no address"])
def test_an_address_that_is_none_fails_visibly_and_stops_no_other(wired: World, sink: Sink, address: str) -> None:
    bad, good = due_mail(address=address), due_mail()
    deliver.deliver_due()
    assert (fetch(bad).status, fetch(good).status) == ("failed", "sent")
    assert fetch(bad).error
    assert len(sink.mails) == 1


def test_without_a_mail_server_it_is_held_with_a_note_and_goes_out_once_there_is_one(world: World, sink: Sink) -> None:
    number = due_mail()
    deliver.deliver_due()
    assert fetch(number).status == "held"
    assert "메일 서버" in fetch(number).error
    world.app.config["SMTP"] = sink.address  # type: ignore[attr-defined]
    deliver.deliver_due()
    assert fetch(number).status == "sent"
    assert len(sink.mails) == 1


def test_a_server_that_is_away_is_tried_again_later_and_nothing_is_lost(
    wired: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, there = due_mail(), wired.app.config["SMTP"]
    wired.app.config["SMTP"] = "127.0.0.1:1"
    deliver.deliver_due()
    assert (fetch(number).status, fetch(number).tries) == ("due", 1)
    assert fetch(number).error
    wired.app.config["SMTP"] = there
    deliver.deliver_due()
    assert sink.mails == []
    later(monkeypatch, minutes=2)
    deliver.deliver_due()
    assert (fetch(number).status, fetch(number).tries, len(sink.mails)) == ("sent", 2, 1)


def test_a_recipient_refused_for_now_is_tried_again_and_one_refused_for_good_is_not(wired: World, sink: Sink) -> None:
    sink.answers = ["450 mailbox busy", "550 no such user"]
    first, second = due_mail(), due_mail(address="gone@example.org")
    deliver.deliver_due()
    assert fetch(first).status == "due"
    assert fetch(second).status == "failed"
    assert "no such user" in fetch(second).error


def test_it_gives_up_after_the_last_try(wired: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = due_mail(tries=len(deliver.BACKOFF))
    wired.app.config["SMTP"] = "127.0.0.1:1"
    deliver.deliver_due()
    assert fetch(number).status == "failed"


def test_two_senders_never_claim_the_same_mail(wired: World) -> None:
    ids = {due_mail() for _ in range(5)}
    first = {row.id for row in deliver.claim(clock.now())}
    second = {row.id for row in deliver.claim(clock.now())}
    assert first == ids
    assert second == set()


def test_a_claim_whose_sender_died_is_taken_back_and_an_early_one_is_not(
    wired: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = due_mail()
    deliver.claim(clock.now())
    deliver.deliver_due()
    assert sink.mails == []
    later(monkeypatch, minutes=11)
    deliver.deliver_due()
    assert (fetch(number).status, len(sink.mails)) == ("sent", 1)


def test_a_sender_killed_between_mail_and_note_repeats_it_under_the_same_message_id(
    lite_world: World, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = due_mail()
    sink.hang = threading.Event()
    environment = {
        **os.environ,
        "KCITY_ENV": "testing",
        "KCITY_DATA_DIR": str(tmp_path),
        "DATABASE_URL": lite_world.app.config["SQLALCHEMY_DATABASE_URI"],
        "KCITY_SMTP": sink.address,  # type: ignore[attr-defined]
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        assert sink.arrived.wait(30)
        process.send_signal(signal.SIGKILL)
    sink.hang.set()
    assert fetch(number).status == "claimed"
    lite_world.app.config["SMTP"] = sink.address  # type: ignore[attr-defined]
    later(monkeypatch, minutes=11)
    deliver.deliver_due()
    assert fetch(number).status == "sent"
    assert len(sink.mails) == 2
    assert sink.mails[0]["Message-ID"] == sink.mails[1]["Message-ID"] is not None


def test_a_worker_that_is_told_to_end_finishes_its_round(lite_world: World, tmp_path: Path, sink: Sink) -> None:
    number = due_mail()
    environment = {
        **os.environ,
        "KCITY_ENV": "testing",
        "KCITY_DATA_DIR": str(tmp_path),
        "DATABASE_URL": lite_world.app.config["SQLALCHEMY_DATABASE_URI"],
        "KCITY_SMTP": sink.address,  # type: ignore[attr-defined]
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        assert sink.arrived.wait(30)
        process.terminate()
        assert process.wait(20) == 0
    assert fetch(number).status == "sent"


def test_the_message_id_belongs_to_the_delivery_and_not_to_the_try(wired: World) -> None:
    row = SimpleNamespace(id=7, address="a@b.org", subject="s", body="b", lang="ko", path="", calendar=None)
    assert deliver.message(row)["Message-ID"] == deliver.message(row)["Message-ID"]
    other = SimpleNamespace(**{**vars(row), "id": 8})
    assert deliver.message(row)["Message-ID"] != deliver.message(other)["Message-ID"]


# Clocks ---------------------------------------------------------------------------------------------------


def clock_row(case_id: int, key: str) -> CaseClock:
    db.session.rollback()
    query = sa.select(CaseClock).where(CaseClock.case_id == case_id, CaseClock.key == key)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def running(world: World, key: str, due_on: date, holder: str = "officer", days: int = 20) -> int:
    """A case with one running clock of that kind; the case's id."""
    case = world.case_in("SCREENING")
    with unit_of_work() as session:
        session.execute(sa.delete(CaseClock).where(CaseClock.case_id == case.id))
        session.add(
            CaseClock(
                case_id=case.id,
                key=key,
                calculator="civil",
                article="x",
                holder=holder,
                started_on=min(due_on, clock.today()) - timedelta(days=days),
                days=days,
                due_on=due_on,
            )
        )
        session.execute(sa.delete(Delivery))
    return case.id


def inbox() -> list[Delivery]:
    return list(db.session.scalars(sa.select(Delivery).where(Delivery.channel == "inbox")))


def test_an_overdue_clock_reminds_its_holder_once_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = running(world, "screening", clock.today() - timedelta(days=2))
    remind_due()
    remind_due()
    (told,) = inbox()
    assert told.user_id == world.ids["officer"]
    assert "2일 지남" in told.body
    assert clock_row(case_id, "screening").reminded_on == clock.today()
    later(monkeypatch, days=1)
    remind_due()
    assert len(inbox()) == 2


@pytest.mark.parametrize("due_in", [0, 1])
def test_what_is_not_over_yet_reminds_nobody(world: World, due_in: int) -> None:
    running(world, "screening", clock.today() + timedelta(days=due_in))
    assert remind_due() == 0
    assert inbox() == []


def test_a_paused_clock_reminds_nobody(world: World) -> None:
    case_id = running(world, "screening", clock.today() - timedelta(days=2))
    with unit_of_work() as session:
        session.execute(sa.update(CaseClock).values(paused_on=clock.today()))
    assert remind_due() == 0
    assert clock_row(case_id, "screening").reminded_on is None


def test_word_of_progress_comes_round_again(world: World) -> None:
    case_id = running(world, "progress_notice", clock.today(), days=30)
    remind_due()
    found = clock_row(case_id, "progress_notice")
    assert found.started_on == clock.today()
    assert found.due_on >= clock.today() + timedelta(days=30)
    assert [row.user_id for row in inbox()] == [world.ids["officer"]]


def test_the_time_to_object_runs_out_by_itself_and_reminds_nobody(world: World) -> None:
    case_id = running(world, "objection", clock.today() - timedelta(days=1), holder="signatory")
    remind_due()
    assert clock_row(case_id, "objection").stopped_at is not None
    assert inbox() == []


# Round ----------------------------------------------------------------------------------------------------


def test_a_task_that_fails_does_not_stop_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise ValueError("broken")

    monkeypatch.setattr(worker, "remind_due", broken)
    number = due_mail()
    Worker().round()
    assert fetch(number).status == "held"
    assert db.session.get(Heartbeat, "worker") is not None


def test_spent_attempts_and_tokens_are_cleared_and_live_ones_stay(world: World) -> None:
    now = clock.now()
    with unit_of_work() as session:
        for hours in (1, 25):
            session.add(Attempt(what="sign-in", key=f"k{hours}", at=now - timedelta(hours=hours)))
            session.add(
                Token(
                    token_hash=f"t{hours}",
                    user_id=world.ids["officer"],
                    purpose="reset",
                    expires_at=now - timedelta(hours=hours),
                )
            )
    assert clear_spent() == 2
    assert db.session.scalars(sa.select(Attempt.key)).all() == ["k1"]
    assert db.session.scalars(sa.select(Token.token_hash)).all() == ["t1"]


def test_two_rounds_do_nothing_twice(wired: World, sink: Sink) -> None:
    due_mail()
    running(wired, "screening", clock.today() - timedelta(days=2))
    due_mail()
    both = Worker()
    both.round()
    seen = len(sink.mails)
    both.round()
    assert len(sink.mails) == seen > 0


def test_the_application_knows_its_worker_is_alive(lite: Flask) -> None:
    Worker().round()
    assert lite.test_client().get("/healthz").get_json()["worker"] == "ok"
