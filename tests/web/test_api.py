"""/api/v1: the same rights as the pages, problems as problem+json, and a document that tells the truth."""

import json

from flask import Flask

from tests.world import World

VERDICT = {"seats": 24, "present": 20, "recused_present": 2, "yes": 9, "no": 9, "abstain": 0, "not_voting": 0}


def test_a_rule_answers_as_on_the_command_line(lite: Flask) -> None:
    answer = lite.test_client().post("/api/v1/rules/verdict", data=json.dumps(VERDICT)).get_json()
    assert (answer["passed"], answer["base"], answer["needed"]) == (False, 18, 10)


def test_bad_input_names_the_field(lite: Flask) -> None:
    response = lite.test_client().post("/api/v1/rules/verdict", data=json.dumps({**VERDICT, "yes": 99}))
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert "yes" in response.get_json()["field"]


def test_an_unknown_rule_is_a_problem(lite: Flask) -> None:
    response = lite.test_client().post("/api/v1/rules/magic", data="{}")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


def test_a_case_tells_what_may_be_done_and_why_not(lite_world: World) -> None:
    case = lite_world.case_in("SCREENING")
    answer = lite_world.client("officer").get(f"/api/v1/cases/{case.number}").get_json()
    assert answer["state"] == "SCREENING"
    blocked = {a["trigger"]: a["reason"] for a in answer["actions"] if not a["allowed"]}
    assert "점검하지 않은" in blocked["find_eligible"]["ko"]


def test_a_stranger_and_a_visitor_find_no_case(lite_world: World) -> None:
    case = lite_world.case_in("SCREENING")
    for who in ("stranger", None):
        assert lite_world.client(who).get(f"/api/v1/cases/{case.number}").status_code == 404


def test_decided_wears_its_veil_here_too(lite_world: World) -> None:
    case = lite_world.case_in("DECIDED", outcome="approve", awarded_krw=123_456_789)
    text = lite_world.client("applicant").get(f"/api/v1/cases/{case.number}").get_data(as_text=True)
    assert '"RESOLVED"' in text
    assert "DECIDED" not in text and "123456789" not in text


def test_the_document_names_every_route(lite: Flask) -> None:
    document = lite.test_client().get("/api/v1/openapi.json").get_json()
    routes = {
        rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}")
        for rule in lite.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }
    assert set(document["paths"]) == routes


def test_projects_refuse_a_year_that_is_none(lite: Flask) -> None:
    assert lite.test_client().get("/api/v1/projects?year=x").status_code == 422
    assert lite.test_client().get("/api/v1/projects?colour=x").status_code == 400
    assert lite.test_client().get("/api/v1/projects").get_json() == {"items": [], "next": None}
