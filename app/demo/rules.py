"""The committee's dated rules of the demo: one hearing may be voted on in secret, and after it the shipped rule is back."""

from datetime import date
from typing import Any

from app.demo.diary import Diary
from app.demo.people import PROGRAMME
from app.demo.source import read
from app.demo.stage import Stage, both
from app.services.enter_committee_rule import enter_committee_rule
from workflows.committee_rules import SETTING, shipped_for

ADMIN = "admin@kcity.test"


def dated_rules(stage: Stage) -> Diary:
    """Each entered on its day."""
    diary = Diary("rules")
    for told in read("sittings.yaml")["rules"]:
        diary.on(told["entered_on"], lambda told=told: _enter(stage, told))
    return diary


def _enter(stage: Stage, told: dict[str, Any]) -> None:
    shipped = shipped_for(PROGRAMME)
    assert shipped is not None
    rule = shipped.rule.model_dump(mode="json")
    basis = {key: one.model_dump(mode="json") for key, one in shipped.basis.items()}
    if told["secrecy"]:
        rule["secrecy"] = told["secrecy"]
        basis["secrecy"] = {"article": SETTING, **told["basis"]}
    day = date.fromisoformat(told["in_force_on"])
    enter_committee_rule(stage.who(ADMIN), PROGRAMME, day, rule, basis, both(told["reason"]))
