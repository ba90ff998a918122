"""Minutes come from the record, are frozen, reviewed, signed by two, corrected by additions, and published by parts."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.audit.sittings import breaks
from app.base import fingerprint
from app.db import unit_of_work
from app.documents.minutes import minutes_paper
from app.documents.paper_model import plain
from app.errors import Invalid, NotFound, Stale
from app.extensions import db
from app.models import (
    AgendaItem,
    Case,
    Delivery,
    Event,
    Finding,
    Minutes,
    MinutesSignature,
    OpenedBallot,
    Sitting,
    SittingEvent,
)
from app.queries.minutes import content_of, published, published_minutes, shown_to, shown_to_public, state_of
from app.queries.sittings import sitting_for
from app.services.call_roll import end_sitting, leave
from app.services.close_ballot import close_ballot
from app.services.correct_minutes import correct_minutes
from app.services.publish_minutes import publish_minutes
from app.services.review_minutes import review_minutes
from app.services.sign_minutes import sign_minutes
from app.services.write_minutes import save_draft, submit_minutes
from tests.committee_steps import members, ranked, tabled, vote, voting
from tests.world import World
from workflows.disclosure import Choice
from workflows.engine import Refused
from workflows.minutes import parts
from workflows.text import Text

NOBODY = {"ko": "", "en": ""}
GIST = {"ko": "사업의 필요성에 공감하였다.", "en": "The need was agreed on."}


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def state(world: World, number: int):
    db.session.rollback()
    return state_of(sitting_for(world.viewer("clerk"), number))


def item_of(case: Case) -> int:
    return db.session.scalars(sa.select(AgendaItem.id).where(AgendaItem.case_id == case.id)).one()


def held(world: World, present: list[str] | None = None, recused: tuple[str, ...] = ("member05",)) -> tuple[Case, int]:
    """A sitting that resolved one item, one member being out of it; it is over."""
    here = present or members(1, 15)
    case, number = voting(world, here, recused)
    voters = [name for name in here if name not in recused]
    vote(world, case, yes=voters[:-3], no=voters[-3:-1], abstain=voters[-1:])
    close_ballot(world.viewer("member01"), case.number)
    leave(world.viewer("clerk"), number, world.ids["member02"])
    end_sitting(world.viewer("clerk"), number)
    return case, number


def written(world: World, **kwargs: Any) -> tuple[Case, int]:
    case, number = held(world, **kwargs)
    save_draft(world.viewer("clerk"), number, {"ko": "담당 사무관", "en": ""}, {item_of(case): GIST})
    submit_minutes(world.viewer("clerk"), number)
    return case, number


def reviewed(world: World, **kwargs: Any) -> tuple[Case, int]:
    case, number = written(world, **kwargs)
    review_minutes(world.viewer("officer"), number, True)
    return case, number


def signed(world: World, **kwargs: Any) -> tuple[Case, int]:
    case, number = reviewed(world, **kwargs)
    sign_minutes(world.viewer("clerk"), number)
    sign_minutes(world.viewer("member01"), number)
    return case, number


def everything(world: World, number: int) -> dict[str, Choice]:
    return {part.key: Choice() for part in parts(state(world, number).version.content)}


def recomputed(case: Case, number: int) -> dict[str, Any]:
    """The same facts from the chains and the opened papers alone."""
    sitting = db.session.scalars(sa.select(Sitting).where(Sitting.number == number)).one()
    chain = db.session.scalars(sa.select(SittingEvent).where(SittingEvent.sitting_id == sitting.id)).all()
    stays: dict[int, list[list[Any]]] = {}
    for event in sorted(chain, key=lambda event: event.seq):
        if event.act == "call_roll":
            for one in event.data["present"]:
                stays[one["person"]] = [[event.at, None]]
        elif event.act == "leave":
            stays[event.data["person"]][-1][1] = event.at
        elif event.act == "end":
            for spans in stays.values():
                spans[-1][1] = spans[-1][1] or event.at
    steps = db.session.scalars(sa.select(Event).where(Event.case_id == case.id).order_by(Event.seq)).all()
    papers = db.session.scalars(sa.select(OpenedBallot).where(OpenedBallot.case_id == case.id)).all()
    tally = [paper.choice for paper in papers if paper.counted]
    out = {e.actor_id for e in steps if e.trigger == "declare_sitting" and e.data.get("answer") == "conflict"}
    return {
        "stays": {p: [(a.isoformat(timespec="microseconds"), b.isoformat(timespec="microseconds")) for a, b in spans]
                  for p, spans in stays.items()},
        "opened": next(e.at for e in steps if e.trigger == "open_item").isoformat(timespec="microseconds"),
        "closed": next(e.at for e in steps if e.trigger == "close_ballot").isoformat(timespec="microseconds"),
        "votes": {paper.user_id: (paper.choice, paper.commitment) for paper in papers},
        "yes": tally.count("yes"), "no": tally.count("no"), "abstain": tally.count("abstain"),
        "out": out,
    }  # fmt: skip


def test_minutes_say_what_the_chains_say(world: World) -> None:
    case, number = held(world)
    content = content_of(state(world, number))
    found = recomputed(case, number)
    stays = {m["id"]: [(s["from"], s["to"]) for s in m["stays"]] for m in content["members"] if m["stays"]}
    assert stays == found["stays"] and len(stays) == 15
    assert len([m for m in content["members"] if not m["stays"]]) == 9
    (item,) = content["items"]
    assert [(s["trigger"], s["at"]) for s in item["steps"]] == [
        ("open_item", found["opened"]),
        ("close_ballot", found["closed"]),
    ]
    assert [(r["id"], r["left"], r["back"]) for r in item["recusals"]] == [
        (world.ids["member05"], found["opened"], found["closed"])
    ]
    (round_,) = item["rounds"]
    assert {v["id"]: (v["choice"], v["receipt"]) for v in round_["votes"]} == found["votes"]
    assert len(round_["votes"]) == 14 and round_["receipts"] == sorted(r for _, r in found["votes"].values())
    counts = round_["counts"]
    assert (
        (counts["yes"], counts["no"], counts["abstain"]) == (found["yes"], found["no"], found["abstain"]) == (11, 2, 1)
    )
    assert counts["recused_present"] == 1 and round_["verdict"]["words"]["ko"]
    assert content["sitting"]["head"] == sitting_for(world.viewer("clerk"), number).head


def test_nothing_is_frozen_before_the_sitting_is_over_and_every_item_has_its_gist(lite: Flask) -> None:
    world = World(lite)
    clerk = world.viewer("clerk")
    case, number = tabled(world)
    assert refused(lambda: save_draft(clerk, number, NOBODY, {})) == "no_roll_call"
    case, number = voting(world, members(1, 13), case=ranked(world))
    save_draft(clerk, number, NOBODY, {})
    assert refused(lambda: submit_minutes(clerk, number)) == "sitting_not_over"
    vote(world, case, yes=members(1, 13))
    close_ballot(world.viewer("member01"), case.number)
    end_sitting(clerk, number)
    assert refused(lambda: submit_minutes(clerk, number)) == "gist_missing"
    save_draft(clerk, number, NOBODY, {item_of(case): GIST})
    minutes = submit_minutes(clerk, number)
    assert minutes.sha256 == fingerprint(minutes.content) and state(world, number).status == "submitted"
    assert refused(lambda: save_draft(clerk, number, NOBODY, {})) == "minutes_frozen"
    assert refused(lambda: submit_minutes(clerk, number)) == "minutes_frozen"


def test_a_draft_saved_twice_over_is_stale(lite_world: World) -> None:
    world = lite_world
    _, number = held(world)
    clerk = world.viewer("clerk")
    assert save_draft(clerk, number, NOBODY, {}, revision=0) == 1
    with pytest.raises(Stale):
        save_draft(clerk, number, NOBODY, {}, revision=0)
    with pytest.raises(Invalid):
        save_draft(clerk, number, NOBODY, {_any_item(number): {"ko": "가" * 20_001, "en": ""}})


def _any_item(number: int) -> int:
    query = sa.select(AgendaItem.id).join(Sitting, Sitting.id == AgendaItem.sitting_id).where(Sitting.number == number)
    return db.session.scalars(query).one()


def test_only_the_clerk_writes_another_reviews_and_only_chair_and_clerk_sign(lite_world: World) -> None:
    world = lite_world
    case, number = held(world)
    for name in ("officer", "member01", "minister", "auditor", "applicant"):
        with pytest.raises(NotFound):
            save_draft(world.viewer(name), number, NOBODY, {})
    save_draft(world.viewer("clerk"), number, NOBODY, {item_of(case): GIST})
    assert refused(lambda: review_minutes(world.viewer("officer"), number, True)) == "no_review"
    submit_minutes(world.viewer("clerk"), number)
    assert refused(lambda: review_minutes(world.viewer("clerk"), number, True)) == "own_minutes"
    for name in ("member01", "minister", "auditor"):
        with pytest.raises(NotFound):
            review_minutes(world.viewer(name), number, True)
    assert refused(lambda: sign_minutes(world.viewer("clerk"), number)) == "not_reviewed"
    review_minutes(world.viewer("officer"), number, True)
    for name in ("officer", "member02", "member11", "minister"):
        with pytest.raises(NotFound):
            sign_minutes(world.viewer(name), number)


def test_sent_back_it_is_written_anew_and_the_first_version_stays(lite_world: World) -> None:
    world = lite_world
    case, number = written(world)
    with pytest.raises(Invalid):
        review_minutes(world.viewer("officer"), number, False)
    review_minutes(world.viewer("officer"), number, False, "발언 요지 보완")
    assert state(world, number).status == "returned"
    assert refused(lambda: sign_minutes(world.viewer("clerk"), number)) == "not_reviewed"
    save_draft(world.viewer("clerk"), number, NOBODY, {item_of(case): {"ko": "보완한 요지", "en": ""}})
    second = submit_minutes(world.viewer("clerk"), number)
    assert second.number == 2 and second.content["items"][0]["gist"]["ko"] == "보완한 요지"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Minutes)) == 2


def test_two_sign_over_one_hash_with_account_and_time(world: World) -> None:
    _, number = reviewed(world)
    first = sign_minutes(world.viewer("clerk"), number)
    assert state(world, number).status == "reviewed"
    assert refused(lambda: sign_minutes(world.viewer("clerk"), number)) == "signed_by_you"
    second = sign_minutes(world.viewer("member01"), number)
    found = state(world, number)
    assert found.status == "signed" and found.version.sha256 == first.sha256 == second.sha256
    assert [(s.capacity, s.user_id) for s in found.signed()] == [
        ("chair", world.ids["member01"]),
        ("clerk", world.ids["clerk"]),
    ]
    assert all(s.signed_at <= clock.now() for s in found.signed())
    assert list(breaks()) == []


def test_of_many_hands_that_sign_at_once_one_counts(world: World) -> None:
    _, number = reviewed(world)
    app, results = world.app, []

    def sign() -> None:
        with app.app_context():
            try:
                sign_minutes(world.viewer("member01"), number)
                results.append("signed")
            except Refused as no:
                results.append(no.reason.code)
            finally:
                db.session.remove()

    db.session.rollback()
    hands = [threading.Thread(target=sign) for _ in range(6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(results) == ["signed"] + ["signed_by_you"] * 5
    assert len(state(world, number).signed()) == 1 and list(breaks()) == []


@pytest.mark.parametrize(
    "table", ["minutes", "minutes_review", "minutes_signature", "minutes_correction", "minutes_publication"]
)
def test_the_database_refuses_to_change_what_is_signed(world: World, table: str) -> None:
    _, number = signed(world)
    correct_minutes(world.viewer("clerk"), number, "attendance", "오기 정정", "", "오기")
    publish_minutes(world.viewer("clerk"), number, everything(world, number))
    column = {"minutes": "sha256", "minutes_signature": "sha256", "minutes_correction": "sha256"}.get(
        table, "sitting_id"
    )
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), unit_of_work():
            db.session.execute(sa.text(statement))


def test_a_row_that_was_changed_behind_the_database_breaks_the_audit(lite_world: World) -> None:
    world = lite_world
    signed(world)
    assert list(breaks()) == []
    with unit_of_work():
        db.session.execute(sa.text("DROP TRIGGER minutes_signature_no_update"))
        db.session.execute(sa.update(MinutesSignature).values(signed_at=clock.now() - timedelta(days=1)))
    assert list(breaks())


def test_a_signer_who_was_out_of_an_item_does_not_sign_for_it(lite_world: World) -> None:
    world = lite_world
    case, number = reviewed(world)
    with unit_of_work():
        db.session.add(
            Finding(
                case_id=case.id,
                user_id=world.ids["member01"],
                capacity="member",
                answer="excluded",
                reason="뒤늦게 알게 됨",
                rule_set="test",
                checks={},
                found_by=world.ids["officer"],
                found_at=clock.now(),
            )
        )
    assert sign_minutes(world.viewer("member01"), number).without == [1]
    assert sign_minutes(world.viewer("clerk"), number).without == []


def test_corrections_are_numbered_additions_with_reason_and_signatures(lite_world: World) -> None:
    world = lite_world
    _, number = reviewed(world)
    clerk, chair = world.viewer("clerk"), world.viewer("member01")
    add = lambda: correct_minutes(clerk, number, "item-1-gist", "‘교통’을 ‘통신’으로", "", "오기")  # noqa: E731
    assert refused(add) == "not_signed"
    sign_minutes(clerk, number)
    sign_minutes(chair, number)
    before = state(world, number).version.sha256
    for wrong in (("no-part", "가", "나"), ("item-1-gist", "", "나"), ("item-1-gist", "가", " ")):
        with pytest.raises(Invalid):
            correct_minutes(clerk, number, wrong[0], wrong[1], "", wrong[2])
    assert add().number == 1 and add().number == 2
    with pytest.raises(NotFound):
        sign_minutes(clerk, number, correction=3)
    sign_minutes(clerk, number, correction=1)
    assert not state(world, number).complete(1)
    sign_minutes(chair, number, correction=1)
    found = state(world, number)
    assert found.complete(1) and not found.complete(2) and found.version.sha256 == before
    assert {s.sha256 for s in found.signed(1)} == {found.corrections[0].sha256} != {before}
    assert list(breaks()) == []


# What is shown --------------------------------------------------------------------------------------------


def words(world: World, number: int, name: str | None) -> str:
    found = state(world, number)
    content = content_of(found)
    shown = shown_to(world.viewer(name), found, content) if name else shown_to_public(found, content)
    return str(plain(minutes_paper(content, shown), "ko"))


def announce(case: Case) -> None:
    """The result has been announced (a test seam)."""
    with unit_of_work():
        db.session.execute(sa.update(Case).where(Case.id == case.id).values(announced_at=clock.now()))


def test_a_recused_member_reads_his_item_only_once_the_public_does(lite_world: World) -> None:
    world = lite_world
    case, number = signed(world)
    assert case.title_ko in words(world, number, "member06") and GIST["ko"] in words(world, number, "member06")
    his = words(world, number, "member05")
    assert case.title_ko not in his and case.number not in his and GIST["ko"] not in his and "가결" not in his
    assert "member06" in his, "who attended is no secret of the item"
    publish_minutes(world.viewer("clerk"), number, everything(world, number))
    assert case.title_ko not in words(world, number, "member05"), "its result is not announced yet"
    announce(case)
    assert case.title_ko in words(world, number, "member05") and GIST["ko"] in words(world, number, "member05")


def test_the_public_reads_nothing_before_publication_and_no_item_before_its_announcement(lite_world: World) -> None:
    world = lite_world
    case, number = signed(world)
    assert published() == []
    with pytest.raises(NotFound):
        published_minutes(number)
    publish_minutes(world.viewer("clerk"), number, everything(world, number))
    assert [found.sitting.number for found in published()] == [number]
    early = words(world, number, None)
    assert (
        "member06" in early and case.title_ko not in early and GIST["ko"] not in early and "결과를 통지하기 전" in early
    )
    announce(case)
    late = words(world, number, None)
    assert case.title_ko in late and GIST["ko"] in late and "가결" in late and "확인번호" in late


def test_each_part_is_disclosed_by_its_own_rule_until_its_own_day(lite_world: World) -> None:
    world = lite_world
    case, number = signed(world)
    announce(case)
    clerk, today = world.viewer("clerk"), clock.today()
    closed = Choice("closed", "5", today + timedelta(days=30), "협의 중")
    with pytest.raises(Invalid) as wrong:
        publish_minutes(
            clerk, number, {**everything(world, number), "item-1-vote": Choice("closed", "6", today, "성명")}
        )
    assert wrong.value.field == "item-1-vote.ground"
    with pytest.raises(Invalid) as missing:
        publish_minutes(clerk, number, {})
    assert missing.value.field == "attendance.rule"
    publish_minutes(clerk, number, {**everything(world, number), "item-1-gist": closed})
    text = words(world, number, None)
    assert GIST["ko"] not in text and "제5호" in text and "가결" in text and case.title_ko in text
    with clock.pretend(clock.now() + timedelta(days=31)):
        assert GIST["ko"] in words(world, number, None)
    publish_minutes(
        clerk, number, {**everything(world, number), "item-1-vote": Choice("on_request", "7", None, "영업비밀")}
    )
    text = words(world, number, None)
    assert GIST["ko"] in text and "가결" not in text and "청구에 따라 공개" in text
    assert state(world, number).publication.number == 2 and list(breaks()) == []


def test_what_is_not_signed_is_not_published_and_others_do_not_publish(lite_world: World) -> None:
    world = lite_world
    _, number = reviewed(world)
    assert refused(lambda: publish_minutes(world.viewer("clerk"), number, {})) == "not_signed"
    for name in ("member01", "auditor", "minister"):
        with pytest.raises(NotFound):
            publish_minutes(world.viewer(name), number, {})


def test_minutes_read_in_both_languages_with_every_time_and_name(lite_world: World) -> None:
    world = lite_world
    case, number = signed(world)
    found = state(world, number)
    content = content_of(found)
    paper = minutes_paper(content, shown_to(world.viewer("auditor"), found, content))
    korean, english = str(plain(paper, "ko")), str(plain(paper, "en"))
    item = content["items"][0]
    left = clock.seoul(clock.now().fromisoformat(item["recusals"][0]["left"]))
    assert f"{left:%H:%M} 이석" in korean and f"left {left:%H:%M}" in english
    for text in (korean, english):
        assert found.version.sha256 in text and all(r in text for r in item["rounds"][0]["receipts"])
    assert "재적위원 24명 중 15명" in korean and "15 of the 24 members" in english
    assert "담당 사무관" in korean and case.number in english and "찬성 11명" in korean and "11 yes" in english
    assert paper.title == Text(
        f"제{number}차 선정심의위원회 회의록", f"Minutes of the selection committee, sitting no. {number}"
    )


def test_whose_turn_it_is_is_told_in_words_that_name_no_case(lite_world: World) -> None:
    world = lite_world
    case, number = signed(world)
    correct_minutes(world.viewer("clerk"), number, "attendance", "오기 정정", "", "오기")
    path = f"/sittings/{number}/minutes"
    rows = db.session.scalars(sa.select(Delivery).where(Delivery.path == path, Delivery.channel == "mail")).all()
    told = [(row.subject.split(": ")[1], row.user_id) for row in rows]
    assert ("회의록 검토 요청", world.ids["officer"]) in told and ("회의록 검토 요청", world.ids["officer2"]) in told
    assert ("회의록 서명 요청", world.ids["member01"]) in told and ("회의록 서명 요청", world.ids["clerk"]) in told
    assert ("회의록 정정 서명 요청", world.ids["member01"]) in told
    assert all(case.number not in row.subject + row.body and case.title_ko not in row.body for row in rows)
