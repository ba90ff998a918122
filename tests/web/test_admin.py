"""Administration: it exists for administrators only, and what they change is kept with who, when and why."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.authz import mark_of
from app.db import unit_of_work
from app.extensions import db
from app.models import Cycle, CycleRevision, Envelope, RoleGrant, User
from tests.web.afresh import reads_afresh
from tests.world import World, counted_statements

PAGES = ("", "/people", "/invitations", "/organisations", "/organisations/new", "/cycles", "/mails")


@pytest.fixture
def world(lite: Flask) -> World:
    reads_afresh(lite)
    return World(lite)


def typed(page: str) -> dict[str, object]:
    """What the form of a cycle's page would send as it stands."""
    form = page.split('class="form stack"')[1].split("</form>")[0]
    data: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") == "checkbox":
            if " checked" in tag:
                data.setdefault(found["name"], []).append(found["value"])  # type: ignore[union-attr]
        elif found["name"] not in ("csrf_token", "once"):
            data[found["name"]] = found.get("value", "")
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        data[name] = chosen[1] if chosen else ""
    return data


def edited(client: FlaskClient, cycle: Cycle, **changes: object) -> object:
    path = f"/admin/cycles/{cycle.id}"
    return client.post(path, data={**typed(client.get(path).text), "reason": "2027년 공고에 맞춤", **changes})


def test_administration_does_not_exist_for_anybody_else(world: World) -> None:
    for name in ("applicant", "officer", "minister", "auditor", "member01"):
        client = world.client(name)
        cycle = world.cycle().id
        for path in (*PAGES, f"/people/{world.ids['admin']}", f"/cycles/{cycle}"):
            assert client.get(f"/admin{path}").status_code == 404, (name, path)
        assert client.post(f"/admin/people/{world.ids['admin']}/disable").status_code == 404


def test_every_route_of_administration_is_marked_for_administrators(lite: Flask) -> None:
    rules = [rule for rule in lite.url_map.iter_rules() if rule.rule.startswith("/admin")]
    assert len(rules) >= 14
    assert {mark_of(rule.endpoint).roles for rule in rules} == {("admin",)}


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_page_opens_in_both_languages(world: World, lang: str) -> None:
    client = world.client("admin", lang)
    for path in (*PAGES, f"/people/{world.ids['embassy']}", f"/cycles/{world.cycle().id}"):
        response = client.get(f"/admin{path}")
        assert response.status_code == 200 and f'<html lang="{lang}">' in response.text, path
        assert "None" not in re.sub(r"<[^>]+>", "", response.text), path


def test_lists_are_read_in_eight_statements_or_fewer(world: World) -> None:
    client = world.client("admin")
    for path in ("/people", "/organisations", "/cycles", "/mails"):
        with counted_statements() as seen:
            client.get(f"/admin{path}")
        assert len([s for s in seen if not s.startswith(("BEGIN", "PRAGMA"))]) <= 8, path


def test_people_are_found_by_words_and_role_and_read_page_by_page(world: World) -> None:
    client = world.client("admin")
    first = client.get("/admin/people").text
    shown = re.findall(r"[\w]+@kcity\.test", first)
    second = client.get(re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")).text
    rest = re.findall(r"[\w]+@kcity\.test", second)
    assert len(set(shown)) == 25 and len(set(shown) | set(rest)) == len(world.ids)
    assert not set(shown) & set(rest)
    page = client.get("/admin/people?q=EVALUATOR&role=evaluator").text
    assert len(set(re.findall(r"evaluator\d@", page))) == 7
    assert "evaluator1@" not in client.get("/admin/people?q=%25").text
    assert client.get("/admin/people?before=1%27--").status_code == 404


def test_a_role_is_given_ended_and_stays_in_the_history(world: World) -> None:
    client, path = world.client("admin"), f"/admin/people/{world.ids['officer']}"
    data = {"role": "clerk", "programme": "kcity", "organisation": ""}
    assert client.post(f"{path}/roles", data={**data, "granted_by": "1"}).status_code == 400
    assert client.post(f"{path}/roles", data=data).status_code == 303
    assert client.post(f"{path}/roles", data=data).status_code == 422
    with unit_of_work():
        grant = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role == "clerk").order_by(RoleGrant.id.desc()))
        grant_id = grant.first().id
    assert client.post(f"{path}/roles/{grant_id}/end").status_code == 303
    kept = db.session.get(RoleGrant, grant_id)
    assert kept.granted_by == world.ids["admin"] and kept.ended_at is not None
    assert client.post(f"{path}/roles/{grant_id}/end").status_code == 404


def test_an_opinion_giver_needs_the_organisation_it_speaks_for(world: World) -> None:
    client, path = world.client("admin"), f"/admin/people/{world.ids['officer']}/roles"
    data = {"role": "opinion_giver", "programme": "kcity", "organisation": ""}
    assert client.post(path, data=data).status_code == 422
    assert client.post(path, data={**data, "organisation": str(world.orgs["kotra"])}).status_code == 303
    both = {"role": "clerk", "programme": "kcity", "organisation": str(world.orgs["kotra"])}
    assert client.post(path, data=both).status_code == 422


def test_an_administrator_shuts_neither_himself_nor_his_role_out(world: World) -> None:
    client, path = world.client("admin"), f"/admin/people/{world.ids['admin']}"
    own = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.user_id == world.ids["admin"]))
    assert client.post(f"{path}/disable").status_code == 403
    assert client.post(f"{path}/roles/{own}/end").status_code == 403
    assert client.get("/admin").status_code == 200


