"""The application refuses to start over cases it does not know how to carry."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.startup import UnknownDefinition, check
from tests.world import World


def test_it_starts_over_what_it_knows(world: World) -> None:
    world.case_in("SCREENING")
    check(world.app)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('UPDATE "case" SET definition_version = 9', "kcity-planning v9"),
        ("UPDATE counter SET state = 'LIMBO'", "kcity-planning in state LIMBO"),
    ],
)
def test_it_names_what_it_does_not_know(world: World, change: str, named: str) -> None:
    world.case_in("SCREENING")
    db.session.execute(sa.text(change))
    db.session.commit()
    with pytest.raises(UnknownDefinition, match=named):
        check(world.app)
