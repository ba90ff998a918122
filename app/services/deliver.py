"""Send the mails that are due: claim, send after commit, write down what came of it. Nothing is ever sent twice
on purpose, and nothing is lost: a claim that is not settled in time is taken back, and the repeated mail carries
the same Message-ID, so that it can be known as one (a delivery is sent at least once).

Never holds a transaction while a mail server is being waited for.
"""

import os
import secrets
import smtplib
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as RULES
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from app import clock, log
from app.db import unit_of_work
from app.extensions import db
from app.models import Delivery
from workflows.text import Text

BATCH = 20
LEASE = timedelta(minutes=10)
"""How long a claim holds; after that its sender is taken to be dead."""
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""When the next try comes after the first, second, ... failure; after the last one the delivery has failed."""
PATIENCE = 20
"""Seconds to wait for the mail server."""
HELD = "메일 서버가 설정되지 않아 보내지 않았습니다. / Not sent: no mail server is set."
FOOT = Text(
    "이 메일은 발신 전용입니다. 회신은 시스템의 메시지를 이용하여 주십시오.",
    "Please do not reply to this mail; use the messages in the system.",
)
LINK = Text("바로 가기", "Open")


class Unsendable(Exception):
    """No try will ever get this mail out: an address or a text no mail may have, or a refusal for good."""


def deliver_due() -> int:
    """Settle the deliveries that are due now; how many mails went out."""
    now = clock.now()
    server = current_app.config["SMTP"]
    if not server:
        _hold(now)
        return 0
    _let_go(now)
    sent = 0
    while claimed := claim(now):
        sent += _send_all(claimed, server)
    return sent


def claim(now: datetime) -> Sequence[Any]:
    """Up to a batch of due mails, marked as this sender's by a conditional UPDATE: no two senders get the same."""
    name = f"{socket.gethostname()[:16]}-{os.getpid()}-{secrets.token_hex(5)}"
    with unit_of_work() as session:
        due = sa.select(Delivery.id).where(Delivery.status == "due", Delivery.try_at <= now)
        ids = list(session.scalars(due.where(Delivery.channel == "mail").order_by(Delivery.try_at).limit(BATCH)))
        if not ids:
            return []
        mine = sa.update(Delivery).where(Delivery.id.in_(ids), Delivery.status == "due")
        session.execute(mine.values(status="claimed", claimed_by=name, try_at=now + LEASE))
    found = db.session.execute(sa.select(*COLUMNS).where(Delivery.claimed_by == name).order_by(Delivery.id)).all()
    db.session.rollback()
    return found


COLUMNS = (
    Delivery.id,
    Delivery.address,
    Delivery.lang,
    Delivery.subject,
    Delivery.body,
    Delivery.path,
    Delivery.calendar,
    Delivery.tries,
    Delivery.claimed_by,
)


def _hold(now: datetime) -> None:
    """Without a mail server what is due is held, and says so where deliveries are shown."""
    due = (Delivery.status == "due", Delivery.channel == "mail", Delivery.try_at <= now)
    if db.session.scalar(sa.select(Delivery.id).where(*due).limit(1)) is None:
        return
    with unit_of_work() as session:
        session.execute(sa.update(Delivery).where(*due).values(status="held", error=HELD))


def _let_go(now: datetime) -> None:
    """Claims of senders that died, and what was held while no server was set, are due again."""
    stuck = sa.and_(Delivery.status == "claimed", Delivery.try_at <= now)
    waiting = sa.or_(stuck, Delivery.status == "held")
    if db.session.scalar(sa.select(Delivery.id).where(waiting).limit(1)) is None:
        return
    with unit_of_work() as session:
        session.execute(sa.update(Delivery).where(stuck).values(status="due", claimed_by="", try_at=now))
        held = sa.update(Delivery).where(Delivery.status == "held")
        session.execute(held.values(status="due", error="", try_at=now))


def _send_all(claimed: Sequence[Any], server: str) -> int:
    """Send a batch over one connection; one that cannot be opened fails each of them once."""
    host, _, port = server.rpartition(":")
    try:
        connection = smtplib.SMTP(host or server, int(port or 25), timeout=PATIENCE)
    except (OSError, smtplib.SMTPException) as fault:
        for row in claimed:
            _settle(row, str(fault), for_good=False)
        return 0
    sent = 0
    try:
        _secure(connection)
        for row in claimed:
            sent += _send_one(connection, row)
    finally:
        connection.close()
    return sent


def _secure(connection: smtplib.SMTP) -> None:
    """Encrypt where the server offers it; a relay on this machine usually does not."""
    connection.ehlo_or_helo_if_needed()
    if connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())


def _send_one(connection: smtplib.SMTP, row: Any) -> bool:
    try:
        connection.send_message(message(row))
    except (Unsendable, smtplib.SMTPNotSupportedError, UnicodeError) as fault:
        return _settle(row, str(fault), for_good=True)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return _settle(row, f"{code} {words.decode('utf-8', 'replace')}", for_good=code >= 500)
    except smtplib.SMTPResponseException as fault:
        return _settle(row, f"{fault.smtp_code} {fault.smtp_error!r}", for_good=fault.smtp_code >= 550)
    except (OSError, smtplib.SMTPException) as fault:
        return _settle(row, str(fault) or type(fault).__name__, for_good=False)
    return _settle(row, "", for_good=False)


def message(row: Any) -> EmailMessage:
    """The mail of a delivery: plain text in its language, with its link. The same delivery, the same Message-ID.

    Raises:
        Unsendable: the address could not stand in a header.
    """
    base = current_app.config["BASE_URL"].rstrip("/")
    sender = current_app.config["MAIL_FROM"]
    mail = EmailMessage(policy=RULES)
    try:
        mail["From"] = sender
        mail["To"] = row.address
        mail["Subject"] = " ".join(c for c in row.subject.split() if c.isprintable())
    except (ValueError, IndexError, MessageError) as fault:
        raise Unsendable(str(fault)) from fault
    if not row.address or mail["To"].defects or len(mail["To"].addresses) != 1:
        raise Unsendable(f"no address: {row.address!r}")
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<delivery-{row.id}@{urlsplit(base).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"
    link = f"\n\n{LINK.pick(row.lang)}: {base}{row.path}" if row.path else ""
    mail.set_content(f"{row.body}{link}\n\n--\n{FOOT.pick(row.lang)}\n", charset="utf-8")
    mail["Content-Language"] = row.lang
    if row.calendar:
        mail.add_attachment(row.calendar, subtype="calendar", filename="sitting.ics", params={"method": "PUBLISH"})
    return mail


def _settle(row: Any, error: str, for_good: bool) -> bool:
    """Write down what came of a try; only for the claim that made it. Whether it went out."""
    now = clock.now()
    tries = row.tries + 1
    values: dict[str, Any] = {"tries": tries, "error": error[:2000], "claimed_by": ""}
    if not error:
        values |= {"status": "sent", "sent_at": now}
    elif for_good or tries > len(BACKOFF):
        values |= {"status": "failed"}
    else:
        values |= {"status": "due", "try_at": now + BACKOFF[tries - 1]}
    with unit_of_work() as session:
        mine = (Delivery.id == row.id, Delivery.status == "claimed", Delivery.claimed_by == row.claimed_by)
        session.execute(sa.update(Delivery).where(*mine).values(**values))
    log.note("mail", delivery=row.id, status=values["status"], tries=tries, error=error[:200])
    return not error
