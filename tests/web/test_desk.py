"""The desk in the browser: the address is the view, nothing hidden leaks, refusals keep what was typed."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Attachment, Case, Cycle, Event, Supplement, Version
from app.queries.attachments import file_for
from app.queries.proposal import latest_version
from app.services.assign_consultant import assign_consultant
from app.services.begin_consulting import begin_consulting
from app.services.check_eligibility import check_eligibility
from app.services.declare_consulting import declare_consulting
from app.services.give_advice import give_advice
from app.services.request_opinion import request_opinion
from app.services.write_message import write_message
from tests.world import World
from workflows.form_schema import load_form

CANARY = "카나리아-숨은-내용"


def once(page: str) -> str:
    found = re.search(r'name="once"[^>]*value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="once"', page)
    assert found, "a form carries its once-key"
    return found.group(1)


def seq(number: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(Case.seq).where(Case.number == number)).one()


def state_of(number: str) -> str:
    db.session.rollback()
    return db.session.scalars(sa.select(Case.state).where(Case.number == number)).one()


def test_enter_in_the_supplement_form_sends_it(lite_world: World) -> None:
    number = lite_world.case_in("SCREENING").number
    text = lite_world.client("officer").get(f"/cases/{number}/screening/supplement").text
    buttons = re.findall(r"<button[^>]*>", text[text.index('<form class="form"') :])
    assert 'name="more"' not in buttons[0] and any('name="more"' in button for button in buttons[1:])


def test_a_cycle_is_carried_over_from_its_list_by_officers_alone(lite_world: World) -> None:
    case = lite_world.case_in("RECEIVED")
    path = f"/desk/cycles/{case.cycle_id}/roll-over"
    officer = lite_world.client("officer", lang="en")
    assert path not in officer.get("/desk").text
    assert path in officer.get(f"/desk?cycle={case.cycle_id}").text
    assert path not in lite_world.client("clerk").get(f"/desk?cycle={case.cycle_id}").text
    text = officer.get(path).text
    assert "would concern 1 proposal." in text and case.number not in text
    with unit_of_work():
        db.session.execute(
            sa.update(Cycle).where(Cycle.id == case.cycle_id).values(cut_off_on=clock.today() - timedelta(days=1))
        )
    assert case.number in officer.get(path).text


# The list ------------------------------------------------------------------------------------------------------


def test_the_queue_takes_at_most_eight_statements(lite_world: World, statements: Any) -> None:
    for _ in range(30):
        lite_world.case_in("SCREENING")
    client = lite_world.client("officer")
    for path in ("/desk", "/desk?state=SCREENING&turn=officer&type=kcity-planning&q=Hanoi", "/desk?mine=1&late=1"):
        with statements() as seen:
            answer = client.get(path)
        assert answer.status_code == 200
        assert len([s for s in seen if not s.startswith("PRAGMA")]) <= 8, seen
    assert len(client.get("/desk").data) < 60_000


def test_the_queue_answers_304_until_something_changes(lite_world: World) -> None:
    number = lite_world.case_in("RECEIVED").number
    client = lite_world.client("officer")
    first = client.get("/desk")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/desk", headers=tag).status_code == 304
    with unit_of_work():
        db.session.execute(sa.update(Case).where(Case.number == number).values(title_ko="새 제목"))
    changed = client.get("/desk", headers=tag)
    assert changed.status_code == 200
    assert "새 제목" in changed.text
    assert lite_world.client("officer2").get("/desk", headers=tag).status_code == 200


def test_the_address_is_the_view_and_its_chips_take_it_apart(lite_world: World) -> None:
    lite_world.case_in("SCREENING")
    page = lite_world.client("officer", "en").get("/desk?state=SCREENING&turn=officer&q=zzz").text
    assert "No case fits this view" in page
    assert 'href="/desk?turn=officer&amp;q=zzz"' in page
    assert 'href="/desk?state=SCREENING&amp;q=zzz"' in page
    assert "“zzz”" in page


@pytest.mark.parametrize("query", ["nonsense=1", "late=2", "cycle=x", "after=yesterday", "after=2026-01-01.x"])
def test_nonsense_in_the_address_is_refused(lite_world: World, query: str) -> None:
    assert lite_world.client("officer").get(f"/desk?{query}").status_code == 400


@pytest.mark.parametrize("name", ["applicant", "embassy", "consultant", "evaluator1", "member01", "minister", "admin"])
def test_the_queue_is_for_the_secretariat(lite_world: World, name: str) -> None:
    client = lite_world.client(name)
    assert client.get("/desk").status_code == 404
    assert client.get("/desk.csv").status_code == 404
    assert client.post("/desk/assign", data={"number": ["x"]}).status_code == 404


def test_lateness_is_said_in_words_and_the_readers_language_is_kept(lite_world: World) -> None:
    lite_world.case_in("SCREENING", title_ko="한국어 제목", title_en="English title")
    with unit_of_work():
        db.session.execute(sa.update(Case).values(due_on=clock.today() - timedelta(days=3)))
    korean = lite_world.client("officer").get("/desk?late=1").text
    english = lite_world.client("officer", "en").get("/desk?late=1").text
    assert "3일 지남" in korean and "한국어 제목" in korean
    assert "3 days late" in english and "English title" in english and "한국어 제목" not in english


def test_the_export_holds_the_same_rows_and_no_formula(world: World) -> None:
    world.case_in("SCREENING", title_ko="=HYPERLINK(1)", title_en="=HYPERLINK(1)")
    world.case_in("RECEIVED")
    world.case_in("DRAFT", title_ko=CANARY)
    answer = world.client("officer").get("/desk.csv?state=SCREENING")
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeff")
    assert len(text.strip().splitlines()) == 2
    assert "'=HYPERLINK(1)" in text and ",=HYPERLINK" not in text
    assert CANARY not in world.client("officer").get("/desk.csv").data.decode("utf-8")


def test_several_are_assigned_after_it_was_said_which_may_not(lite_world: World) -> None:
    good, ended = lite_world.case_in("SCREENING").number, lite_world.case_in("CLOSED").number
    client = lite_world.client("officer", "en")
    asked = client.post("/desk/assign", data={"number": [good, ended]})
    assert "2 chosen, 1 can be assigned, 1 cannot" in asked.text
    assert "The case has ended." in asked.text
    officer = str(lite_world.ids["officer2"])
    done = client.post(
        "/desk/assign", data={"number": [good], "officer": officer, "confirmed": "1", "once": once(asked.text)}
    )
    assert done.status_code == 303
    db.session.rollback()
    assert (
        db.session.scalars(sa.select(Case.assignee_id).where(Case.number == good)).one() == lite_world.ids["officer2"]
    )


# One case ------------------------------------------------------------------------------------------------------


def test_an_officer_takes_a_case_himself(lite_world: World) -> None:
    number = lite_world.case_in("RECEIVED", assignee_id=lite_world.ids["officer2"]).number
    client = lite_world.client("officer")
    page = client.get(f"/cases/{number}/assign").text
    assert "내가 맡기" in page
    mine = {"officer": str(lite_world.ids["officer"]), "revision": str(seq(number)), "once": once(page) + "-me"}
    assert client.post(f"/cases/{number}/assign", data=mine).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Case.assignee_id)).one() == lite_world.ids["officer"]


def test_the_checklist_is_saved_beside_the_proposal(lite_world: World) -> None:
    number = lite_world.case_in("SCREENING").number
    client = lite_world.client("officer")
    page = client.get(f"/cases/{number}/screening").text
    assert "하노이 스마트 교통 관제 기본구상" in page and "점검한 항목" in page
    assert "checked" not in re.sub(r"<[^>]*sr[^>]*>", "", page), "nothing is preselected"
    form = {"once": once(page), "revision": str(seq(number)), "met_planning_scope": "no"}
    bare = client.post(f"/cases/{number}/screening", data=form)
    assert bare.status_code == 422 and "확인한 근거를 적어 주십시오." in bare.text
    saved = client.post(f"/cases/{number}/screening", data={**form, "evidence_planning_scope": "건축비 포함"})
    assert saved.status_code == 303
    again = client.get(f"/cases/{number}/screening").text
    assert "건축비 포함" in again
    assert "점검하지 않은 적격 항목이 7개 있습니다." in again, "why it cannot be found eligible yet"


def test_a_supplement_may_get_more_items_and_keeps_what_was_typed(lite_world: World) -> None:
    number = lite_world.case_in("SCREENING").number
    client, path = lite_world.client("officer"), f"/cases/{number}/screening/supplement"
    page = client.get(path).text
    due = (clock.today() + timedelta(days=14)).isoformat()
    typed = {
        "once": once(page), "revision": str(seq(number)), "due_on": due,
        "items-0-section": "project", "items-0-reason": "기간을 적어 주십시오.",
    }  # fmt: skip
    more = client.post(path, data={**typed, "more": "1"})
    assert "items-1-reason" in more.text and "기간을 적어 주십시오." in more.text
    near = client.post(path, data={**typed, "due_on": clock.today().isoformat()})
    assert near.status_code == 422 and "기한은 3일 이상 뒤로 정해 주십시오." in near.text
    for _ in range(2):
        assert client.post(path, data=typed).status_code == 303, "sent twice, done once"
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Supplement)) == 1
    assert state_of(number) == "SUPPLEMENT"


def test_a_stale_page_shows_what_was_typed(lite_world: World) -> None:
    number = lite_world.case_in("SCREENING").number
    client = lite_world.client("officer")
    page = client.get(f"/cases/{number}/return").text
    old = seq(number)
    check_eligibility(lite_world.viewer("officer2"), number, {"planning_scope": (True, "확인")})
    typed = {"once": once(page), "revision": str(old), "ground": "planning_scope", "reason": "길게 적은 반려 이유"}
    answer = client.post(f"/cases/{number}/return", data=typed)
    assert answer.status_code == 409
    assert "길게 적은 반려 이유" in answer.text
    assert state_of(number) == "SCREENING"


def test_an_act_that_is_not_possible_says_why(lite_world: World) -> None:
    number = lite_world.case_in("ELIGIBLE").number
    client = lite_world.client("officer", "en")
    assert "Assign a consultant first." in client.get(f"/cases/{number}/consulting/begin").text
    assert "A decline must be proposed first." in client.get(f"/cases/{number}/decline/confirm").text
    assert "This cannot be done while the case is “Eligible”." in client.get(f"/cases/{number}/return").text


@pytest.mark.parametrize(
    "path", ["screening", "opinions", "assign", "return", "consultant", "decline", "screening/supplement"]
)
@pytest.mark.parametrize("name", ["applicant", "stranger", "embassy", "evaluator1"])
def test_the_desks_pages_are_not_there_for_others(lite_world: World, path: str, name: str) -> None:
    number = lite_world.case_in("SCREENING").number
    assert lite_world.client(name).get(f"/cases/{number}/{path}").status_code == 404


# Outsiders -----------------------------------------------------------------------------------------------------


def asked(world: World) -> str:
    number = world.case_in("ELIGIBLE").number
    with unit_of_work():
        db.session.execute(sa.update(Case).values(decline_reason=CANARY, result_note=CANARY))
    write_message(world.viewer("applicant"), number, CANARY)
    due = clock.today() + timedelta(days=14)
    request_opinion(world.viewer("officer"), number, [world.orgs["ministry"]], CANARY, due)
    request_opinion(world.viewer("officer"), number, [world.orgs["embassy"]], "협력 현황을 알려 주십시오.", due)
    return number


def test_the_outsider_sees_the_essentials_and_nothing_else_of_the_case(lite_world: World) -> None:
    number = asked(lite_world)
    client = lite_world.client("embassy")
    page = client.get(f"/opinions/{number}").text
    assert "협력 현황을 알려 주십시오." in page and "3억 원" in page
    for hidden in (CANARY, "someone@example.org", "외교부", "officer 님"):
        assert hidden not in page
    for path in ("messages", "consulting", "opinions", "screening", "history"):
        assert client.get(f"/cases/{number}/{path}").status_code == 404


def test_the_outsider_reads_what_the_officer_marks_for_it_and_nobody_elses(lite_world: World) -> None:
    number = lite_world.case_in("ELIGIBLE").number
    case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
    with unit_of_work() as session:
        session.add(
            Attachment(
                case_id=case.id, slot="site_map", name="map.pdf", kind="pdf", media_type="application/pdf", size=10,
                sha256="1" * 64, uploaded_at=clock.now(), uploaded_by=case.created_by,
            )
        )  # fmt: skip
    files = sorted(db.session.scalars(sa.select(Attachment.id).where(Attachment.case_id == case.id)))
    listed = [{"id": n, "slot": "x", "name": f"{n}.pdf", "kind": "pdf", "size": 1, "sha256": "0" * 64} for n in files]
    with unit_of_work():
        insert = sa.insert(Version).values(
            case_id=case.id, number=2, answers=latest_version(case).answers, files=listed, sha256="0" * 64,  # type: ignore[union-attr]
            made_at=clock.now(), made_by=case.created_by, reason="revision",
        )  # fmt: skip
        db.session.execute(insert)
    officer, path = lite_world.client("officer"), f"/cases/{number}/opinions"
    page = officer.get(path).text
    assert 'name="sections"' in page and 'name="files"' in page and 'value="declarations"' not in page
    assert not re.search(r'name="(sections|files)"[^>]*checked', page)
    due = (clock.today() + timedelta(days=14)).isoformat()
    form = {"once": once(page), "revision": "1", "question": "의견", "due_on": due}
    body = lite_world.orgs
    shown = {**form, "organisations": str(body["embassy"]), "sections": "need", "files": str(files[0])}
    assert officer.post(path, data={**shown, "files": "999999"}).status_code == 422
    assert officer.post(path, data=shown).status_code == 303
    page = officer.get(path).text
    need = load_form("kcity-planning", 1).section("need")
    assert re.search(rf"제공: {need.title.ko},\s+letter.pdf", page)
    officer.post(path, data={**form, "once": once(page), "organisations": str(body["ministry"])})
    embassy, ministry = lite_world.client("embassy"), lite_world.client("ministry")
    text = embassy.get(f"/opinions/{number}").text
    assert need.title.ko in text and f"/cases/{number}/files/{files[0]}" in text
    assert len(re.findall(r'id="section-need"', text)) <= 1
    other = ministry.get(f"/opinions/{number}").text
    assert need.fields[0].label.ko not in other and "/files/" not in other
    who = lite_world.viewer
    assert file_for(who("embassy"), number, files[0]).id == files[0]
    for name, file in (("embassy", files[1]), ("ministry", files[0]), ("evaluator1", files[0])):
        with pytest.raises(NotFound):
            file_for(who(name), number, file)
    told = db.session.scalars(sa.select(Event.data).where(Event.trigger == "request_opinion").order_by(Event.seq)).all()
    assert told[0]["shown"] == {"version": 2, "sections": ["need"], "files": [f"{files[0]}.pdf"]}
    assert "shown" not in told[1]


def test_the_outsider_answers_once_with_nothing_preselected(lite_world: World) -> None:
    number = asked(lite_world)
    client, path = lite_world.client("embassy"), f"/opinions/{number}"
    page = client.get(path).text
    assert 'type="radio"' in page and "checked" not in page
    bare = client.post(path, data={"once": once(page)})
    assert bare.status_code == 422
    reply = {"once": once(page), "stance": "oppose", "remarks": ""}
    assert "의견의 내용을 적어 주십시오." in client.post(path, data=reply).text
    for _ in range(2):
        assert client.post(path, data={**reply, "remarks": "사업 중복"}).status_code == 303
    after = client.get(path).text
    assert "의견을 제출하셨습니다." in after and "<textarea" not in after
    assert lite_world.client("applicant").get(path).status_code == 404


# Consulting and conversation ------------------------------------------------------------------------------------


def in_consulting(world: World) -> str:
    number = world.case_in("ELIGIBLE").number
    assign_consultant(world.viewer("officer"), number, world.ids["consultant"])
    declare_consulting(world.viewer("consultant"), number, "none", "")
    begin_consulting(world.viewer("officer"), number, "범위를 정한다.")
    give_advice(world.viewer("consultant"), number, "project", "운영 조직을 적어 주십시오.")
    return number


def test_the_consultant_declares_before_the_file_opens(lite_world: World) -> None:
    number = lite_world.case_in("ELIGIBLE").number
    assign_consultant(lite_world.viewer("officer"), number, lite_world.ids["consultant"])
    client = lite_world.client("consultant")
    first = client.get(f"/cases/{number}/consulting")
    assert (first.status_code, first.location) == (302, f"/cases/{number}/consulting/declare")
    page = client.get(first.location).text
    assert "checked" not in page and "Plain words" not in page
    said = {"once": once(page), "answer": "conflict", "ground": "친족이 근무함"}
    assert client.post(first.location, data=said).location == "/duties"
    assert client.get(f"/cases/{number}/consulting").status_code == 404
    assert number not in client.get("/duties").text
    assert client.post(first.location, data=said).status_code == 303, "sent twice, declared once"


def test_the_three_sides_read_the_same_facts_and_have_their_own_acts(lite_world: World) -> None:
    number = in_consulting(lite_world)
    path, pages = f"/cases/{number}/consulting", {}
    for name in ("applicant", "consultant", "officer"):
        pages[name] = lite_world.client(name).get(path).text
        assert "운영 조직을 적어 주십시오." in pages[name] and "범위를 정한다." in pages[name]
    assert "답변 등록" in pages["applicant"] and "판정 등록" not in pages["applicant"]
    assert "답변 등록" not in pages["officer"] and "컨설팅 기간 연장" in pages["officer"]
    assert "신청기관이 답변하면 판정하실 수 있습니다." in pages["consultant"]
    for name in ("stranger", "evaluator1", "embassy"):
        assert lite_world.client(name).get(path).status_code == 404


def test_an_item_is_answered_and_judged_on_the_page(lite_world: World) -> None:
    number = in_consulting(lite_world)
    path = f"/cases/{number}/consulting"

    def send(name: str, step: str, **typed: str) -> Any:
        client = lite_world.client(name)
        prefix = re.search(r'name="(a\d+-)step"', client.get(path).text)
        assert prefix
        key = re.search(rf'name="{prefix[1]}once"[^>]*value="([^"]+)"', client.get(path).text)
        values = {"once": key[1] if key else "", "item": "", "step": step, **typed}
        return client.post(path, data={f"{prefix[1]}{name}": value for name, value in values.items()})

    empty = send("applicant", "answer", answer=" ")
    assert empty.status_code == 422 and "어떻게 반영하였는지 적어 주십시오." in empty.text
    assert send("applicant", "answer", answer="운영과를 둡니다.").status_code == 303
    unsaid = send("consultant", "judge", judgement="이유")
    assert unsaid.status_code == 422 and "판정을 선택해 주십시오." in unsaid.text
    assert send("consultant", "judge", met="yes", judgement="부합합니다.").status_code == 303
    assert "부합합니다." in lite_world.client("applicant").get(path).text


def test_the_conversation_is_between_applicant_and_secretariat(lite_world: World) -> None:
    number = in_consulting(lite_world)
    path = f"/cases/{number}/messages"
    client = lite_world.client("delegate")
    page = client.get(path).text
    sent = {"once": once(page), "text": "자료를 더 보내도 됩니까?"}
    for _ in range(2):
        assert client.post(path, data=sent).status_code == 303
    there = lite_world.client("officer").get(path).text
    assert there.count("자료를 더 보내도 됩니까?") == 1 and "KST" in there
    for name in ("consultant", "stranger", "evaluator1"):
        assert lite_world.client(name).get(path).status_code == 404
    clerk = lite_world.client("clerk")
    assert "<textarea" not in clerk.get(path).text
    assert clerk.post(path, data=sent).status_code == 404


WRITES: list[tuple[str, str, str, dict[str, str]]] = [
    ("SCREENING", "officer", "screening", {"met_planning_scope": "yes", "evidence_planning_scope": "공문"}),
    ("SCREENING", "officer", "screening/supplement", {"items-0-section": "project", "items-0-reason": "기간"}),
    ("SCREENING", "officer", "return", {"ground": "planning_scope", "reason": "건축비"}),
    ("RECEIVED", "officer", "screening/begin", {}),
    ("CONSULTING", "consultant", "consulting/advice", {"section": "project", "text": "자문"}),
    ("CONSULTING", "consultant", "consulting/feasibility", {"feasibility": "타당함", "task_scope": "관제"}),
    ("CONSULTING", "applicant", "messages", {"text": "질문"}),
]


@pytest.mark.parametrize(("state", "name", "page", "typed"), WRITES)
def test_a_write_takes_at_most_twenty_statements(
    world: World, statements: Any, state: str, name: str, page: str, typed: dict[str, str]
) -> None:
    number = in_consulting(world) if state == "CONSULTING" else world.case_in(state).number
    client, path = world.client(name), f"/cases/{number}/{page}"
    form = {"once": once(client.get(path).text), **typed}
    if page not in ("messages", "consulting/advice"):
        form["revision"] = str(seq(number))
    if "items-0-section" in typed:
        form["due_on"] = (clock.today() + timedelta(days=14)).isoformat()
    with statements() as seen:
        answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    counted = [s for s in seen if s.split(None, 1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]
    assert len(counted) <= 20, "\n".join(s.splitlines()[0][:90] for s in counted)


def test_a_field_the_form_does_not_know_is_refused(lite_world: World) -> None:
    number = lite_world.case_in("SCREENING").number
    client = lite_world.client("officer")
    answer = client.post(f"/cases/{number}/screening", data={"once": "a" * 20, "state": "DECIDED"})
    assert answer.status_code == 400
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 1
