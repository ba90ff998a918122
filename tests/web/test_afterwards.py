"""The pages of the end of a case: conditions and proof, letters, the answer to an objection, a second hearing."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.models import ConditionStep, Objection
from app.queries.conditions import in_force
from app.services.evidence_condition import evidence_condition
from app.services.objections import file_objection
from tests.afterwards_steps import AMOUNT, TWO, announced, approved, heard_anew, ranked_anew, rejected, resolve, upheld
from tests.committee_steps import fresh
from tests.intake_steps import PDF
from tests.world import World


def text(answer) -> str:
    return answer.get_data(as_text=True)


def seen(world: World, case) -> str:
    return str(fresh(world, case).seq)


def test_the_conditions_of_a_case_with_purpose_date_state_and_what_this_person_may_do(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    path = f"/cases/{case.number}/conditions"
    applicant = text(world.client("applicant").get(path))
    for said in (
        "제1호",
        "제2호",
        "교통 자료를 개방한다.",
        "성과를 다른 도시와 나누기 위함",
        "이행 전",
        "조건 이행자료 제출",
    ):
        assert said in applicant, said
    assert "조건 변경 신청" in applicant and "조건 이관" not in applicant and "조건 불이행 확인" not in applicant
    officer = text(world.client("officer").get(path))
    assert "조건 이관" in officer and "조건 이행 확인</a>" not in officer and "조건 불이행 확인" not in officer
    assert "Conditions of the approval" in text(world.client("applicant", "en").get(path))
    assert world.client("minister").get(path).status_code == 200
    for name in ("evaluator1", "stranger", "embassy"):
        assert world.client(name).get(path).status_code == 404
    assert f'href="{path}"' in text(world.client("applicant").get(f"/cases/{case.number}"))


def test_before_the_announcement_nobody_outside_reads_conditions(lite: Flask) -> None:
    from app.services.decide import approve
    from tests.committee_steps import ranked

    world = World(lite)
    case = resolve(world, ranked(world), "approve_with_conditions", TWO)
    approve(world.viewer("minister"), case.number, AMOUNT, "의결과 같음")
    assert world.client("applicant").get(f"/cases/{case.number}/conditions").status_code == 404
    assert "교통 자료" in text(world.client("officer").get(f"/cases/{case.number}/conditions"))


def test_proof_is_sent_with_a_file_and_judged(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one = in_force(case)[0].id
    base = f"/cases/{case.number}/conditions/{one}"
    client = world.client("applicant")
    assert 'type="file"' in text(client.get(f"{base}/evidence"))
    empty = client.post(f"{base}/evidence", data={"text": " "})
    assert empty.status_code == 422 and "이행 내용을 적거나" in text(empty)
    kept = client.post(f"{base}/evidence", data={"text": "적은 글", "files": (BytesIO(b"MZ"), "a.pdf")})
    assert kept.status_code == 422 and "적은 글" in text(kept)
    sent = client.post(f"{base}/evidence", data={"text": "개방하였습니다.", "files": (BytesIO(PDF), "증빙.pdf")})
    assert sent.status_code == 303 and sent.headers["Location"].endswith("/conditions")
    page = text(world.client("officer").get(f"/cases/{case.number}/conditions"))
    assert "확인 대기" in page and "증빙.pdf" in page and "개방하였습니다." in page
    file = db.session.scalars(sa.select(ConditionStep)).one().files[0]["id"]
    assert world.client("officer").get(f"/cases/{case.number}/files/{file}").data == PDF
    assert world.client("evaluator1").get(f"/cases/{case.number}/files/{file}").status_code == 404
    officer = world.client("officer")
    assert officer.get(f"{base}/accept").status_code == 200
    no = officer.post(f"{base}/accept", data={"reason": " ", "revision": seen(world, case)})
    assert no.status_code == 422 and "사유를 적어 주십시오." in text(no)
    stale = officer.post(f"{base}/accept", data={"reason": "봄", "revision": "1"})
    assert stale.status_code == 409
    done = officer.post(f"{base}/accept", data={"reason": "확인하였습니다.", "revision": seen(world, case)})
    assert done.status_code == 303
    assert "이행 확인" in text(client.get(f"/cases/{case.number}/conditions"))
    assert "확인하였습니다." in text(client.get(f"/cases/{case.number}"))


def test_an_act_that_cannot_be_done_says_why_and_unknown_ones_do_not_exist(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one = in_force(case)[0].id
    base = f"/cases/{case.number}/conditions"
    officer = world.client("officer")
    assert "확인할 이행자료가 없습니다." in text(officer.get(f"{base}/{one}/accept"))
    assert "기한이 지나기 전에는" in text(officer.get(f"{base}/{one}/breach"))
    for path in (f"{base}/{one}/nonsense", f"{base}/999/carry", f"{base}/{one}/evidence"):
        assert officer.get(path).status_code == 404
    assert world.client("applicant").get(f"{base}/{one}/carry").status_code == 404
    assert world.client("delegate").get(f"{base}/{one}/ask-change").status_code == 404


def test_a_change_is_asked_for_and_answered_on_its_pages(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one = in_force(case)[0].id
    base = f"/cases/{case.number}/conditions/{one}"
    asked = world.client("applicant").post(f"{base}/ask-change", data={"due": "2031-06-30", "reason": "늦어집니다."})
    assert asked.status_code == 303
    officer = world.client("officer")
    assert "변경 신청 중" in text(officer.get(f"/cases/{case.number}/conditions"))
    data = {"granted": "yes", "reason": "타당합니다.", "revision": seen(world, case)}
    assert officer.post(f"{base}/answer-change", data=data).status_code == 303
    assert "2031. 6. 30." in text(officer.get(f"/cases/{case.number}/conditions"))


def test_the_list_of_all_conditions_for_the_secretariat(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    evidence_condition(world.viewer("applicant"), case.number, in_force(case)[1].id, "냄")
    officer = world.client("officer")
    page = text(officer.get("/conditions"))
    assert page.count(f"/cases/{case.number}/conditions") == 2 and "확인 대기" in page
    assert text(officer.get("/conditions?view=evidenced")).count(f"/cases/{case.number}/conditions") == 1
    assert "이 목록에 조건이 없습니다" in text(officer.get("/conditions?view=breached"))
    assert officer.get("/conditions?view=nonsense").status_code == 404
    assert world.client("auditor", "en").get("/conditions").status_code == 200
    for name in ("applicant", "evaluator1", "member01", "admin"):
        assert world.client(name).get("/conditions").status_code == 404


def test_the_case_page_offers_proof_to_the_applicant_and_review_to_the_officer_only_while_there_is_some(
    lite: Flask,
) -> None:
    world = World(lite)
    case, plain = approved(world, TWO), rejected(world)
    address = f'href="/cases/{case.number}/conditions"'
    first = text(world.client("applicant").get(f"/cases/{case.number}"))
    assert "조건 이행자료 제출" in first and "조건 변경 신청" not in first
    assert address in first
    for name in ("applicant", "officer"):
        page = text(world.client(name).get(f"/cases/{plain.number}"))
        assert (
            f'href="/cases/{plain.number}/conditions"' not in page
            and "재심의 개시" not in page
            and "처리기간 연장" not in page
        )


def test_the_time_to_answer_is_extended_on_its_page(lite: Flask) -> None:
    world = World(lite)
    case = rejected(world)
    file_objection(world.viewer("applicant"), case.number, "합계가 틀렸습니다.")
    officer = world.client("officer")
    path = f"/cases/{case.number}/objection/extension"
    assert f'href="{path}"' in text(officer.get(f"/cases/{case.number}/objection"))
    wrong = officer.post(path, data={"days": "11", "reason": "조사", "revision": seen(world, case)})
    assert wrong.status_code == 422 and "10일까지" in text(wrong) and "조사" in text(wrong)
    data = {"days": "10", "reason": "현장 조사가 필요합니다.", "revision": seen(world, case)}
    assert officer.post(path, data=data).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Objection)).one().extended_at is not None
    assert "현장 조사가 필요합니다." in text(world.client("applicant").get(f"/cases/{case.number}/objection"))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_case_is_heard_anew_and_all_its_letters_stay_readable(lite: Flask, lang: str) -> None:
    from app.services.decide import approve

    world = World(lite)
    case = upheld(world, rejected(world))
    officer, applicant = world.client("officer", lang), world.client("applicant", lang)
    path = f"/cases/{case.number}/reconsider"
    assert f'href="{path}"' in text(officer.get(f"/cases/{case.number}/objection"))
    assert officer.get(path).status_code == 200 and applicant.get(path).status_code == 404
    assert officer.post(path, data={"revision": seen(world, case)}).status_code == 303
    again = officer.post(path, data={"revision": seen(world, case)})
    assert again.status_code == 403
    assert applicant.get(f"/cases/{case.number}/letter").status_code == 404
    for kind in ("decision", "objection"):
        assert applicant.get(f"/cases/{case.number}/letters/{kind}").status_code == 200
        pdf = applicant.get(f"/cases/{case.number}/letters/{kind}.pdf")
        assert pdf.mimetype == "application/pdf"
        assert applicant.post(f"/cases/{case.number}/letters/{kind}/received", data={}).status_code == 303
    assert applicant.get(f"/cases/{case.number}/letters/decision_anew").status_code == 404
    assert applicant.get(f"/cases/{case.number}/letters/nonsense").status_code == 404
    assert world.client("stranger").get(f"/cases/{case.number}/letters").status_code == 404
    ranked_anew(world, case)
    resolve(world, case, "approve")
    approve(world.viewer("minister"), case.number, AMOUNT, "재심의")
    assert text(applicant.get(f"/cases/{case.number}/letters")).count("/letters/") == 2
    assert applicant.get(f"/cases/{case.number}/letters/decision_anew").status_code == 404
    announced(world, case)
    listed = text(applicant.get(f"/cases/{case.number}/letters"))
    assert f'/cases/{case.number}/letter"' in listed and listed.count("/letters/") == 2
    money = text(applicant.get(f"/cases/{case.number}/money"))
    assert (("앞선 결정" if lang == "ko" else "Earlier decisions") in money and "480" in money) or "4억" in money


def test_the_money_page_says_that_a_case_is_being_reconsidered(lite: Flask) -> None:
    world = World(lite)
    case = heard_anew(world, approved(world, TWO))
    page = text(world.client("officer").get(f"/cases/{case.number}/money"))
    assert "재심의 중" in page and "유지됩니다" in page
    assert world.client("applicant").get(f"/cases/{case.number}/conditions").status_code == 404
    assert "재심의 중에는 당초 결정의 조건" in text(world.client("officer").get(f"/cases/{case.number}/conditions"))
