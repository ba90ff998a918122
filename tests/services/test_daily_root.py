"""Daily roots: one a day, over every chain, bound to each other; a record rewritten behind them is found."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock, signing
from app.audit import roots, verify
from app.db import unit_of_work
from app.extensions import db
from app.models import Case, DailyLeaf, DailyRoot, Event, SigningKey
from app.queries.roots import Leaf, covered, heads, inclusions_of, leaves_under, newest_root, signing_keys, tree_of
from app.services.act import act
from app.services.daily_root import make_daily_root, make_due_root
from app.services.signing_keys import rotate, signer
from app.signing import signed_by
from app.worker import Worker
from tests.world import World
from workflows.merkle import root_from

NOW = clock.from_seoul("2027-03-02T00:00")


def day(number: int) -> DailyRoot:
    """The root of the n-th day."""
    made = make_daily_root(NOW + timedelta(days=number))
    assert made is not None
    return made


def move(world: World, case: Case) -> None:
    act(world.viewer("officer"), case.number, "begin_screening")


def unguarded() -> None:
    """As the owner of the database: without the triggers that guard history."""
    if db.engine.dialect.name == "sqlite":
        for name in db.session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.session.execute(sa.text(f"DROP TRIGGER {name}"))
        db.session.commit()
    else:
        db.session.execute(sa.text("SET session_replication_role = replica"))


def test_a_root_is_over_every_chain_and_stores_only_what_moved(world: World) -> None:
    cases = [world.case_in("RECEIVED") for _ in range(5)]
    world.case_in("DRAFT")
    first = day(0)
    assert first.chains == len(heads()) == 5
    assert first.root == tree_of(heads()).root.hex()
    move(world, cases[3])
    late = world.case_in("RECEIVED")
    second = day(1)
    moved = list(db.session.scalars(sa.select(DailyLeaf).where(DailyLeaf.root_id == second.id)))
    assert [(leaf.chain, leaf.position) for leaf in moved] == [
        (f"case:{cases[3].number}", 3),
        (f"case:{late.number}", 5),
    ]
    assert (second.chains, second.root) == (6, tree_of(heads()).root.hex())
    assert second.prev_hash == first.hash and first.prev_hash == ""
    third = day(2)
    assert (third.root, third.prev_hash) == (second.root, second.hash)
    assert leaves_under(first)[3].seq == 1 and leaves_under(third)[3].seq == 2
    assert list(roots.breaks()) == []


def test_one_a_day_by_the_day_in_seoul(world: World) -> None:
    world.case_in("RECEIVED")
    assert make_daily_root(NOW - timedelta(microseconds=1)) is not None
    assert make_daily_root(NOW - timedelta(hours=1)) is None
    assert make_daily_root(NOW) is not None
    assert make_daily_root(NOW + timedelta(hours=23, minutes=59)) is None
    assert [root.day.isoformat() for root in db.session.scalars(sa.select(DailyRoot).order_by(DailyRoot.id))] == [
        "2027-03-01",
        "2027-03-02",
    ]


def test_of_two_workers_one_makes_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one comes in between reading and writing."""
    world.case_in("RECEIVED")
    from app.services import daily_root

    read = daily_root.heads

    def meanwhile() -> list[Leaf]:
        found = read()
        monkeypatch.setattr(daily_root, "heads", read)
        assert make_daily_root(NOW) is not None
        return found

    monkeypatch.setattr(daily_root, "heads", meanwhile)
    assert make_daily_root(NOW) is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DailyRoot)) == 1
    assert list(roots.breaks()) == []


def test_the_worker_makes_it_and_does_nothing_when_it_is_there(lite_world: World) -> None:
    lite_world.case_in("RECEIVED")
    assert Worker().round()["rooted"] == 1
    assert Worker().round()["rooted"] == 0
    assert make_due_root() == 0
    found = newest_root()
    assert found is not None and found.day == clock.today()


