"""The box of sealed ballots: one key however many begin, nothing to be read or guessed, and the key in every backup."""

from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from app import backup, create_app
from app.ballot_box import Paper, Unreadable, key_file, open_paper, seal_choice
from app.extensions import db
from app.services.close_ballot import close_ballot
from app.services.defer_item import defer_item
from tests.committee_steps import members, vote, voting
from tests.databases import Settings, SqliteTemplate
from tests.services.test_ballots import refused
from tests.world import World
from workflows.bad_input import BadInput
from workflows.commitment import CHOICES, commitment, short_code


def test_the_commitment_is_what_anyone_can_recompute() -> None:
    salt = "0123456789abcdef0123456789abcdef"
    found = commitment(7, 2, 31, "yes", salt)
    text = f'{{"choice":"yes","item":7,"round":2,"salt":"{salt}","voter":31}}'
    assert found == sha256(text.encode()).hexdigest()
    assert short_code(found) == f"{found[:4]}-{found[4:8]}-{found[8:12]}"
    assert commitment(7, 2, None, "yes", salt) != found
    for choice, bad in (("maybe", salt), ("yes", "0" * 31), ("yes", "Z" * 32)):
        with pytest.raises(BadInput):
            commitment(7, 2, 31, choice, bad)


def test_what_went_in_comes_out_and_says_nothing_meanwhile(lite: Flask) -> None:
    papers = {choice: seal_choice(1, 1, 5, choice) for choice in CHOICES}
    assert {choice: open_paper(1, 1, 5, paper).choice for choice, paper in papers.items()} == {c: c for c in CHOICES}
    assert len({len(paper.sealed) for paper in papers.values()}) == 1
    again = seal_choice(1, 1, 5, "yes")
    assert again.commitment != papers["yes"].commitment and again.sealed != papers["yes"].sealed
    assert all(len(open_paper(1, 1, 5, paper).salt) == 32 for paper in papers.values())


def test_a_paper_moved_changed_or_copied_does_not_open(lite: Flask) -> None:
    paper, other = seal_choice(1, 1, 5, "yes"), seal_choice(1, 1, 6, "no")
    raw = bytearray(b64decode(paper.sealed))
    raw[20] ^= 1
    changed = Paper(paper.commitment, b64encode(bytes(raw)).decode())
    for item, round_, voter, tried in (
        (2, 1, 5, paper),
        (1, 2, 5, paper),
        (1, 1, 6, paper),
        (1, 1, None, paper),
        (1, 1, 5, changed),
        (1, 1, 5, Paper(other.commitment, paper.sealed)),
        (1, 1, 5, Paper(paper.commitment, "no base64")),
    ):
        with pytest.raises(Unreadable):
            open_paper(item, round_, voter, tried)


def test_many_who_begin_at_one_moment_have_one_key(lite: Flask) -> None:
    def seal(n: int) -> Paper:
        with lite.app_context():
            return seal_choice(1, 1, n, "no")

    with ThreadPoolExecutor(16) as pool:
        papers = list(pool.map(seal, range(16)))
    assert [open_paper(1, 1, n, paper).choice for n, paper in enumerate(papers)] == ["no"] * 16
    assert key_file().stat().st_mode & 0o777 == 0o600 and len(key_file().read_bytes()) == 32
    assert [path.name for path in key_file().parent.iterdir()] == ["ballot.key"]


def test_without_the_key_nothing_is_counted_and_the_way_out_is_another_round(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 13))
    key_file().unlink()
    chair = world.viewer("member01")
    assert refused(lambda: close_ballot(chair, case.number)) == "ballots_unreadable"
    assert defer_item(chair, case.number, number, "열쇠 유실").state == "TABLED"


def test_a_backup_brings_the_key_to_the_other_installation(
    lite: Flask, sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    paper = seal_choice(1, 1, 5, "abstain")
    copy = tmp_path / "copy.zip"
    backup.create(copy)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    other = create_app(Settings(sqlite_template.fresh(folder), folder))
    with other.app_context():
        with pytest.raises(Unreadable):
            open_paper(1, 1, 5, paper)  # makes a key of its own
        with pytest.raises(backup.NotEmpty):
            backup.restore(copy)
        key_file().unlink()
        backup.restore(copy)
        assert open_paper(1, 1, 5, paper).choice == "abstain"
        assert key_file().stat().st_mode & 0o777 == 0o600
        db.session.remove()
        db.engine.dispose()
