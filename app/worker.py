"""The worker beside the server: mails, clocks, announcements. Everything it does may be done twice without harm,
by two workers or after a crash; it holds nothing in memory that is not in the database.
"""

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import clock, log
from app.db import unit_of_work
from app.errors import Busy
from app.extensions import db
from app.models import Heartbeat
from app.services.announce import announce_due
from app.services.daily_root import make_due_root
from app.services.deliver import deliver_due
from app.services.due_clocks import remind_due
from app.services.housekeeping import clear_spent

NAME = "worker"
PAUSE = 3.0
"""Seconds between rounds."""
BEAT = timedelta(seconds=15)
HOURLY = timedelta(hours=1)


class Worker:
    """Rounds of the same tasks. One that fails is logged and tried again; it never stops the others."""

    def __init__(self) -> None:
        self._beaten_at = self._cleared_at = clock.now() - HOURLY * 24

    def round(self) -> dict[str, int]:
        """Do everything that is due now; what was done, by task."""
        now = clock.now()
        done = {
            "announced": self._try(lambda: len(announce_due(now))),
            "reminded": self._try(remind_due),
            "rooted": self._try(make_due_root),
        }
        if now - self._cleared_at >= HOURLY:
            done["cleared"] = self._try(clear_spent)
            self._cleared_at = now
        done["sent"] = self._try(deliver_due)
        if now - self._beaten_at >= BEAT:
            self._try(_beat)
            self._beaten_at = now
        return done

    def run(self, stop: threading.Event, pause: float = PAUSE) -> None:
        """Go round until told to stop; a round that has begun is finished."""
        while not stop.is_set():
            self.round()
            stop.wait(pause)

    def _try(self, task: Callable[[], Any]) -> int:
        try:
            return int(task() or 0)
        except (sa.exc.SQLAlchemyError, Busy, OSError, ArithmeticError, LookupError, ValueError) as fault:
            log.logger.error("worker_task", task=getattr(task, "__name__", "announce_due"), exc_info=fault)
            return 0
        finally:
            db.session.remove()


def _beat() -> None:
    """Say that a worker is alive; /healthz tells its age."""
    now = clock.now()
    with unit_of_work() as session:
        if not session.execute(sa.update(Heartbeat).where(Heartbeat.name == NAME).values(at=now)).rowcount:
            session.execute(sa.insert(Heartbeat).values(name=NAME, at=now))


def serve(app: Flask) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    with app.app_context():
        log.note("worker_started")
        Worker().run(stop)
        log.note("worker_stopped")
