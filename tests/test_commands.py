"""The command line as the contract says it: what it prints, and the exit code."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.models import Case, Event
from app.synthetic.make import make
from workflows.schema import DEFINITIONS


@pytest.fixture
def few(lite: Flask) -> Flask:
    make(40, 2, lambda done: None)
    return lite


def test_every_published_definition_is_listed_and_proven(lite: Flask) -> None:
    run = lite.test_cli_runner()
    listed = run.invoke(args=["workflow", "list"])
    assert listed.exit_code == 0
    assert "kcity-planning v1" in listed.output and "kcity-demonstration v1" in listed.output
    checked = run.invoke(args=["workflow", "check"])
    assert (checked.exit_code, checked.output.count(": ok")) == (0, len(list(DEFINITIONS.glob("*/v*.yaml"))))


def test_a_faulty_definition_fails_the_check_and_names_the_fault(lite: Flask, tmp_path: Path) -> None:
    text = (DEFINITIONS / "kcity-planning" / "v1.yaml").read_text("utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace("to: SCREENING", "to: NOWHERE", 1), "utf-8")
    checked = lite.test_cli_runner().invoke(args=["workflow", "check", str(broken)])
    assert checked.exit_code == 1
    assert "NOWHERE" in checked.output


def test_what_is_not_published_cannot_be_checked_or_shown(lite: Flask) -> None:
    run = lite.test_cli_runner()
    for args in (["workflow", "check", "kcity-nothing"], ["workflow", "show", "kcity-nothing", "--format", "svg"]):
        assert run.invoke(args=args).exit_code == 1


@pytest.mark.parametrize("form", ["svg", "mermaid", "bpmn", "pnml"])
def test_a_definition_is_drawn_for_people_and_for_other_tools(lite: Flask, form: str) -> None:
    drawn = lite.test_cli_runner().invoke(args=["workflow", "show", "kcity-planning", "--format", form])
    assert drawn.exit_code == 0
    if form == "mermaid":
        assert drawn.output.startswith("stateDiagram-v2")
    else:
        assert len(list(ET.fromstring(drawn.output.strip().encode()).iter())) > 20


def test_the_log_holds_every_event_in_both_formats(few: Flask, tmp_path: Path) -> None:
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    run = few.test_cli_runner()
    xes, ocel = tmp_path / "log.xes", tmp_path / "log.json"
    assert run.invoke(args=["log", "export", "--format", "xes", "-o", str(xes)]).exit_code == 0
    assert run.invoke(args=["log", "export", "--format", "ocel", "-o", str(ocel)]).exit_code == 0
    assert sum(element.tag.endswith("event") for element in ET.parse(xes).getroot().iter()) == events
    assert len(json.loads(ocel.read_text("utf-8"))["events"]) == events


def test_an_audit_that_holds_exits_0_and_one_that_does_not_exits_1_with_case_and_step(few: Flask) -> None:
    run = few.test_cli_runner()
    assert run.invoke(args=["audit", "verify"]).exit_code == 0
    case = db.session.execute(sa.select(Case.id, Case.number, Case.seq).where(Case.state == "CLOSED").limit(1)).one()
    db.session.execute(sa.update(Case.__table__).where(Case.id == case.id).values(city="Elsewhere"))
    db.session.commit()
    for args in (["audit", "verify"], ["audit", "verify", "--case", case.number]):
        found = run.invoke(args=args)
        assert found.exit_code == 1
        assert f"{case.number}, step {case.seq}:" in found.output
    assert run.invoke(args=["audit", "verify", "--case", "KCN-1999-0001"]).exit_code == 1


def test_a_backup_is_made_once_and_not_restored_over_what_is_there(few: Flask, tmp_path: Path) -> None:
    run, target = few.test_cli_runner(), str(tmp_path / "copy.zip")
    assert run.invoke(args=["backup", "create", target]).exit_code == 0
    assert run.invoke(args=["backup", "create", target]).exit_code == 1
    refused = run.invoke(args=["backup", "restore", target])
    assert refused.exit_code == 1
    assert "empty" in refused.output


def test_one_round_of_the_worker_ends(few: Flask) -> None:
    done = few.test_cli_runner().invoke(args=["worker", "--once"])
    assert done.exit_code == 0
    assert "sent 0" in done.output


def test_synthetic_cases_never_get_into_production(lite: Flask) -> None:
    lite.config["ENV"] = "production"
    refused = lite.test_cli_runner().invoke(args=["synthetic", "--cases", "5"])
    assert refused.exit_code == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0
