"""The content of the demo: real projects as in their source, invented cases that the forms would accept."""

import csv
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from workflows.committee_rules import REASONS
from workflows.deadlines import Length, due
from workflows.form_schema import Column, FormDefinition, FormField, load_form
from workflows.programme_schema import load_programme
from workflows.scoring import Candidate, Cutoff, Part, Ranking, rank

CONTENT = Path(__file__).parents[2] / "app" / "demo" / "content"


def _read(name: str) -> Any:
    return yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))


CASES = {path.stem: _read(f"cases/{path.name}") for path in sorted((CONTENT / "cases").glob("*.yaml"))}
PEOPLE, ORGANISATIONS = _read("people.yaml"), _read("organisations.yaml")
SITTINGS = {sitting["key"]: sitting for sitting in _read("sittings.yaml")["sittings"]}
REAL = _read("real_projects.yaml")["projects"]
STATES = set(
    "DRAFT RECEIVED SCREENING SUPPLEMENT ELIGIBLE CONSULTING CONSULTED EVALUATING RANKED TABLED DELIBERATING "
    "RESOLVED DECIDED ANNOUNCED RESERVED CLOSED RETURNED WITHDRAWN DECLINED LAPSED".split()
)
BLOCKS = ("accounts", "evaluators", "members")
ACCOUNTS = {person["email"] for block in BLOCKS for person in PEOPLE[block]} | {
    organisation["signatory"]["email"] for organisation in ORGANISATIONS["applicants"]
}


# Real projects --------------------------------------------------------------------------------------------


