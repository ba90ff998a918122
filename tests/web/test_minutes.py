"""The pages of the minutes: written, reviewed, signed, corrected and published by those whose turn it is."""

import io
import re
import zipfile

from flask import Flask

from tests.committee_steps import members, voting
from tests.services.test_minutes import GIST, announce, held, item_of, reviewed, signed, state
from tests.world import World


def posted(client, path: str, **data: object) -> int:
    return client.post(path, data=data).status_code


def test_from_draft_to_publication_on_the_pages(lite: Flask) -> None:
    world = World(lite)
    case, number = held(world)
    base, clerk, officer, chair = (
        f"/sittings/{number}/minutes",
        *(world.client(n) for n in ("clerk", "officer", "member01")),
    )
    assert "발언 요지 작성" in clerk.get(base).text and "작성하고 있습니다" in chair.get(base).text
    page = clerk.get(f"{base}/edit").text
    assert case.title_ko in page and "checked" not in page
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page).group(1)
    gist = f"gist_{item_of(case)}_ko"
    assert posted(clerk, f"{base}/edit", revision=revision, observers_ko="사무관", **{gist: GIST["ko"]}) == 303
    stale = clerk.post(f"{base}/edit", data={"revision": revision, gist: "늦은 글"})
    assert stale.status_code == 409 and "늦은 글" in stale.text
    assert posted(clerk, f"{base}/submit") == 303 and posted(clerk, f"{base}/submit") == 422
    assert posted(clerk, f"{base}/review", verdict="pass") == 422
    assert posted(officer, f"{base}/review") == 422
    assert posted(officer, f"{base}/review", verdict="return") == 422
    assert posted(officer, f"{base}/review", verdict="pass") == 303
    assert "위원장으로 서명" in chair.get(base).text and "서명하기 전에" not in officer.get(base).text
    assert posted(chair, f"{base}/sign", correction="0") == 303 and posted(chair, f"{base}/sign", correction="0") == 422
    assert clerk.get(f"{base}/publish").status_code == 404
    assert posted(clerk, f"{base}/sign", correction="0") == 303
    assert posted(clerk, f"{base}/correct", part="item-1-gist", text_ko="정정 내용", reason="오기") == 303
    assert "정정 제1호" in chair.get(base).text and posted(chair, f"{base}/sign", correction="1") == 303
    fields = dict(re.findall(r'<select id="([^"]+\.rule)" name="([^"]+)"', clerk.get(f"{base}/publish").text))
    assert len(fields) == 3
    rules = dict.fromkeys(fields, "public")
    wrong = clerk.post(f"{base}/publish", data={**rules, "attendance.rule": "closed", "attendance.ground": "6"})
    assert wrong.status_code == 422 and "마목" in wrong.text
    assert posted(clerk, f"{base}/publish", **rules) == 303
    announce(case)
    public = world.client()
    assert f"제{number}차 회의록" in public.get("/minutes").text
    assert GIST["ko"] in public.get(f"/minutes/{number}").text and "정정 내용" in public.get(f"/minutes/{number}").text


def test_strangers_find_none_of_it_and_others_do_only_their_part(lite: Flask) -> None:
    world = World(lite)
    _, number = reviewed(world)
    base = f"/sittings/{number}/minutes"
    for name in ("applicant", "evaluator1", "embassy"):
        assert world.client(name).get(base).status_code == 404
        assert world.client(name).get(f"{base}.pdf").status_code == 404
    member = world.client("member06")
    assert member.get(base).status_code == 200 and posted(member, f"{base}/sign", correction="0") == 404
    for path in ("edit", "correct", "publish"):
        assert member.get(f"{base}/{path}").status_code == 404
    assert posted(member, f"{base}/submit") == 404 and posted(member, f"{base}/review", verdict="pass") == 404
    public = world.client()
    assert public.get("/minutes").status_code == 200
    for path in (f"/minutes/{number}", f"/minutes/{number}.pdf", "/minutes/99"):
        assert public.get(path).status_code == 404
    assert public.get(base).status_code == 302


def test_files_say_the_same_and_hold_back_the_same(lite: Flask) -> None:
    world = World(lite)
    case, number = signed(world)
    base = f"/sittings/{number}/minutes"
    for lang in ("ko", "en"):
        client = world.client("member06", lang)
        pdf = client.get(f"{base}.pdf")
        assert pdf.data.startswith(b"%PDF") and pdf.mimetype == "application/pdf"
        assert client.get(f"{base}.nothing").status_code == 404
    texts = {}
    for name in ("member06", "member05"):
        body = world.client(name).get(f"{base}.hwpx").data
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            texts[name] = "".join(pack.read(n).decode("utf-8", "replace") for n in pack.namelist() if "section" in n)
    assert GIST["ko"] in texts["member06"] and case.title_ko in texts["member06"]
    assert GIST["ko"] not in texts["member05"] and case.title_ko not in texts["member05"]
    assert case.title_ko not in world.client("member05").get(base).text


def test_minutes_of_a_running_sitting_are_for_the_secretariat_only(lite: Flask) -> None:
    world = World(lite)
    _, number = voting(world, members(1, 13))
    base = f"/sittings/{number}/minutes"
    assert "재적위원" in world.client("clerk").get(base).text
    assert "재적위원" not in world.client("member06").get(base).text
    assert world.client("member06").get(f"{base}.pdf").status_code == 404
    assert state(world, number).status == "none"