def test_an_empty_record_has_a_root_too(app: Flask) -> None:
    root = day(0)
    assert (root.chains, root.root) == (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    assert verify().holds
    unguarded()
    db.session.execute(sa.update(DailyRoot).values(root="0" * 64))
    db.session.commit()
    broken = verify().broken
    assert broken is not None and (broken.number, broken.seq) == ("2027-03-02", 1)


def test_every_chain_is_proven_under_the_newest_root(lite_world: World) -> None:
    cases = [lite_world.case_in("RECEIVED") for _ in range(7)]
    chains = [f"case:{case.number}" for case in cases]
    assert inclusions_of(chains) == [] and covered(chains[0]) is None
    day(0)
    move(lite_world, cases[2])
    root = day(1)
    proofs = inclusions_of([*chains, "case:KCN-2027-9999"])
    assert [found.leaf.chain for found in proofs] == chains
    assert [covered(chain) for chain in chains] == [(root.day, found.leaf.seq) for found in proofs]
    assert [found.leaf.seq for found in proofs] == [1, 1, 2, 1, 1, 1, 1]
    for found in proofs:
        assert found.root.id == root.id
        path = [bytes.fromhex(sister) for sister in found.path]
        assert root_from(found.leaf.hash(), found.position, root.chains, path).hex() == root.root


def test_roots_are_signed_and_a_rotated_key_leaves_the_old_ones_verifiable(lite_world: World) -> None:
    lite_world.case_in("RECEIVED")
    first = day(0)
    old = signer()
    new = rotate()
    second = day(1)
    assert (first.key_id, second.key_id) == (old.key_id, new.key_id)
    assert signer().key_id == new.key_id
    keys = {row.key_id: row.public_key for row in signing_keys()}
    for root in (first, second):
        assert signed_by(keys[root.key_id], root.signature, root.hash.encode())
        assert not signed_by(keys[root.key_id], root.signature, b"else")
    assert list(roots.breaks()) == []


def test_operators_list_the_keys_and_make_a_new_one(lite: Flask) -> None:
    first = signer()
    run = lite.test_cli_runner()
    made = run.invoke(args=["signing-key", "rotate"]).output.strip().splitlines()[-1]
    listed = run.invoke(args=["signing-key", "list"]).output.splitlines()
    assert [line.split()[0] for line in listed] == [made, first.key_id]
    assert listed[1].split()[2] == first.public_key
    assert signer().key_id == made


def test_a_private_key_is_its_owners_alone_and_a_lost_one_is_replaced(lite: Flask) -> None:
    made = signer()
    (path,) = (lite.config["DATA_DIR"] / "keys").glob("dossier-*.key")
    assert path.stat().st_mode & 0o777 == 0o600
    assert made.key_id in path.name
    assert path.read_text() not in str(db.session.execute(sa.select(SigningKey.__table__)).all())
    path.unlink()
    again = signer()
    assert again.key_id != made.key_id
    (lite.config["DATA_DIR"] / "keys" / f"dossier-{made.key_id}.key").write_bytes(
        (lite.config["DATA_DIR"] / "keys" / f"dossier-{again.key_id}.key").read_bytes()
    )
    with pytest.raises(ValueError):
        signing.load(lite.config["DATA_DIR"] / "keys", made.key_id)


@pytest.mark.parametrize("table", ["daily_root", "daily_leaf", "signing_key"])
def test_the_database_refuses_to_change_or_delete_them(world: World, table: str) -> None:
    world.case_in("RECEIVED")
    day(0)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1000"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), unit_of_work() as session:
            session.execute(sa.text(statement))


CHANGES: list[Any] = [
    sa.update(DailyRoot).where(DailyRoot.id == 2).values(root="0" * 64),
    sa.update(DailyRoot).where(DailyRoot.id == 2).values(chains=9),
    sa.update(DailyRoot).where(DailyRoot.id == 2).values(made_at=NOW),
    sa.update(DailyRoot).where(DailyRoot.id == 2).values(prev_hash="0" * 64),
    sa.update(DailyRoot).where(DailyRoot.id == 2).values(signature="0" * 128),
    sa.update(DailyRoot).where(DailyRoot.id == 2).values(key_id="0" * 16),
    sa.update(DailyRoot).where(DailyRoot.id == 2).values(day=clock.day_of(NOW + timedelta(days=9))),
    sa.update(DailyLeaf).where(DailyLeaf.position == 1, DailyLeaf.root_id == 1).values(head="0" * 64),
    sa.update(DailyLeaf).where(DailyLeaf.position == 1, DailyLeaf.root_id == 1).values(position=44),
    sa.update(DailyLeaf).where(DailyLeaf.position == 1, DailyLeaf.root_id == 1).values(chain="case:KCN-1999-0001"),
    sa.delete(DailyLeaf).where(DailyLeaf.position == 1, DailyLeaf.root_id == 1),
    sa.update(SigningKey).values(public_key="0" * 64),
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_column_of_a_root_is_proven(lite_world: World, change: Any) -> None:
    cases = [lite_world.case_in("RECEIVED") for _ in range(3)]
    day(0)
    move(lite_world, cases[0])
    day(1)
    day(2)
    assert list(roots.breaks()) == []
    unguarded()
    db.session.execute(change)
    db.session.commit()
    assert next(roots.breaks(), None) is not None


def test_a_step_taken_away_whole_with_the_case_put_back_to_match_is_found_by_the_root(world: World) -> None:
    """Without the root nothing in the case itself would tell."""
    case = world.case_in("RECEIVED")
    before = {c.key: getattr(case, c.key) for c in Case.__table__.columns}
    move(world, case)
    day(0)
    unguarded()
    db.session.execute(sa.delete(Event).where(Event.case_id == case.id, Event.seq == 2))
    db.session.execute(sa.update(Case.__table__).where(Case.id == case.id).values(seq=1, head=before["head"]))
    db.session.commit()
    (found,) = roots.breaks(case.number)
    assert (found.number, found.seq) == (case.number, 2)


def test_a_case_taken_away_whole_is_found(lite_world: World) -> None:
    case, kept = lite_world.case_in("RECEIVED"), lite_world.case_in("RECEIVED")
    day(0)
    unguarded()
    number = case.number
    for table in ("section", "version", "attachment", "delivery", "case_clock"):
        db.session.execute(sa.text(f"DELETE FROM {table} WHERE case_id = {case.id}"))
    db.session.execute(sa.delete(Event).where(Event.case_id == case.id))
    db.session.execute(sa.delete(Case.__table__).where(Case.id == case.id))
    db.session.commit()
    assert [(found.number, found.seq) for found in roots.breaks()] == [(number, 1)]
    assert list(roots.breaks(kept.number)) == []
