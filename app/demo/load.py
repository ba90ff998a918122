"""Load the demo: all of it in one transaction, or nothing. A second run finds it there and does nothing."""

import sqlalchemy as sa
from flask import current_app

from app import log, passwords
from app.db import batch
from app.demo.cases import live_cases
from app.demo.people import load_people
from app.demo.published import load_published
from app.demo.source import read
from app.extensions import db
from app.models import User
from app.services.load_programme import load_programme

PLACES = ("demo", "testing")


class NoDemo(RuntimeError):
    """This installation is none that may hold demo accounts."""


def load_demo() -> bool:
    """Add the demo; whether anything was added.

    Raises:
        NoDemo: the installation is neither a demo nor a test: its accounts share a published password.
    """
    if current_app.config["ENV"] not in PLACES:
        raise NoDemo
    load_programme("kcity")
    if is_loaded():
        return False
    content = read("people.yaml")
    hashed = passwords.hashed(content["password"])
    with log.quiet(), batch():
        people = load_people(hashed)
        load_published(people.users["admin@kcity.test"])
        live_cases(people)
    return True


def is_loaded() -> bool:
    """Whether the people of the demo are there."""
    first = read("people.yaml")["accounts"][0]["email"]
    return db.session.scalar(sa.select(User.id).where(User.email == first)) is not None
