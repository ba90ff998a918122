"""Panel, sheets, lock and papers on their pages: what one reads, what one types, what stays shut."""

import io
import json
import re
import zipfile
from hashlib import sha256

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.services.close_evaluation import close_evaluation
from app.services.consensus import answer_consensus, name_rapporteur, write_consensus
from app.services.open_evaluation import open_evaluation
from app.services.rank_round import rank_round
from app.services.submit_scores import submit_sheet
from tests.committee_steps import PANEL, SHEET, form_panel, in_evaluation, ranked, score_all
from tests.world import World

FIELDS = {
    f"{key}-{part}": value
    for key, marks in SHEET.items()
    for part, value in zip(("score", "reason"), marks, strict=True)
}
REMARKS = {key: f"{key} 합의 의견" for key in SHEET}


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def revision(page: str) -> str:
    found = re.search(r'name="revision"[^>]*value="(\d+)"', page)
    assert found
    return found.group(1)


def test_a_sheet_keeps_itself_and_only_its_author_sees_it(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    path = f"/cases/{case.number}/score/evaluation"
    mine = world.client("evaluator1")
    typed = {"importance-score": "2x", "importance-reason": "카나리아 초안", "viability-abstain": "y"}
    saved = mine.post(f"{path}/draft", data=typed)
    assert saved.status_code == 204
    assert re.fullmatch(r"\d\d:\d\d:\d\d", saved.headers["X-Saved-At"])
    page = text(mine, path)
    assert "카나리아 초안" in page and 'value="2x"' in page and "checked" in page
    for name in ("evaluator2", "officer", "auditor"):
        client = world.client(name)
        seen = client.get(path).get_data(as_text=True) + text(client, f"/cases/{case.number}/evaluation")
        assert "카나리아" not in seen, name
        if name != "evaluator2":
            assert client.post(f"{path}/draft", data=typed).status_code == 404
    assert mine.post(f"{path}/draft", data={"made_up": "1"}).status_code == 400


def test_submit_and_next_goes_round_the_stream_with_its_progress(lite: Flask) -> None:
    world = World(lite)
    cases = [in_evaluation(world) for _ in range(3)]
    client = world.client("evaluator1", "en")
    page = text(client, "/duties/scores")
    assert "0 / 3" in page
    first = cases[0].number
    assert "Number 1 of 3" in text(client, f"/cases/{first}/score/evaluation")
    on = client.post(f"/cases/{first}/score/evaluation", data={**FIELDS, "then": "next"})
    assert on.headers["Location"] == f"/cases/{cases[1].number}/score/evaluation"
    skipped = client.get(f"/cases/{cases[1].number}/score/evaluation/skip")
    assert skipped.headers["Location"] == f"/cases/{cases[2].number}/score/evaluation"
    on = client.post(f"/cases/{cases[2].number}/score/evaluation", data={**FIELDS, "then": "next"})
    assert on.headers["Location"] == f"/cases/{cases[1].number}/score/evaluation", "what was skipped comes round again"
    page = text(client, on.headers["Location"])
    assert "2 / 3" in page
    assert "My own totals in this round (2)" in page
    on = client.post(on.headers["Location"], data={**FIELDS, "then": "next"})
    assert on.headers["Location"] == "/duties/scores"
    assert "3 / 3" in text(client, "/duties/scores")


def test_an_abstention_is_typed_and_told_apart_from_zero_and_blank(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    client = world.client("evaluator1")
    path = f"/cases/{case.number}/score/evaluation"
    blank = {**FIELDS, "viability-score": ""}
    assert client.post(path, data=blank).status_code == 422
    both = client.post(path, data={**FIELDS, "viability-abstain": "y"})
    assert both.status_code == 422 and "채점과 기권 중 하나만" in both.get_data(as_text=True)
    assert client.post(path, data={**blank, "viability-abstain": "y"}).status_code == 303
    page = text(client, f"/cases/{case.number}/evaluation")
    assert "기권한 항목이 있어 합계가 없습니다." in page


def test_before_the_close_no_page_tells_a_score_and_after_it_the_diagnosis_does(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    score_all(world, case, {**SHEET, "importance": ("17.77", "카나리아 사유")})
    paths = ("", "/diagnosis", "/consensus", "/paper", "/paper.pdf", "/draw", "/draw.json")
    for name in ("officer", "auditor", "clerk", "minister", "evaluator2"):
        client = world.client(name)
        for tail in paths:
            answer = client.get(f"/cases/{case.number}/evaluation{tail}")
            body = answer.get_data(as_text=tail != "/paper.pdf")
            assert tail in ("", "/draw", "/draw.json") or answer.status_code == 404, (name, tail)
            if name != "evaluator2" or tail:
                assert "17.77" not in str(body) and "카나리아" not in str(body), (name, tail)
    close_evaluation(world.viewer("officer"), case.number)
    page = text(world.client("officer", "en"), f"/cases/{case.number}/evaluation/diagnosis")
    assert "Evaluator1" in page and "Highest dropped" in page and "Lowest dropped" in page
    page = text(world.client("evaluator2", "en"), f"/cases/{case.number}/evaluation/diagnosis")
    assert "Evaluator1" not in page and "Evaluator 1" in page, "no names for the panel itself"
    for name in ("applicant", "evaluator6"):
        assert world.client(name).get(f"/cases/{case.number}/evaluation/diagnosis").status_code == 404


def test_two_rounds_show_their_progress_and_both_are_closed_together(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("ELIGIBLE", "kcity-demonstration")
    form_panel(world, case)
    open_evaluation(world.viewer("officer"), case.number)
    sheet = {"conditions": ("40", "x"), "export_potential": ("41", "y")}
    score_all(world, case, sheet, "written")
    officer = world.client("officer", "en")
    assert "1 / 2" in text(officer, f"/cases/{case.number}/evaluation")
    mine = text(world.client("evaluator1", "en"), f"/cases/{case.number}/evaluation")
    assert f"/cases/{case.number}/score/presentation" in mine
    score_all(world, case, sheet, "presentation")
    close_evaluation(world.viewer("officer"), case.number)
    page = text(officer, f"/cases/{case.number}/evaluation/diagnosis")
    assert "Written evaluation" in page and "Presentation" in page


def test_a_correction_and_a_ranking_anew_on_their_pages(lite: Flask) -> None:
    world = World(lite)
    case = ranked(world)
    client = world.client("evaluator1")
    path = client.get(f"/cases/{case.number}/correct").headers["Location"]
    page = text(client, path)
    assert 'value="24"' in page and "정정 사유" in page
    changed = {**FIELDS, "importance-score": "30"}
    assert client.post(path, data={**changed, "reason": ""}).status_code == 422
    assert client.post(path, data={**changed, "reason": "합산 착오를 바로잡음"}).status_code == 303
    officer = world.client("officer")
    page = text(officer, f"/cases/{case.number}/evaluation")
    assert "합산 착오를 바로잡음" in page and "78.5" in page and "1건이 다릅니다" in page.replace("2건", "1건")
    again = f"/cases/{case.number}/evaluation/rank-again"
    seen = revision(text(officer, again))
    assert officer.post(again, data={"revision": seen, "reason": ""}).status_code == 422
    assert officer.post(again, data={"revision": seen, "reason": "정정 반영"}).status_code == 303
    page = text(officer, f"/cases/{case.number}/evaluation")
    assert "집계 이력" in page and "정정 반영" in page


def test_a_report_is_written_answered_and_read(lite: Flask) -> None:
    world = World(lite)
    case = ranked(world)
    officer = world.client("officer")
    path = f"/cases/{case.number}/evaluation/rapporteur"
    data = {"revision": revision(text(officer, path)), "evaluator": world.ids["evaluator2"]}
    assert officer.post(path, data=data).status_code == 303
    writer = world.client("evaluator2")
    path = f"/cases/{case.number}/evaluation/consensus/write"
    form = {"revision": revision(text(writer, path)), "text": "종합하면 적정합니다.",
            **{f"remark-{k}": v for k, v in REMARKS.items()}}  # fmt: skip
    assert writer.post(path, data={**form, "text": ""}).status_code == 422
    assert writer.post(path, data=form).status_code == 303
    other = world.client("evaluator3")
    path = f"/cases/{case.number}/evaluation/consensus/answer"
    data = {"revision": revision(text(other, path)), "answer": "dissent", "words": "사업성은 더 낮게 봅니다."}
    assert other.post(path, data=data).status_code == 303
    for name in ("officer", "evaluator1", "auditor"):
        page = text(world.client(name), f"/cases/{case.number}/evaluation/consensus")
        assert "종합하면 적정합니다." in page and "사업성은 더 낮게 봅니다." in page
    assert world.client("applicant").get(f"/cases/{case.number}/evaluation/consensus").status_code == 404


def test_a_panel_is_proposed_with_reasons_and_those_ticked_are_invited(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    officer = world.client("officer", "en")
    for name in ("evaluator1", "evaluator2"):
        client = world.client(name)
        typed = {
            "expertise": ["culture"],
            "institution": "한 기관",
            "region": "capital",
            "yearly_cap": "3",
            "revision": "0",
        }
        assert client.post("/duties/profile", data=typed).status_code == 303
    path = f"/cases/{case.number}/evaluation/proposal"
    page = text(officer, f"{path}?seats=3")
    assert "1 of the same institution already" in page and "No expertise in the sectors" in page
    data = {"revision": revision(page), "people": [world.ids["evaluator3"], world.ids["evaluator4"]]}
    assert officer.post(f"{path}?seats=5", data=data).status_code == 303
    page = text(officer, f"/cases/{case.number}/evaluation")
    assert "by proposal" in page and "No answer yet" in page
    assert text(officer, "/desk/evaluators").count("한 기관") == 2
    assert world.client("evaluator3").get("/desk/evaluators").status_code == 404
    assert world.client("evaluator3").get(path).status_code == 404


def test_a_draw_is_shown_with_all_that_is_needed_to_draw_it_again(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    officer = world.client("officer")
    path = f"/cases/{case.number}/evaluation/pool"
    data = {
        "revision": revision(text(officer, path)),
        "seats": "5",
        "most_per_institution": "1",
        "seed_source": "로또 1200회",
    }
    from app import clock

    assert officer.post(path, data=data).status_code == 422, "no day"
    assert officer.post(path, data={**data, "seed_on": clock.today().isoformat()}).status_code == 303
    path = f"/cases/{case.number}/evaluation/draw/seed"
    data = {"revision": revision(text(officer, path)), "seed": "3 11 19 27 33 41"}
    assert officer.post(path, data=data).status_code == 303
    assert "기록과 같음을 확인하였습니다" in text(officer, f"/cases/{case.number}/evaluation/draw")
    (told,) = json.loads(text(world.client("auditor"), f"/cases/{case.number}/evaluation/draw.json"))
    lines = [
        f"{told['seats']}\t{told['most_per_institution']}",
        *(f"{e['id']}\t{e['institution']}" for e in told["pool"]),
    ]
    pool = sha256("\n".join(lines).encode()).hexdigest()
    assert pool == told["sha256"]
    tickets = sorted((sha256(f"{pool}\n{told['seed']}\n{e['id']}".encode()).hexdigest(), e["id"]) for e in told["pool"])
    assert [t["id"] for t in told["drawn"] if t["seat"]] == [person for _, person in tickets[:5]]
    assert world.client("evaluator1").get(f"/cases/{case.number}/evaluation/draw.json").status_code == 404


# decision papers --------------------------------------------------------------------------------------------


def papered(world: World):
    case = ranked(world)
    name_rapporteur(world.viewer("officer"), case.number, world.ids["evaluator2"])
    write_consensus(world.viewer("evaluator2"), case.number, "종합하면 적정합니다.", REMARKS)
    answer_consensus(world.viewer("evaluator1"), case.number, "agree")
    answer_consensus(world.viewer("evaluator3"), case.number, "dissent", "사업성은 더 낮게 봅니다.")
    rank_round(world.viewer("officer"), case.cycle_id)
    return case


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_papers_of_case_and_round_say_the_same_in_every_form(lite: Flask, lang: str) -> None:
    world = World(lite)
    case = papered(world)
    client = world.client("clerk", lang)
    for path in (f"/cases/{case.number}/evaluation/paper", f"/rounds/{case.cycle_id}/paper"):
        page = text(client, path)
        said = ["78.5", case.number if "rounds" in path else "종합하면 적정합니다."]
        pdf = client.get(f"{path}.pdf")
        words = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf.data)).pages)
        hwpx = zipfile.ZipFile(io.BytesIO(client.get(f"{path}.hwpx").data)).read("Contents/section0.xml").decode()
        xlsx = zipfile.ZipFile(io.BytesIO(client.get(f"{path}.xlsx").data))
        sheets = xlsx.read("xl/sharedStrings.xml").decode() + xlsx.read("xl/worksheets/sheet2.xml").decode()
        for one in said:
            for where in (page, words, hwpx, sheets):
                assert one.replace(" ", "") in where.replace(" ", "").replace("\n", ""), (path, one)
        assert pdf.mimetype == "application/pdf" and f"-{lang}.pdf" in pdf.headers["Content-Disposition"]
        assert client.get(f"{path}.doc").status_code == 404
        assert "evaluator" not in page.split('class="paper"')[1].lower(), "no evaluator is named"


def test_a_case_paper_fits_one_page(lite: Flask) -> None:
    world = World(lite)
    case = papered(world)
    for lang in ("ko", "en"):
        pdf = world.client("clerk", lang).get(f"/cases/{case.number}/evaluation/paper.pdf")
        assert len(pypdf.PdfReader(io.BytesIO(pdf.data)).pages) == 1


def test_a_round_is_frozen_on_its_page_and_the_page_says_what_was_frozen(lite: Flask) -> None:
    world = World(lite)
    case = ranked(world)
    officer = world.client("officer")
    path = f"/rounds/{case.cycle_id}/freeze"
    assert "되돌릴 수 없습니다" in text(officer, path)
    assert officer.post(path, data={}).status_code == 303
    assert "제1차 확정" in text(officer, f"/rounds/{case.cycle_id}")
    assert officer.post(path, data={"reason": "다시"}).status_code == 422
    assert world.client("clerk").get(path).status_code == 404


def test_everyone_declines_and_the_page_says_so(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    client = world.client("evaluator1")
    path = f"/cases/{case.number}/duty"
    assert client.post(path, data={"answer": "decline", "reason": ""}).status_code == 422
    assert client.post(path, data={"answer": "decline", "reason": "일정", "proposed": "김대신"}).status_code == 303
    for tail in ("", "/evaluation", "/score/evaluation", "/duty", "/declare"):
        assert client.get(f"/cases/{case.number}{tail}").status_code == 404, tail
    page = text(world.client("officer"), f"/cases/{case.number}/evaluation")
    assert "거절" in page and "김대신" in page
    submit_sheet(world.viewer(PANEL[1]), case.number, "evaluation", SHEET)