def test_all_59_real_projects_equal_their_source_row_by_row() -> None:
    with (CONTENT / "kcity_projects.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(REAL) == 59
    for row, project in zip(rows, REAL, strict=True):
        assert row == {
            "year": str(project["year"]),
            "country_iso2": project["country"]["iso2"],
            "country": project["country"]["en"],
            "city": project["place"]["en"] or "",
            "title": project["title"]["en"] or "",
            "type": project["type"],
            "amount_krw_or_blank": str(project["amount_krw"] or ""),
            "source": project["source"],
        }


def test_blank_stays_blank_only_two_amounts_are_known() -> None:
    assert [project["amount_krw"] for project in REAL if project["amount_krw"]] == [400_000_000, 400_000_000]
    assert all(project["title"]["ko"] is None for project in REAL if project["title"]["en"] is None)


def test_every_real_project_belongs_to_a_cycle_and_lies_on_the_map_or_nowhere() -> None:
    cycles = {cycle.key for cycle in load_programme("kcity").cycles}
    for project in REAL:
        assert project["cycle"] in cycles
        if (place := project["coordinates"]) is not None:
            assert -90 <= float(place["lat"]) <= 90 and -180 <= float(place["lon"]) <= 180
        assert project["coordinates"] is None or project["place"]["en"]


def test_the_ministrys_totals_are_kept_with_their_difference() -> None:
    totals = _read("published_totals.yaml")
    own = sum(year["amount_krw"] for year in totals["years"])
    assert own == totals["known_difference"]["yearly_sum_krw"] == 16_400_000_000
    assert totals["total"]["amount_krw"] == totals["known_difference"]["published_krw"] == 16_300_000_000
    counted = Counter(project["year"] for project in REAL)
    assert all(year["projects"] == counted[year["year"]] for year in totals["years"])
    assert [year["year"] for year in totals["years"]] == [2020, 2021, 2022, 2023]


# People ---------------------------------------------------------------------------------------------------


def test_the_accounts_of_the_contract_are_there() -> None:
    named = set("applicant company officer clerk embassy ministry localgov minister auditor admin".split())
    named |= {f"evaluator{n}" for n in range(1, 8)} | {f"member{n:02d}" for n in range(1, 25)}
    assert {f"{name}@kcity.test" for name in named} <= ACCOUNTS


def test_the_committee_has_ten_of_government_and_fourteen_private_with_two_co_chairs() -> None:
    members = PEOPLE["members"]
    assert Counter(member["kind"] for member in members) == {"government": 10, "private": 14}
    chairs = [member["email"] for member in members if member["chair"]]
    assert chairs == ["member01@kcity.test", "member11@kcity.test"]


def test_no_name_and_no_address_is_given_twice() -> None:
    people = [person for block in BLOCKS for person in PEOPLE[block]]
    assert len({person["email"] for person in people}) == len(people)
    assert len({person["name"]["ko"] for person in people}) == len(people)


# Cases ----------------------------------------------------------------------------------------------------


def test_thirty_cases_cover_every_state() -> None:
    types = Counter(case["type"] for case in CASES.values())
    assert types == {"kcity-planning": 20, "kcity-demonstration": 10}
    assert {case["state"] for case in CASES.values()} == STATES
    assert all(case["invented"] is True and case["slug"] == name for name, case in CASES.items())


PATTERNS = {
    "month": r"\d{4}-\d\d",
    "country": "[A-Z]{2}",
    "email": r"[^@ ]+@[^@ ]+\.[a-z]+",
    "phone": r"\+[\d ]+",
}


def _value_fault(question: Column | FormField, value: Any) -> str | None:
    kind = question.kind
    if kind in ("line", "text"):
        return None if (question.min or 1) <= len(value) <= (question.max or 0) else f"length {len(value)}"
    if kind in ("choice", "yes_no"):
        return None if value in question.values else f"no such choice {value}"
    if kind == "choices":
        fits = set(value) <= question.values and (question.min or 0) <= len(value) <= (question.max or 99)
        return None if fits else f"choices {value}"
    if kind in ("money", "number"):
        fits = type(value) is int and (question.min or 0) <= value <= (question.max or value)
        return None if fits else f"number {value}"
    if kind in PATTERNS:
        return None if isinstance(value, str) and re.fullmatch(PATTERNS[kind], value) else f"{kind} {value!r}"
    if kind == "coordinates":
        fits = set(value) == {"lat", "lon"} and all(isinstance(part, str) for part in value.values())
        return None if fits else f"place {value}"
    return None if kind == "declaration" and value is True else f"{kind} {value!r}"


def _row_faults(field: FormField, rows: list[dict[str, Any]]) -> list[str]:
    found = [] if (field.min or 0) <= len(rows) <= (field.max or 0) else [f"{field.key}: {len(rows)} rows"]
    for row in rows:
        found += [f"{field.key}: unknown {key}" for key in row.keys() - {one.key for one in field.columns}]
        for column in field.columns:
            value = row.get(column.key)
            if value is None:
                found += [f"{field.key}.{column.key} missing"] if column.required else []
            elif fault := _value_fault(column, value):
                found.append(f"{field.key}.{column.key}: {fault}")
    return found


def _faults(form: FormDefinition, answers: dict[str, Any], slots: Counter[str], complete: bool) -> list[str]:
    found = [f"unknown {key}" for key in answers.keys() - {field.key for field in form.fields}]
    for field in form.fields:
        value = answers.get(field.key)
        if field.kind == "files":
            found += [f"{field.key} not attached"] if complete and slots[field.key] < field.at_least else []
        elif value is None:
            wanted = complete and field.required and field.asked(answers)
            found += [f"{field.key} missing"] if wanted else []
        elif not field.asked(answers):
            found.append(f"{field.key} answered though not asked")
        elif field.kind == "rows":
            found += _row_faults(field, value)
        elif fault := _value_fault(field, value):
            found.append(f"{field.key}: {fault}")
    return found


def _flat(case: dict[str, Any]) -> dict[str, Any]:
    return {key: value for section in case["answers"].values() for key, value in section.items()}


@pytest.mark.parametrize("name", CASES)
def test_the_form_accepts_the_case(name: str) -> None:
    case = CASES[name]
    form = load_form(case["type"], 1)
    for key, answers in case["answers"].items():
        assert answers.keys() <= {field.key for field in form.section(key).fields}
    slots = Counter(file["slot"] for file in case["attachments"])
    assert _faults(form, _flat(case), slots, complete=case["state"] != "DRAFT") == []
    assert case["eligibility"] == {question.key: question.ok for question in form.eligibility}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["state"] == "DRAFT"])
def test_a_draft_is_really_unfinished(name: str) -> None:
    case = CASES[name]
    assert case["received_at"] is None and not case["history"]
    assert _faults(load_form(case["type"], 1), _flat(case), Counter(), complete=True)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("d")])
