"""The case page: whose turn, what may be done and what not, and who sees what."""

import pytest

from tests.world import World


def page(world: World, who: str, number: str, lang: str = "ko") -> str:
    response = world.client(who, lang).get(f"/cases/{number}")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_it_says_whose_turn_it_is_and_what_comes_next(lite_world: World) -> None:
    case = lite_world.case_in("RECEIVED")
    assert "사무국 담당자 차례입니다" in page(lite_world, "applicant", case.number)
    assert "It is the turn of the secretariat officer" in page(lite_world, "applicant", case.number, "en")


def test_a_blocked_action_says_why(lite_world: World) -> None:
    case = lite_world.case_in("SCREENING")
    assert "점검하지 않은 적격 항목이" in page(lite_world, "officer", case.number)


def test_decided_looks_like_awaiting_the_decision_to_the_applicant(lite_world: World) -> None:
    case = lite_world.case_in("DECIDED", outcome="approve", awarded_krw=123_456_789)
    text = page(lite_world, "applicant", case.number)
    assert "결정 대기" in text
    assert "예비" not in text
    assert "2,345" not in text and "123,456" not in text
    assert "승인" not in text


@pytest.mark.parametrize("who", ["stranger", "evaluator1", "member01", "consultant", "embassy", "company", "admin"])
def test_who_has_nothing_to_do_with_a_case_gets_what_a_wrong_number_gets(lite_world: World, who: str) -> None:
    case = lite_world.case_in("SCREENING")
    client = lite_world.client(who)
    there, nowhere = client.get(f"/cases/{case.number}"), client.get("/cases/KCN-2027-9999")
    assert there.status_code == nowhere.status_code == 404
    strip = lambda r: r.get_data(as_text=True).replace(case.number, "").replace("KCN-2027-9999", "")  # noqa: E731
    first, second = strip(there), strip(nowhere)
    assert len(first) == len(second)


def test_the_case_page_is_cheap(lite_world: World, statements) -> None:  # type: ignore[no-untyped-def]
    case = lite_world.case_in("SCREENING")
    client = lite_world.client("officer")
    client.get(f"/cases/{case.number}")
    with statements() as seen:
        client.get(f"/cases/{case.number}")
    selects = [s for s in seen if not s.startswith(("BEGIN", "PRAGMA"))]
    assert len(selects) <= 12, "\n".join(selects)


def test_the_timeline_tells_what_was_asked_for_and_links_what_changed(lite_world: World) -> None:
    from datetime import timedelta

    from app import clock
    from app.services.request_supplement import request_supplement

    case = lite_world.case_in("SCREENING")
    due = clock.today() + timedelta(days=14)
    request_supplement(lite_world.viewer("officer"), case.number, [("project", "위치를 밝혀 주십시오.")], due)
    text = page(lite_world, "applicant", case.number)
    assert "위치를 밝혀 주십시오." in text
    assert f"{due.year}. {due.month}. {due.day}." in text


def test_a_run_of_messages_is_told_in_one_line(lite_world: World) -> None:
    from app.services.write_message import write_message

    case = lite_world.case_in("SCREENING")
    for number in range(4):
        write_message(lite_world.viewer("applicant"), case.number, f"문의 {number}")
    text = page(lite_world, "officer", case.number)
    assert "메시지 보내기 4건" in text
    assert text.count('class="event"') == 2
