"""The ledger of interests: declared, found, challenged; who is out, who is asked again, who is warned."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from app import clock
from app.authz import standing_on
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import (
    Case,
    Challenge,
    ChallengeRuling,
    Consulting,
    Declaration,
    Delivery,
    Event,
    Finding,
    RoleGrant,
    Version,
)
from app.queries.attendance import head_count
from app.queries.cases import case_for
from app.queries.evaluation import counted_sheets, panel_of
from app.queries.facts import CaseFacts
from app.queries.interest_alarms import alarms_of
from app.queries.interests import evidence
from app.queries.sittings import item_of, sitting_of
from app.queries.standing import out_and_why, out_on, said_on
from app.services.affiliations import add_tie, state_complete, withdraw_tie
from app.services.ask_anew import cleared, parties_changed
from app.services.begin_consulting import begin_consulting
from app.services.call_roll import call_roll
from app.services.challenge import challenge, decide_challenge
from app.services.close_evaluation import close_evaluation
from app.services.declare_consulting import declare_consulting
from app.services.declare_interest import declare
from app.services.give_advice import give_advice
from app.services.judge_interest import judge
from tests.committee_steps import PANEL, form_panel, fresh, in_evaluation, members, ranked, score_all, tabled
from tests.world import World
from workflows import schema
from workflows.engine import Actor, Refused, fire


def refused(step: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def faulty(step: Callable[[], object]) -> str:
    with pytest.raises(Invalid) as no:
        step()
    return no.value.field


def subjects(world: World, name: str) -> list[str]:
    query = sa.select(Delivery.subject).where(Delivery.user_id == world.ids[name], Delivery.channel == "inbox")
    return list(db.session.scalars(query.order_by(Delivery.id)))


MINE = (
    "declare_evaluation",
    "declare_sitting",
    "challenge",
    "decide_challenge",
    "exclude",
    "clear_interest",
    "ask_anew",
)


def sound() -> None:
    """Each row of the ledger is vouched for by an event as it stands, and each event replays with what its guards saw."""
    db.session.rollback()
    events = list(db.session.scalars(sa.select(Event).order_by(Event.seq)))
    vouched = {key: sha for event in events for key, sha in event.seals.items()}
    for model in (Declaration, Finding, Challenge, ChallengeRuling):
        for row in db.session.scalars(sa.select(model)):
            assert vouched[f"{model.__tablename__}:{row.id}"] == row.seal()
    case = db.session.scalars(sa.select(Case)).one()
    definition = schema.load(case.definition_id, case.definition_version)
    for event in events:
        if event.trigger in MINE:
            actor = Actor(event.actor_id, frozenset(event.roles))
            done = fire(definition, event.from_state, event.trigger, event.facts, actor)
            assert (done.to_state, done.facts) == (event.to_state, event.facts)


# what is declared -----------------------------------------------------------------------------------------


def test_a_declaration_keeps_the_set_in_force_and_its_grounds(world: World) -> None:
    case = in_evaluation(world)
    who = world.viewer("evaluator1")
    declare(who, case.number, "evaluator", "conflict", "", grounds=["house_employed", "act_officer"])
    row = db.session.scalars(sa.select(Declaration).where(Declaration.user_id == who.id, Declaration.number == 2)).one()
    assert (row.rule_set, row.grounds, row.answer) == (
        "kcity:2024-01-01",
        ["act_officer", "house_employed"],
        "conflict",
    )
    assert out_and_why(case.id, who.id).way == "recusal"
    with pytest.raises(NotFound):
        case_for(who, case.number)
    sound()


def test_a_declaration_is_one_of_two_and_a_conflict_has_a_ground(lite_world: World) -> None:
    world = lite_world
    case = in_evaluation(world)
    who = world.viewer("evaluator1")
    assert faulty(lambda: declare(who, case.number, "evaluator", "perhaps")) == "answer"
    assert faulty(lambda: declare(who, case.number, "evaluator", "conflict", "  ")) == "ground"
    assert faulty(lambda: declare(who, case.number, "evaluator", "conflict", grounds=["act_of_god"])) == "grounds"
    assert faulty(lambda: declare(who, case.number, "evaluator", "none", grounds=["act_officer"])) == "answer"
    assert db.session.scalar(sa.select(sa.func.max(Declaration.number))) == 1


# who is out -----------------------------------------------------------------------------------------------


def test_an_exclusion_shuts_the_case_over_ones_own_none_and_is_lifted_by_a_new_record(world: World) -> None:
    case = in_evaluation(world)
    score_all(world, case)
    who, officer = world.viewer("evaluator2"), world.viewer("officer")
    judge(officer, case.number, who.id, "excluded", "신청기관의 사외이사임", "act_officer")
    out = out_and_why(case.id, who.id)
    assert (out.excluded, out.declared, out.way) == (True, False, "exclusion")
    assert out_on([case.id]) == {case.id: {who.id}}
    with pytest.raises(NotFound):
        case_for(who, case.number)
    assert {one.user_id: one.said for one in panel_of(case)}[who.id] == "conflict"
    assert who.id not in {sheet.user_id for sheet in counted_sheets(case)}
    assert CaseFacts(fresh(world, case), officer)["panel_clear"] == 4
    row = db.session.scalars(sa.select(Finding)).one()
    assert row.article == "공직자의 이해충돌 방지법 제2조제6호나목" and row.checks["affiliation"] == "unknown"
    judge(officer, case.number, who.id, "clear", "사외이사에서 2020년에 물러났음이 확인됨")
    assert not out_and_why(case.id, who.id)
    assert case_for(who, case.number).number == case.number
    assert said_on([case.id], "evaluator")[case.id][who.id] == "none"
    judge(officer, case.number, who.id, "excluded", "다시 확인됨", "act_officer")
    assert out_and_why(case.id, who.id).excluded
    sound()


def test_clear_lifts_neither_what_one_declared_nor_a_ruling(lite_world: World) -> None:
    world = lite_world
    case = in_evaluation(world)
    declare(world.viewer("evaluator1"), case.number, "evaluator", "conflict", "친족이 근무함")
    judge(world.viewer("officer"), case.number, world.ids["evaluator1"], "clear", "문제 없음")
    assert out_and_why(case.id, world.ids["evaluator1"]).way == "recusal"


def test_an_exclusion_needs_a_ground_in_force_a_reason_and_somebody_who_takes_part(lite_world: World) -> None:
    world = lite_world
    case = in_evaluation(world)
    officer, person = world.viewer("officer"), world.ids["evaluator2"]

    def with_(answer: str, reason: str, ground: str = "", whom: int = person) -> Callable[[], None]:
        return lambda: judge(officer, case.number, whom, answer, reason, ground)

    assert refused(with_("excluded", "이유")) == "no_exclusion_ground"
    assert refused(with_("excluded", " ", "act_officer")) == "no_reason"
    assert refused(with_("clear", " ")) == "no_reason"
    assert faulty(with_("excluded", "이유", "act_of_god")) == "ground"
    assert faulty(with_("perhaps", "이유")) == "answer"
    assert faulty(with_("clear", "이유", whom=world.ids["evaluator7"])) == "person"
    for who in map(world.viewer, ("evaluator1", "minister", "auditor")):
        assert refused(partial(judge, who, case.number, person, "clear", "이유")) == "not_your_role"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Finding)) == 0


def test_whoever_is_out_counts_as_recused_at_the_sitting_and_hears_nothing(world: World) -> None:
    case, number = tabled(world)
    call_roll(world.viewer("clerk"), number, [world.ids[name] for name in members(1, 14)])
    for name in members(1, 14):
        declare(world.viewer(name), case.number, "member", "none")
    sitting = sitting_of(item_of(fresh(world, case)))
    assert (head_count(sitting, case.id).recused, head_count(sitting, case.id).entitled) == (0, 14)
    before = len(subjects(world, "member05"))
    judge(world.viewer("clerk"), case.number, world.ids["member05"], "excluded", "자문하였음", "house_adviser")
    heads = head_count(sitting, case.id)
    assert (heads.recused, heads.entitled, heads.undeclared, heads.for_quorum) == (1, 13, 0, 14)
    judge(world.viewer("clerk"), case.number, world.ids["member06"], "unsure", "가족관계를 확인하지 못함")
    assert head_count(sitting, case.id).undeclared == 1
    assert len(subjects(world, "member05")) == before, "who is out is told nothing"
    assert subjects(world, "member06")[-1].startswith(f"[{case.number}] 이해관계 재신고 요청")


def test_no_other_role_brings_back_who_is_out(lite_world: World) -> None:
    world = lite_world
    with unit_of_work():
        world.add_user("both", role="evaluator", programme="kcity")
        db.session.add(RoleGrant(user_id=world.ids["both"], role="officer", programme="kcity", granted_at=clock.now()))
    case = world.case_in("CONSULTED")
    form_panel(world, case, [*PANEL, "both"])
    assert case_for(world.viewer("both"), case.number)
    declare(world.viewer("both"), case.number, "evaluator", "conflict", "친족이 근무함")
    with pytest.raises(NotFound):
        case_for(world.viewer("both"), case.number)


# asked anew -----------------------------------------------------------------------------------------------


def test_when_unsure_the_question_is_put_anew_and_the_papers_close_until_it_is_answered(world: World) -> None:
    case = in_evaluation(world)
    who = world.viewer("evaluator3")
    judge(world.viewer("officer"), case.number, who.id, "unsure", "같은 이름의 참여기관이 있음")
    standing = standing_on(who, case_for(who, case.number))
    assert (standing.papers, standing.undeclared) == (False, "evaluator")
    assert CaseFacts(fresh(world, case), who)["my_declaration"] == "undeclared"
    assert subjects(world, "evaluator3")[-1].startswith(f"[{case.number}] 이해관계 재신고 요청")
    declare(who, case.number, "evaluator", "none")
    assert standing_on(who, case_for(who, case.number)).papers
    answers = db.session.scalars(
        sa.select(Declaration.answer).where(Declaration.user_id == who.id).order_by(Declaration.number)
    )
    assert list(answers) == ["none", "asked", "none"]
    sound()


def test_a_new_version_with_other_organisations_asks_everybody_anew(world: World) -> None:
    case = in_evaluation(world)
    declare(world.viewer("evaluator5"), case.number, "evaluator", "conflict", "친족이 근무함")
    same = _version(case, {"title_en": "Another title"})
    assert not _asked(case)
    _version(case, {"partners": [{"name": "서울대학교", "country": "KR"}]}, after=same)
    assert sorted(_asked(case)) == sorted(world.ids[name] for name in PANEL[:4])
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "ask_anew")).one()
    assert event.actor_id is None and len(event.data["people"]) == 4
    assert CaseFacts(fresh(world, case), world.viewer("officer"))["panel_clear"] == 0
    assert cleared(fresh(world, case)) == []


def _version(case: Case, answers: dict[str, object], after: Version | None = None) -> Version:
    """A further version; the system compares it with the one before."""
    with unit_of_work():
        number = (after.number if after else 1) + 1
        made = db.session.scalars(sa.select(Version).where(Version.case_id == case.id)).first()
        assert made is not None
        row = Version(
            case_id=case.id, number=number, answers={**made.answers, **answers}, files=[], sha256=f"{number}" * 64,
            made_at=clock.now(), made_by=made.made_by, reason="revision",
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        parties_changed(db.session.get_one(Case, case.id))
    return row


def _asked(case: Case) -> list[int]:
    query = sa.select(Declaration.user_id).where(Declaration.case_id == case.id, Declaration.answer == "asked")
    return list(db.session.scalars(query))


def test_a_changed_affiliation_asks_that_person_anew_and_nobody_else(world: World) -> None:
    case = in_evaluation(world)
    who = world.viewer("evaluator4")
    add_tie(who, who.id, "하노이시 인민위원회", "advisory")
    assert _asked(case) == [who.id]
    declare(who, case.number, "evaluator", "none")
    with pytest.raises(NotFound):
        withdraw_tie(world.viewer("evaluator5"), who.id, 1)
    withdraw_tie(who, who.id, 1)
    assert _asked(case) == [who.id, who.id]
    with pytest.raises(NotFound):
        withdraw_tie(who, who.id, 1)
    sound()


def test_ties_are_ones_own_or_an_administrators(lite_world: World) -> None:
    world = lite_world
    who = world.viewer("evaluator4")
    add_tie(world.viewer("admin"), who.id, "서울시립대학교", "employment", "123-45-67890")
    with pytest.raises(NotFound):
        add_tie(world.viewer("officer"), who.id, "서울시립대학교", "officer")
    with pytest.raises(NotFound):
        add_tie(world.viewer("admin"), 999_999, "서울시립대학교", "officer")
    assert faulty(lambda: add_tie(who, who.id, " ", "officer")) == "organisation"
    assert faulty(lambda: add_tie(who, who.id, "서울시립대학교", "employment")) == "organisation"
    assert faulty(lambda: add_tie(who, who.id, "한국대학교", "friend")) == "kind"
    late, early = clock.today(), clock.today().replace(year=2020)
    assert faulty(lambda: add_tie(who, who.id, "한국대학교", "officer", since=late, until=early)) == "until"


def test_a_consultant_asked_anew_does_nothing_before_he_has_answered(lite_world: World) -> None:
    world = lite_world
    case = world.case_in("ELIGIBLE")
    with unit_of_work():
        db.session.add(Consulting(case_id=case.id, consultant_id=world.ids["consultant"]))
    who = world.viewer("consultant")
    declare_consulting(who, case.number, "none", "")
    begin_consulting(world.viewer("officer"), case.number, "과업범위를 정한다.")
    give_advice(who, case.number, "", "유지관리 계획을 보완하십시오.")
    add_tie(who, who.id, "하노이시 인민위원회", "advisory")
    assert refused(lambda: give_advice(who, case.number, "", "또 다른 자문")) == "declare_first"
    declare_consulting(who, case.number, "none", "")
    give_advice(who, case.number, "", "또 다른 자문")


# side by side ---------------------------------------------------------------------------------------------


def test_the_evidence_has_three_states(world: World) -> None:
    case = in_evaluation(world)
    silent, clean, tied = (world.viewer(f"evaluator{n}") for n in (1, 2, 3))
    state_complete(clean)
    add_tie(tied, tied.id, "HANOI PEOPLE'S COMMITTEE", "employment")
    rows = {row.part.user_id: row for row in evidence(fresh(world, case))}
    states = {name.id: {c.key: c.state for c in rows[name.id].checks} for name in (silent, clean, tied)}
    assert [states[who.id]["affiliation"] for who in (silent, clean, tied)] == ["unknown", "none", "found"]
    assert states[tied.id]["adviser"] == "none" and states[clean.id]["register"] == "unknown"
    assert rows[tied.id].apart and not rows[clean.id].apart
    assert next(iter(rows)) == tied.id, "who needs a look stands first"


# challenge ------------------------------------------------------------------------------------------------


def filed(world: World, case: Case, name: str = "member05") -> int:
    challenge(world.viewer("applicant"), case.number, world.ids[name], "경쟁 기관의 자문을 맡고 있음", "언론 보도")
    found = db.session.scalar(sa.text("SELECT max(id) FROM challenge"))
    assert found
    return int(found)


def test_a_challenge_is_decided_without_the_member_and_upheld_shuts_the_case(world: World) -> None:
    case, _ = tabled(world)
    clerk = world.viewer("clerk")
    made = filed(world, case)
    assert any("기피신청 접수" in line for line in subjects(world, "member05"))
    with pytest.raises(Refused):
        decide_challenge(world.viewer("officer"), case.number, made, present=20, yes=11, no=9, abstain=0, reason="x")
    many = {"present": 24, "yes": 24, "no": 0, "abstain": 0}
    assert faulty(lambda: decide_challenge(clerk, case.number, made, **many, reason="의결")) == "present"
    few = {"present": 12, "yes": 12, "no": 0, "abstain": 0}
    assert refused(lambda: decide_challenge(clerk, case.number, made, **few, reason="의결")) == "verdict_void"
    odd = {"present": 13, "yes": 12, "no": 2, "abstain": 0}
    assert faulty(lambda: decide_challenge(clerk, case.number, made, **odd, reason="의결")) == "no"
    early = {"present": 20, "yes": 11, "no": 8, "abstain": 1, "decided_on": clock.today() - timedelta(days=1)}
    assert faulty(lambda: decide_challenge(clerk, case.number, made, **early, reason="의결")) == "decided_on"
    decide_challenge(clerk, case.number, made, present=20, yes=11, no=8, abstain=1, reason="공정을 기대하기 어려움")
    ruling = db.session.scalars(sa.select(ChallengeRuling)).one()
    assert ruling.upheld and ruling.counts["present"] == 20 and ruling.verdict["needed"] == 11
    assert out_and_why(case.id, world.ids["member05"]).way == "challenge"
    with pytest.raises(NotFound):
        case_for(world.viewer("member05"), case.number)
    assert any("기피신청 결정" in line for line in subjects(world, "applicant"))
    assert refused(lambda: decide_challenge(clerk, case.number, made, **odd, reason="x")) == "no_challenge"
    sound()


def test_a_tie_dismisses_a_challenge(lite_world: World) -> None:
    world = lite_world
    case, _ = tabled(world)
    made = filed(world, case)
    decide_challenge(world.viewer("clerk"), case.number, made, present=20, yes=10, no=10, abstain=0, reason="가부동수")
    assert not db.session.scalars(sa.select(ChallengeRuling)).one().upheld
    assert not out_and_why(case.id, world.ids["member05"])


def test_a_person_is_challenged_once_by_the_signatory_from_the_published_list(lite_world: World) -> None:
    world = lite_world
    case = in_evaluation(world)
    filed(world, case, "evaluator1")
    applicant = world.viewer("applicant")
    again = refused(lambda: challenge(applicant, case.number, world.ids["evaluator1"], "다시"))
    assert again == "challenged_before"
    assert faulty(lambda: challenge(applicant, case.number, world.ids["officer"], "이유")) == "person"
    assert refused(lambda: challenge(applicant, case.number, world.ids["evaluator2"], " ")) == "no_reason"
    assert (
        refused(lambda: challenge(world.viewer("delegate"), case.number, world.ids["evaluator2"], "x"))
        == "not_your_role"
    )
    challenge(applicant, case.number, world.ids["evaluator7"], "평가위원이 아니어도 같은 답을 받음")


def test_neither_scores_nor_votes_go_on_while_a_challenge_is_open(lite_world: World) -> None:
    world = lite_world
    case = in_evaluation(world)
    score_all(world, case)
    made = filed(world, case, "evaluator1")
    assert refused(lambda: close_evaluation(world.viewer("officer"), case.number)) == "challenges_open"
    decide_challenge(world.viewer("clerk"), case.number, made, present=20, yes=1, no=19, abstain=0, reason="근거 없음")
    close_evaluation(world.viewer("officer"), case.number)
    assert fresh(world, case).state == "RANKED"


# the alarm ------------------------------------------------------------------------------------------------


def test_the_officer_is_warned_before_a_panel_is_too_small(world: World) -> None:
    case = in_evaluation(world)
    assert alarms_of(case) == []
    declare(world.viewer("evaluator1"), case.number, "evaluator", "conflict", "친족이 근무함")
    (alarm,) = alarms_of(fresh(world, case))
    assert (alarm.kind, alarm.left, alarm.needed) == ("panel", 4, 5)
    assert any("평가위원 정원 미달 예상" in line for line in subjects(world, "officer"))
    assert not any("정원 미달" in line for line in subjects(world, "evaluator2"))


def test_the_clerk_is_warned_before_an_item_has_too_few(lite_world: World) -> None:
    world = lite_world
    case, _ = tabled(world)
    with unit_of_work():
        sitting = sitting_of(item_of(case))
        sitting.rule = {**sitting.rule, "recused_count_for_quorum": False}
    for name in members(2, 12):
        declare(world.viewer(name), case.number, "member", "conflict", "자문")
    assert alarms_of(fresh(world, case)) == []
    assert not any("의사정족수 미달 예상" in line for line in subjects(world, "clerk"))
    declare(world.viewer("member13"), case.number, "member", "conflict", "자문")
    (alarm,) = alarms_of(fresh(world, case))
    assert (alarm.kind, alarm.left, alarm.needed) == ("quorum", 12, 13)
    assert any("의사정족수 미달 예상" in line for line in subjects(world, "clerk"))


def test_nothing_is_warned_of_where_nothing_threatens(lite_world: World) -> None:
    world = lite_world
    case = ranked(world)
    assert alarms_of(fresh(world, case)) == []