def test_the_costs_of_a_demonstration_add_up_and_labour_keeps_its_limit(name: str) -> None:
    answers = _flat(CASES[name])
    costs = answers.get("cost_plan", [])
    if CASES[name]["state"] != "DRAFT":
        assert sum(row["amount"] for row in costs) == answers["amount_requested"]
    labour = sum(row["amount"] for row in costs if row["item"] == "labour")
    assert labour * 100 <= answers["amount_requested"] * 40


@pytest.mark.parametrize("name", CASES)
def test_the_amount_keeps_the_cap_and_receipt_falls_into_the_cycle(name: str) -> None:
    case = CASES[name]
    cycle = load_programme("kcity").cycle(case["cycle"])
    assert case["type"] == cycle.type
    assert _flat(case)["amount_requested"] <= cycle.cap_krw
    assert cycle.opens <= date.fromisoformat(case["started_on"])
    if case["received_at"]:
        assert case["received_at"].endswith("+09:00")
        received = datetime.fromisoformat(case["received_at"]).date()
        assert cycle.opens <= received <= (cycle.closes or cycle.cut_off)


@pytest.mark.parametrize("name", CASES)
def test_only_one_live_project_of_an_applicant_for_a_city_in_a_cycle(name: str) -> None:
    case = CASES[name]
    same = [
        other
        for other in CASES.values()
        if (other["cycle"], other["organisation"], _flat(other)["city"])
        == (case["cycle"], case["organisation"], _flat(case)["city"])
    ]
    assert same == [case]


def _words(node: Any, path: str = "") -> list[tuple[str, dict[str, str]]]:
    if isinstance(node, dict):
        if set(node) == {"ko", "en"}:
            return [(path, node)]
        return [pair for key, value in node.items() for pair in _words(value, f"{path}/{key}")]
    if isinstance(node, list):
        return [pair for index, value in enumerate(node) for pair in _words(value, f"{path}/{index}")]
    return []


@pytest.mark.parametrize("name", CASES)
def test_title_summary_and_history_are_in_both_languages(name: str) -> None:
    answers = _flat(CASES[name])
    assert all(answers[key] for key in ("title_ko", "title_en", "summary_ko", "summary_en"))
    for path, words in _words(CASES[name]):
        assert re.search("[가-힣]", words["ko"]), path
        assert words["en"].strip() and not re.search("[가-힣]", words["en"]), path


