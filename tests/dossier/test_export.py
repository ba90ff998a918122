"""What the application makes: whole, the same every time, for who may have it and for nobody else."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import clock
from app.dossier import bundle
from app.dossier.ziplayout import TooBig, entry, layout, length
from app.errors import NotFound, TooMany
from app.extensions import db
from app.models import Case, Event
from app.services.daily_root import make_daily_root
from app.services.decide import approve
from app.services.export_dossier import export_dossier, export_for_operator, exportable
from app.services.signing_keys import signer
from tests.committee_steps import resolved
from tests.dossier.conftest import Sample
from tests.dossier.forger import Forger, members, refusal, verifier, zipped
from tests.world import World
from workflows.engine import Refused


def test_every_dossier_there_can_be_holds(sample: Sample, tmp_path: Path) -> None:
    with sample.app.app_context():
        numbers = [case.number for case in db.session.scalars(sa.select(Case)) if exportable(case)]
        assert len(numbers) > 15
        for number in numbers:
            made = export_for_operator(number)
            raw = b"".join(made.pieces())
            assert len(raw) == made.size
            assert refusal(tmp_path / "d.zip", raw) is None, number


def test_the_same_record_gives_the_same_bytes_and_exporting_leaves_it_as_it_is(sample: Sample) -> None:
    with sample.app.app_context():
        case = db.session.scalars(sa.select(Case).where(Case.number == sample.number)).one()
        before, at = (case.seq, case.head), clock.now()
        first = b"".join(bundle(case, signer(), at).pieces())
        assert b"".join(bundle(case, signer(), at).pieces()) == first
        later = b"".join(bundle(case, signer(), at + timedelta(seconds=1)).pieces())
        assert [name for name, _ in members(later)] == [name for name, _ in members(first)]
        changed = {name for (name, a), (_, b) in zip(members(first), members(later), strict=True) if a != b}
        assert changed == {"manifest.json", "signature.json"}
        assert (case.seq, case.head) == before


def test_documents_come_only_when_asked_for_and_are_held_against_the_application(
    sample: Sample, tmp_path: Path
) -> None:
    with sample.app.app_context():
        raw = b"".join(export_for_operator(sample.number, with_documents=True).pieces())
    names = [name for name, _ in members(raw) if name.startswith("documents/")]
    assert names and not [name for name, _ in members(sample.raw) if name.startswith("documents/")]
    assert refusal(tmp_path / "d.zip", raw) is None
    forger = Forger(raw)
    forger.files[names[0]] += b"x"
    assert "not one of the application" in str(refusal(tmp_path / "d.zip", forger.raw()))
    forger = Forger(raw)
    del forger.files[names[0]]
    assert "a document is missing" in str(refusal(tmp_path / "d.zip", forger.raw()))


def test_people_are_named_and_nothing_else_is_told_of_them(sample: Sample) -> None:
    people = json.loads(dict(members(sample.raw))["people.json"])
    assert len(people) > 20
    assert all(set(names) == {"ko", "en"} for names in people.values())
    events = json.loads(dict(members(sample.raw))["events.json"])
    assert {str(event["actor"]) for event in events if event["actor"]} <= set(people)


def test_the_command_writes_it_and_says_why_not(sample: Sample, tmp_path: Path) -> None:
    with sample.app.app_context():
        run, target = sample.app.test_cli_runner(), tmp_path / "out.zip"
        done = run.invoke(args=["dossier", "export", sample.number, "-o", str(target)])
        assert done.exit_code == 0 and refusal(tmp_path / "d.zip", target.read_bytes()) is None
        assert target.stat().st_mode & 0o777 == 0o600
        running = db.session.scalar(sa.select(Case.number).where(Case.state == "DELIBERATING"))
        for number, words in (("KCN-1999-0001", "no such case"), (running, "once the case is decided")):
            refused = run.invoke(args=["dossier", "export", str(number), "-o", str(tmp_path / "no.zip")])
            assert refused.exit_code == 1 and words in refused.output
        assert not list(tmp_path.glob("no.zip*"))


def test_either_database_gives_a_dossier_that_holds(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = resolved(world)
    approve(world.viewer("minister"), case.number, 480_000_000, "의결과 같음")
    make_daily_root(clock.now())
    raw = b"".join(export_dossier(world.viewer("auditor"), case.number).pieces())
    placed = tuple(check for check in verifier().CHECKS if check.__name__ != "steps")
    monkeypatch.setattr(verifier(), "CHECKS", placed)
    assert refusal(tmp_path / "d.zip", raw) is None
    assert len(json.loads(dict(members(raw))["roots.json"])) == 2


def test_nobody_makes_them_without_end(lite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.export_dossier.PER_HOUR", 2)
    case = lite_world.case_in("ANNOUNCED", outcome="reject")
    for _ in range(2):
        export_dossier(lite_world.viewer("officer"), case.number)
    with pytest.raises(TooMany):
        export_dossier(lite_world.viewer("officer"), case.number)
    assert export_dossier(lite_world.viewer("clerk"), case.number).files > 10


def test_who_reads_everything_gets_it_and_nobody_else(lite_world: World) -> None:
    case = lite_world.case_in("ANNOUNCED", outcome="reject")
    for name in ("officer", "clerk", "minister", "auditor"):
        assert export_dossier(lite_world.viewer(name), case.number).files > 10
    for name in ("applicant", "delegate", "stranger", "evaluator1", "member01", "consultant", "embassy", "admin"):
        with pytest.raises(NotFound):
            export_dossier(lite_world.viewer(name), case.number)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.case_id == case.id)) == 1


@pytest.mark.parametrize(
    "state", ["RECEIVED", "EVALUATING", "RANKED", "TABLED", "DELIBERATING", "RESOLVED", "RESERVED"]
)
def test_while_anything_may_be_sealed_there_is_none(lite_world: World, state: str) -> None:
    case = lite_world.case_in(state)
    with pytest.raises(Refused):
        export_dossier(lite_world.viewer("officer"), case.number)


def test_what_the_form_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = entry("a.json", b"1")
    assert len(b"".join(layout([one]))) == length([one])
    monkeypatch.setattr("app.dossier.ziplayout.LARGEST", 50)
    with pytest.raises(TooBig):
        length([one])


def test_the_form_is_a_zip_that_others_read(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    path.write_bytes(sample.raw)
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        assert [info.filename for info in found.infolist()] == [name for name, _ in members(sample.raw)]
    assert zipped(members(sample.raw)) == sample.raw
    assert json.loads(dict(members(sample.raw))["manifest.json"])["format"] == verifier().FORMAT
