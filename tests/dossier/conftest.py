"""One installation with lived cases, and the dossier of one of them: approved with conditions, with all that can be."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock, create_app
from app.extensions import db
from app.models import Case, Condition, Declaration
from app.queries.roots import signing_keys
from app.services.daily_root import make_daily_root
from app.services.export_dossier import export_for_operator
from app.synthetic.make import make
from tests.databases import Settings, SqliteTemplate


@dataclass
class Sample:
    """Dossiers of cases that were lived whole, from one installation."""

    app: Flask
    number: str
    raw: bytes
    key: bytes


@pytest.fixture(scope="session")
def sample(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """A case approved with conditions, with scores, a vote, money and a letter, under a daily root."""
    folder = tmp_path_factory.mktemp("lived")
    url = sqlite_template.fresh(folder)
    app = create_app(Settings(url, folder))
    with app.app_context():
        make(60, 7, lambda done: None)
        make_daily_root(clock.now())
        recused = sa.exists().where(Declaration.case_id == Case.id, Declaration.answer == "conflict")
        conditions = sa.exists().where(Condition.case_id == Case.id)
        query = (
            sa.select(Case.number)
            .where(Case.state.in_(("ANNOUNCED", "CLOSED")), Case.outcome == "approve")
            .where(conditions)
        )
        number = db.session.scalars(query.order_by(recused.desc(), Case.seq.desc())).first()
        assert number is not None
        made = export_for_operator(number)
        yield Sample(app, number, b"".join(made.pieces()), bytes.fromhex(signing_keys()[0].public_key))
        db.session.remove()
        db.engine.dispose()