def _days(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [day for value in node.values() for day in _days(value)]
    if isinstance(node, list):
        return [day for value in node for day in _days(value)]
    return [node[:10]] if isinstance(node, str) and re.match(r"20\d\d-\d\d-\d\d", node) else []


@pytest.mark.parametrize("name", CASES)
def test_the_secretariat_does_not_act_at_weekends_and_nothing_comes_before_receipt(name: str) -> None:
    case = CASES[name]
    for day in _days(case["history"]):
        if any(day in message["at"] for message in case["history"].get("messages", [])):
            continue
        assert date.fromisoformat(day).weekday() < 5, day
        assert day >= case["received_at"][:10]


@pytest.mark.parametrize("name", CASES)
def test_dates_set_by_rule_are_the_dates_the_rule_gives(name: str) -> None:
    history = CASES[name]["history"]
    for opinion in history.get("opinions", []):
        sent = date.fromisoformat(opinion["sent_on"])
        assert opinion["due_on"] == due("civil", sent, Length(14, "days")).isoformat()
    if consulting := history.get("consulting"):
        began = date.fromisoformat(consulting["began_on"])
        assert consulting["due_on"] == due("civil", began, Length(90, "days")).isoformat()
        assert (consulting["completed_on"] or "") <= consulting["due_on"]


@pytest.mark.parametrize("key", SITTINGS)
def test_every_agenda_that_went_out_went_out_in_time(key: str) -> None:
    sitting = SITTINGS[key]
    held = date.fromisoformat(sitting["starts_at"][:10])
    latest = due("backward", held, Length(7, "days")).isoformat()
    if sitting["state"] != "planned" or sitting["agenda_sent_on"] is not None:
        assert sitting["agenda_sent_on"] <= latest


def test_one_sitting_to_come_has_its_agenda_and_one_is_still_being_prepared() -> None:
    planned = [sitting["agenda_sent_on"] for sitting in SITTINGS.values() if sitting["state"] == "planned"]
    assert None in planned and any(planned)


@pytest.mark.parametrize("name", CASES)
def test_everyone_named_has_an_account(name: str) -> None:
    addresses = set(re.findall(r"[\w.]+@kcity\.test", str(CASES[name]["history"])))
    assert addresses <= ACCOUNTS
    assert CASES[name]["organisation"] in {one["key"] for one in ORGANISATIONS["applicants"]}


FROM_DECISION = set("DECIDED ANNOUNCED RESERVED CLOSED LAPSED".split())
FROM_COMMITTEE = FROM_DECISION | {"TABLED", "DELIBERATING", "RESOLVED"}
FROM_EVALUATION = FROM_COMMITTEE | {"EVALUATING", "RANKED"}
STEPS = {
    "screening": STATES - {"DRAFT", "RECEIVED"},
    "consulting": FROM_EVALUATION | {"CONSULTING", "CONSULTED"},
    "evaluation": FROM_EVALUATION,
    "committee": FROM_COMMITTEE,
    "decision": FROM_DECISION,
    "announce_at": {"DECIDED", "ANNOUNCED", "CLOSED"},
    "returned": {"RETURNED"},
    "withdrawn": {"WITHDRAWN"},
    "declined": {"DECLINED"},
    "lapsed": {"LAPSED"},
    "supplements": {"SUPPLEMENT"},
}


@pytest.mark.parametrize("name", CASES)
def test_the_history_has_what_the_state_needs_and_no_more(name: str) -> None:
    case = CASES[name]
    expected = {step for step, states in STEPS.items() if case["state"] in states}
    if case["type"] == "kcity-demonstration":
        expected -= {"consulting"}
    assert case["history"].keys() & STEPS.keys() == expected


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "evaluation" in case["history"]])
def test_scores_keep_to_the_criteria_and_every_score_has_its_reason(name: str) -> None:
    case = CASES[name]
    cycle = load_programme("kcity").cycle(case["cycle"])
    limits = {criterion.key: criterion.max for criterion in cycle.criteria}
    evaluation = case["history"]["evaluation"]
    assert cycle.ranking and {part.key for part in cycle.ranking.parts} >= evaluation["rounds"].keys()
    for sheets in evaluation["rounds"].values():
        assert (set(sheets) == set(evaluation["panel"])) == (case["state"] != "EVALUATING")
        for sheet in sheets.values():
            assert sheet.keys() == limits.keys()
            assert all(0 <= mark["score"] <= limits[key] for key, mark in sheet.items())
            assert all(mark["reason"]["ko"] for mark in sheet.values())


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "committee" in case["history"]])
def test_ballots_fit_the_members_in_the_sitting(name: str) -> None:
    committee = CASES[name]["history"]["committee"]
    sitting = SITTINGS[committee["sitting"]]
    assert sitting["items"][committee["item"] - 1] == name
    recused = [entry for entry in sitting["recused"] if entry["case"] == name]
    seated = [seat for seat in sitting.get("for_items", []) if seat["case"] == name]
    late = [sitting["written"]["late"]] if "written" in sitting else []
    may_vote = 24 - len(sitting["absent"]) - len(recused) - len(late) + len(seated)
    if void := committee.get("void"):
        assert sum(void["ballots"].values()) == may_vote and void["conflict"]["member"] not in sitting["absent"]
        may_vote -= 1
    cast = sum((committee["ballots"] or {}).values())
    assert cast == may_vote if "resolution" in committee else cast < may_vote


def _told(key: str) -> list[str]:
    return [name for name, case in CASES.items() if key in (case["history"].get("committee") or {})]


def test_every_kind_of_vote_is_told_once() -> None:
    (written,) = [sitting for sitting in SITTINGS.values() if "written" in sitting]
    assert written["state"] == "closed" and written["written"]["reason_code"] in REASONS
    assert (
        written["written"]["closes_at"][:10]
        >= due("civil", date.fromisoformat(written["starts_at"][:10]), Length(5, "days")).isoformat()
    )
    late = written["written"]["late"]["member"]
    assert late in ACCOUNTS and late not in written["absent"]
    assert (_told("void"), _told("dissent")) == (["p12-phnom-penh-waste"], ["p14-kigali-charging"])
    assert CASES["p14-kigali-charging"]["history"]["committee"]["ballots"]["no"] > 0
    assert [n for n, case in CASES.items() if (case["history"].get("again") or {}).get("committee", {}).get("secret")]
    assert [seat["case"] for one in SITTINGS.values() for seat in one.get("for_items", [])] == ["p13-quito-emergency"]