def test_the_text_of_mails_with_their_secrets_is_shown_in_the_demo_only(world: World) -> None:
    world.client().post("/reset", data={"email": "officer@kcity.test"})
    page = world.client("admin").get("/admin/mails").text
    assert "officer@kcity.test" in page and "/reset/" not in page
    world.app.config["DEMO"] = True
    assert "/reset/" in world.client("admin").get("/admin/mails").text


# Cycles ------------------------------------------------------------------------------------------------------


def test_an_edit_is_a_revision_with_who_why_and_what_it_changed(world: World) -> None:
    client, cycle = world.client("admin"), world.cycle()
    before = cycle.settings
    response = edited(client, cycle, cap_krw="450,000,000", set_agenda_days="10", clock_screening_days="25")
    assert response.status_code == 303
    page = client.get(f"/admin/cycles/{cycle.id}").text
    assert "5억 원" in page and "4억 5,000만 원" in page and "2027년 공고에 맞춤" in page and "admin 님" in page
    stored = db.session.get(Cycle, cycle.id)
    assert (stored.cap_krw, stored.revision) == (450_000_000, 2)
    assert stored.settings["agenda_days"] == 10 and stored.settings["clocks"] == {"screening_days": 25}
    for key in ("criteria", "ranking", "committee", "allocation", "note", "source", "stages"):
        assert stored.settings[key] == before[key], key
    first, second = db.session.scalars(
        sa.select(CycleRevision).where(CycleRevision.cycle_id == cycle.id).order_by(CycleRevision.revision)
    )
    assert first.content["cap_krw"] == 500_000_000 and second.content["cap_krw"] == 450_000_000
    assert second.changed_by == world.ids["admin"]


def test_weights_say_that_they_are_samples_and_must_add_up(world: World) -> None:
    client, cycle = world.client("admin"), world.cycle()
    page = client.get(f"/admin/cycles/{cycle.id}").text
    weight = page.split('for="weight_importance"')[1][:300]
    assert "견본" in weight
    refused = edited(client, cycle, weight_importance="31")
    assert refused.status_code == 422 and "지금은 101점" in refused.text
    assert edited(client, cycle, weight_importance="31", weight_viability="29").status_code == 303


def test_the_envelope_never_falls_below_what_is_committed(world: World) -> None:
    client, cycle = world.client("admin"), world.cycle()
    with unit_of_work():
        envelope = db.session.get(Envelope, cycle.id)
        envelope.committed_krw, envelope.awards = 480_000_000, 1
    refused = edited(client, cycle, envelope_krw="479,999,999")
    assert refused.status_code == 422 and "4억 8,000만 원" in refused.text
    assert edited(client, cycle, envelope_krw="").status_code == 422
    assert edited(client, cycle, planned_awards="0").status_code == 422
    assert edited(client, cycle, envelope_krw="480000000").status_code == 303
    assert db.session.get(Envelope, cycle.id).amount_krw == 480_000_000


def test_a_stale_page_loses_nothing_and_shows_both_texts(world: World) -> None:
    first, second, cycle = world.client("admin"), world.client("admin"), world.cycle()
    path = f"/admin/cycles/{cycle.id}"
    mine = {**typed(second.get(path).text), "reason": "나의 사유", "cap_krw": "600000000"}
    assert edited(first, cycle, cap_krw="450000000").status_code == 303
    answer = second.post(path, data=mine)
    assert answer.status_code == 409
    assert "4억 5,000만 원" in answer.text and "6억 원" in answer.text and "나의 사유" in answer.text
    assert db.session.get(Cycle, cycle.id).cap_krw == 450_000_000


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"cap_krw": "-1"},
        {"cap_krw": "0"},
        {"cap_krw": "1e9"},
        {"cap_krw": "9" * 30},
        {"cap_krw": "오억"},
        {"cut_off": "2026-02-30"},
        {"cut_off": "0001-01-01"},
        {"decision_month": "2027-13"},
        {"closes": "2026-12-31"},
        {"cut_off": "2025-01-01"},
        {"regime": "none_of_these"},
        {"set_panel_minimum": "4"},
        {"set_panel_minimum": ""},
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world: World, changes: dict[str, str]) -> None:
    cycle = world.cycle()
    response = edited(world.client("admin"), cycle, **changes)
    assert response.status_code == 422 and 'id="error-summary"' in response.text
    assert db.session.get(Cycle, cycle.id).revision == 1


def test_an_edit_without_a_change_or_with_a_foreign_field_is_no_revision(world: World) -> None:
    client, cycle = world.client("admin"), world.cycle()
    assert edited(client, cycle).status_code == 422
    assert edited(client, cycle, fiscal_year="2030").status_code == 400
    assert db.session.get(Cycle, cycle.id).revision == 1


def test_an_administrator_of_another_programme_edits_nothing_here(world: World) -> None:
    with unit_of_work():
        world.add_user("sandbox", role="admin", programme="sandbox")
    client, cycle = world.client("sandbox"), world.cycle()
    assert edited(client, cycle, cap_krw="1").status_code == 403
    officer = f"/admin/people/{world.ids['officer']}"
    assert client.post(f"{officer}/disable").status_code == 403
    role = {"role": "admin", "programme": "", "organisation": ""}
    assert client.post(f"{officer}/roles", data=role).status_code == 403
    assert db.session.get(User, world.ids["officer"]).disabled_at is None