def test_a_challenge_was_dismissed_by_the_members_who_were_there_without_the_one_challenged() -> None:
    (challenge,) = [case["history"]["challenge"] for case in CASES.values() if "challenge" in case["history"]]
    (sitting,) = [one for one in SITTINGS.values() if one["starts_at"].startswith(challenge["decided_on"])]
    assert challenge["member"] not in sitting["absent"]
    assert challenge["present"] == 24 - len(sitting["absent"]) - 1 == sum(challenge["votes"].values())
    assert challenge["votes"]["yes"] * 2 <= challenge["present"]


def test_sections_shown_to_an_opinion_giver_are_sections_of_the_form() -> None:
    shown = [
        (case["type"], opinion["shown"])
        for case in CASES.values()
        for opinion in case["history"].get("opinions", [])
        if "shown" in opinion
    ]
    assert shown
    for kind, sections in shown:
        assert set(sections) <= {section.key for section in load_form(kind, 1).sections}


def test_a_rule_of_the_demo_is_taken_back_before_the_next_sitting_is_planned() -> None:
    first, second = _read("sittings.yaml")["rules"]
    assert (first["secrecy"], second["secrecy"]) == ("secret_if_moved", None)
    between = [key for key, one in SITTINGS.items() if first["in_force_on"] <= one["starts_at"] < second["in_force_on"]]
    assert between == ["sitting-2026-06-24"]


def test_decided_money_keeps_cap_and_envelope() -> None:
    spent: Counter[str] = Counter()
    for case in CASES.values():
        decision = case["history"].get("decision") if case["history"] else None
        if decision and decision["amount_krw"]:
            assert decision["outcome"] == "approve"
            assert decision["amount_krw"] <= load_programme("kcity").cycle(case["cycle"]).cap_krw
            spent[case["cycle"]] += decision["amount_krw"]
    assert spent
    assert all(total <= load_programme("kcity").cycle(key).envelope_krw for key, total in spent.items())


def _ballots(case: dict[str, Any]) -> dict[str, list[int]]:
    evaluation = case["history"]["evaluation"]
    scored = {
        part: [sum(mark["score"] for mark in sheet.values()) for sheet in sheets.values()]
        for part, sheets in evaluation["rounds"].items()
    }
    return scored | ({"bonus": [evaluation["bonus"]]} if "bonus" in evaluation else {})


def _ranking(cycle_key: str, locked_on: str) -> Ranking:
    rule = load_programme("kcity").cycle(cycle_key).ranking
    assert rule and rule.cutoff
    parts = [Part(**part.model_dump()) for part in rule.parts]
    candidates = [
        Candidate(name, _ballots(case))
        for name, case in CASES.items()
        if case["cycle"] == cycle_key and case["history"].get("evaluation", {}).get("locked_on") == locked_on
    ]
    return rank(parts, candidates, Cutoff(rule.cutoff.part, rule.cutoff.percent), rule.order)


@pytest.mark.parametrize(
    ("cycle", "locked_on", "ranked", "excluded"),
    [
        ("planning-2026", "2025-12-05", ["p20-bishkek-heat"], ["p16-ha-dong-schools"]),
        ("demonstration-2026", "2026-04-07", ["d06-riyadh-roads", "d08-astana-care"], ["d07-manila-parking"]),
        (
            "planning-2027",
            "2026-09-04",
            "p14-kigali-charging p13-quito-emergency p11-tbilisi-traffic p12-phnom-penh-waste "
            "p15-kathmandu-air".split(),
            [],
        ),
    ],
)
def test_the_scores_rank_the_cases_as_their_decision_papers_say(
    cycle: str, locked_on: str, ranked: list[str], excluded: list[str]
) -> None:
    result = _ranking(cycle, locked_on)
    assert [place.id for place in result.ranked] == ranked
    assert [(one.id, one.reason) for one in result.excluded] == [(name, "below_cutoff") for name in excluded]
    assert result.ties == ()
