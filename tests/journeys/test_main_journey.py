"""The whole way of one proposal, by hand: a foreign city drafts it, and in the end a visitor reads that it is supported.

One browser a person; the server is the one of production, on each database. What the programme's paper calls K01 to
K24 happens here in its order. Only two things are not waited for: the minute that was set for the announcement, and
twenty members who vote without opening a window.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from app import clock
from app.audit import verify
from app.db import unit_of_work
from app.extensions import db
from app.models import Announcement, Case, OpenedBallot
from tests.journeys.conftest import Person, Site
from tests.journeys.hands import fill_section, send, send_again, signed_letter, whole_answers
from workflows.form_schema import load_form

FORM = load_form("kcity-planning", 1)
TITLE = "Hanoi smart traffic control basic concept"
REASONS = {
    "importance": ("24", "국가 계획에 반영됨"),
    "viability": ("21.5", "재원 확보"),
    "feasibility": ("33", "준비됨"),
}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NO, ABSTAIN = ("member23", "member24"), ("member22",)
RECUSED = "member05"
BY_HAND = ("member01", "member02", "member11")

People = Callable[..., Person]


@dataclass
class Journey:
    """Who walks with whom, and the number that the case gets on the way."""

    site: Site
    person: People
    folder: Path
    number: str = ""

    def case(self, tail: str = "") -> str:
        """A page of the case."""
        return f"/cases/{self.number}{tail}"

    def state(self) -> str | None:
        """Where the case stands on record."""
        db.session.rollback()
        return db.session.scalar(sa.select(Case.state).where(Case.number == self.number))


def test_a_proposal_goes_from_a_draft_to_a_published_decision(site: Site, person: People, tmp_path: Path) -> None:
    journey = Journey(site, person, tmp_path)
    hanoi = person("applicant", lang="en-US", by="form")
    officer, clerk = person("officer", by="form"), person("clerk")
    drafted_and_submitted(journey, hanoi)
    screened_with_a_supplement(journey, officer, hanoi)
    opinion_of_the_embassy(journey, officer)
    consulted(journey, officer, hanoi)
    evaluated_by_five(journey, officer)
    put_on_an_agenda(journey, clerk)
    voted(journey, clerk)
    approved_by_the_minister(journey)
    announced(journey, officer)
    read_by_the_applicant(journey, hanoi)
    shown_to_everybody(journey)
    db.session.rollback()
    assert verify().broken is None


# Intake ----------------------------------------------------------------------------------------------------


def drafted_and_submitted(journey: Journey, hanoi: Person) -> None:
    hanoi.open("/guide/kcity-planning")
    answer_self_check(hanoi.page)
    hanoi.press("Check")
    hanoi.open("/applications/new/kcity-planning")
    hanoi.press("Create the draft")
    hanoi.told("The draft was created.")
    hanoi.follow("Continue")
    answers = whole_answers()
    answers["support"]["amount_requested"] = 480_000_000
    for section in FORM.sections:
        expect(hanoi.page.locator("h1")).to_have_text(section.title.en)
        if section.key == "attachments":
            attach(journey, hanoi)
        fill_section(hanoi.page, section, answers[section.key])
        hanoi.page.locator(".buttons button[name=next]").click()
    expect(hanoi.page.locator("h1")).to_have_text("Check your answers")
    hanoi.reads(TITLE, "KRW 480 million", "World Bank", "Ministry of Construction", "공문(서명본).pdf")
    hanoi.follow("Continue to submission")
    hanoi.reads("for: Planning type")
    hanoi.page.locator("#main").get_by_role("button", name="Submit", exact=True).dblclick()
    expect(hanoi.page.locator("h1")).to_have_text("Receipt")
    journey.number = hanoi.page.url.split("/")[-2]
    hanoi.reads("KCN-2027-", "KST", TITLE)
    with hanoi.page.expect_download() as paper:
        hanoi.follow("PDF in English")
    assert journey.number in text_of(paper.value.path())
    db.session.rollback()
    assert [c.number for c in db.session.scalars(sa.select(Case))] == [journey.number]


def answer_self_check(page: Page) -> None:
    for question in FORM.eligibility:
        page.locator(f"input[name='{question.key}'][value='{question.ok}']").check()


def attach(journey: Journey, hanoi: Person) -> None:
    hanoi.page.locator("input[name=official_letter]").set_input_files(signed_letter(journey.folder))
    hanoi.page.locator("button[name=attach][value=official_letter]").click()
    expect(hanoi.page.get_by_role("link", name="공문(서명본).pdf")).to_be_visible()


def text_of(path: Path) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


# Screening -------------------------------------------------------------------------------------------------


def screened_with_a_supplement(journey: Journey, officer: Person, hanoi: Person) -> None:
    officer.open("/desk")
    officer.reads(journey.number)
    officer.page.locator(f"a[href='{journey.case()}']").click()
    officer.follow("담당자 지정")
    officer.press("내가 맡기")
    officer.told("담당자를 지정하였습니다.")
    officer.follow("적격 검토 시작")
    officer.press("적격 검토 시작")
    officer.told("적격 검토를 시작하였습니다.")
    asks_for_a_supplement(journey, officer)
    answers_the_supplement(journey, hanoi)
    officer.open(journey.case("/screening"))
    for line in FORM.screening:
        officer.page.locator(f"input[name=met_{line.key}][value=yes]").check()
        officer.page.locator(f"textarea[name=evidence_{line.key}]").fill("제출 서류로 확인함")
    officer.press("점검 내용 저장")
    officer.told("점검 내용을 저장하였습니다.")
    officer.follow("적격 확인")
    officer.press("적격 확인")
    officer.told("적격으로 확인하였습니다.")
    assert journey.state() == "ELIGIBLE"


def asks_for_a_supplement(journey: Journey, officer: Person) -> None:
    officer.open(journey.case("/screening/supplement"))
    page = officer.page
    page.locator("[name=items-0-section]").select_option("need")
    page.locator("[name=items-0-reason]").fill("교통량 조사 결과를 수치로 적어 주십시오.")
    officer.press("항목 추가")
    expect(page.locator("[name=items-0-reason]")).to_have_value("교통량 조사 결과를 수치로 적어 주십시오.")
    page.locator("[name=items-1-section]").select_option("readiness")
    page.locator("[name=items-1-reason]").fill("토지 확보 상황의 근거를 적어 주십시오.")
    officer.press("보완 요청")
    officer.told("보완을 요청하였습니다.")
    assert journey.state() == "SUPPLEMENT"


def answers_the_supplement(journey: Journey, hanoi: Person) -> None:
    hanoi.open("/notices")
    hanoi.reads(journey.number)
    hanoi.open(journey.case())
    hanoi.follow("Submit the supplement")
    hanoi.reads("교통량 조사 결과를 수치로 적어 주십시오.")
    hanoi.follow("Change “The need”")
    hanoi.page.locator("[name=expected_change]").fill("Average speed rises from 14 to 22 km/h on 120 km of roads.")
    hanoi.press("Save draft")
    hanoi.told("Saved.")
    hanoi.open(f"/applications/{journey.number}/supplement")
    for i, words in enumerate(("Counts of 2026 are added.", "All land is public; the register is attached.")):
        hanoi.page.locator("textarea[name^=answer-]").nth(i).fill(words)
    hanoi.press("Submit the supplement")
    hanoi.told("The supplement was submitted.")
    assert journey.state() == "SCREENING"


# Opinion and consulting ------------------------------------------------------------------------------------


def opinion_of_the_embassy(journey: Journey, officer: Person) -> None:
    officer.open(journey.case("/opinions"))
    officer.page.get_by_role("checkbox", name="주베트남 대한민국 대사관").check()
    officer.page.locator("[name=question]").fill("외교적으로 고려할 사항이 있는지 알려 주십시오.")
    officer.press("의견 조회")
    officer.told("의견을 조회하였습니다.")
    embassy = journey.person("embassy")
    embassy.open("/duties")
    embassy.page.locator(f"#main a[href='/opinions/{journey.number}']").click()
    embassy.page.locator("input[name=stance][value=support]").check()
    embassy.page.locator("[name=remarks]").fill("베트남 정부의 우선 과제와 일치합니다.")
    embassy.press("의견 제출")
    embassy.told("의견을 제출하였습니다.")
    officer.open(journey.case("/opinions"))
    officer.reads("베트남 정부의 우선 과제와 일치합니다.")


def consulted(journey: Journey, officer: Person, hanoi: Person) -> None:
    adviser = journey.person("consultant")
    officer.open(journey.case("/consultant"))
    officer.page.locator("[name=consultant]").select_option(label="consultant 님")
    officer.press("자문가 지정")
    officer.told("자문가를 지정하였습니다.")
    adviser.open("/duties")
    adviser.page.locator(f"#main a[href^='{journey.case()}']").first.click()
    adviser.page.locator("input[name=answer][value=none]").check()
    adviser.press("신고")
    adviser.told("이해관계를 신고하였습니다.")
    officer.open(journey.case("/consulting/begin"))
    officer.page.locator("[name=goals]").fill("과업범위를 확정하고 후속 재원을 찾는다.")
    officer.press("사전컨설팅 시작")
    officer.told("사전컨설팅을 시작하였습니다.")
    meets_and_advises(journey, adviser)
    hanoi.open(journey.case("/consulting"))
    hanoi.page.locator("textarea[name$='answer']").fill("The scope now names the twelve junctions.")
    hanoi.press("Answer")
    hanoi.told("The answer is on the record.")
    judges_and_completes(journey, adviser)


def meets_and_advises(journey: Journey, adviser: Person) -> None:
    adviser.open(journey.case("/consulting/meeting"))
    adviser.page.locator("[name=held_on]").fill(clock.today().isoformat())
    adviser.page.locator("[name=place]").fill("화상회의")
    adviser.page.locator("[name=attendees]").fill("하노이시 교통국, 자문가")
    adviser.page.locator("[name=gist]").fill("교차로 열두 곳을 우선 대상으로 정하였다.")
    adviser.press("회의 기록")
    adviser.told("회의를 기록하였습니다.")
    adviser.open(journey.case("/consulting/advice"))
    adviser.page.locator("[name=section]").select_option("support")
    adviser.page.locator("[name=text]").fill("과업범위를 교차로 단위로 구체화하십시오.")
    adviser.press("자문 사항 작성")
    adviser.told("자문 사항을 등록하였습니다.")


def judges_and_completes(journey: Journey, adviser: Person) -> None:
    adviser.open(journey.case("/consulting"))
    adviser.reads("The scope now names the twelve junctions.")
    adviser.page.locator("input[name$='met'][value=yes]").check()
    adviser.page.locator("textarea[name$='judgement']").fill("과업범위가 구체화되었다.")
    adviser.press("판정 등록")
    adviser.told("판정을 등록하였습니다.")
    adviser.open(journey.case("/consulting/feasibility"))
    adviser.page.locator("[name=feasibility]").fill("기술과 재원이 모두 준비되어 있다.")
    adviser.page.locator("[name=task_scope]").fill("교차로 열두 곳의 관제 기본구상과 초청연수 한 차례.")
    adviser.press("타당성 검토서·과업범위 작성")
    adviser.told("저장하였습니다.")
    adviser.follow("컨설팅 완료")
    adviser.press("컨설팅 완료")
    adviser.told("사전컨설팅을 완료하였습니다.")
    assert journey.state() == "CONSULTED"


# Evaluation ------------------------------------------------------------------------------------------------


def evaluated_by_five(journey: Journey, officer: Person) -> None:
    for number in range(1, 6):
        officer.open(journey.case("/evaluation/invite"))
        officer.page.locator("[name=evaluator]").select_option(label=f"evaluator{number} 님")
        officer.press("평가위원 위촉")
        officer.told("평가위원 위촉")
    panel = [journey.person(f"evaluator{number}") for number in range(1, 6)]
    for evaluator in panel:
        evaluator.open("/duties")
        evaluator.page.locator(f"#main a[href='{journey.case('/duty')}']").click()
        evaluator.page.locator("input[name=answer][value=accept]").check()
        evaluator.press("회신")
        evaluator.page.locator("input[name=answer][value=none]").check()
        evaluator.press("신고")
        evaluator.told("이해충돌이 없음을 신고하였습니다.")
    officer.open(journey.case("/evaluation/open"))
    officer.press("평가 시작")
    officer.told("처리하였습니다: 평가 시작")
    for evaluator in panel:
        scores(journey, evaluator)
    officer.open(journey.case("/evaluation/close"))
    officer.press("평가 마감·순위 확정")
    officer.told("처리하였습니다")
    officer.reads("78.5")
    assert journey.state() == "RANKED"


def scores(journey: Journey, evaluator: Person) -> None:
    evaluator.open(journey.case("/score/evaluation"))
    for key, (score, reason) in REASONS.items():
        evaluator.page.locator(f"[name='{key}-score']").fill(score)
        evaluator.page.locator(f"[name='{key}-reason']").fill(reason)
    evaluator.press("평가표 제출")
    evaluator.told("평가표를 제출하였습니다.")


# Committee -------------------------------------------------------------------------------------------------


def put_on_an_agenda(journey: Journey, clerk: Person) -> None:
    clerk.open("/sittings/new")
    tomorrow = clock.seoul(clock.now()) + timedelta(days=1)
    clerk.page.locator("[name=starts_at]").fill(f"{tomorrow:%Y-%m-%d}T10:00")
    clerk.page.locator("[name=place]").fill("세종청사 대회의실")
    clerk.page.locator("[name=chair]").select_option(label="member01 님")
    clerk.press("저장")
    clerk.told("회의를 잡았습니다.")
    clerk.open(journey.case("/table"))
    clerk.page.locator("[name=sitting]").select_option("1")
    clerk.press("안건 상정")
    clerk.told("처리하였습니다: 안건 상정")
    clerk.open(journey.case("/motion"))
    clerk.page.locator("input[name=outcome][value=approve]").check()
    clerk.page.locator("[name=amount]").fill("480000000")
    clerk.page.locator("textarea[name=text]").fill("원안대로 승인한다.")
    clerk.press("의결안 제시")
    clerk.told("처리하였습니다: 의결안 제시")
    clerk.open("/sittings/1")
    clerk.press("안건 송부")
    clerk.reads("긴급 사유를 적어 주십시오.")
    clerk.page.locator("[name=urgency_reason]").fill("올해 예산의 결정 일정에 맞추어야 한다.")
    clerk.press("안건 송부")
    clerk.told("안건을 보냈습니다.")
    assert journey.state() == "TABLED"


def voted(journey: Journey, clerk: Person) -> None:
    clerk.open("/sittings/1/roll")
    for box in clerk.page.locator("input[name=present]").all():
        box.check()
    clerk.press("출석 확인")
    clerk.told("출석을 확인하였습니다.")
    chair, phone = journey.person("member01"), journey.person("member02", **PHONE)
    english = journey.person("member11", lang="en-US")
    members = [(chair, "신고"), (phone, "신고"), (english, "Declare")]
    others = [journey.person(f"member{n:02}") for n in range(1, 25) if f"member{n:02}" not in BY_HAND]
    for member, words in members:
        member.open(journey.case("/declare"))
        member.page.locator("input[name=answer][value=none]").check()
        member.press(words)
    for other in others:
        conflict = other.name == RECUSED
        said = {"answer": "conflict", "ground": "신청기관 자문"} if conflict else {"answer": "none", "ground": ""}
        send(other.context.request, other.url(journey.case("/declare")), **said)
    chair.open(journey.case("/open-item"))
    chair.press("심의 개시")
    chair.told("처리하였습니다: 심의 개시")
    votes_by_hand(journey, members)
    for other in others:
        if other.name != RECUSED:
            votes_quickly(journey, other)
    chair.open("/sittings/1")
    chair.reads("23 / 23")
    chair.follow("표결 종료·의결")
    chair.press("표결 종료·의결")
    chair.told("처리하였습니다")
    phone.open(journey.case("/committee"))
    phone.reads("출석 24명")
    assert journey.state() == "RESOLVED"
    db.session.rollback()
    counted = db.session.execute(sa.select(OpenedBallot.choice, sa.func.count()).group_by(OpenedBallot.choice)).all()
    assert dict(tuple(row) for row in counted) == {"yes": 20, "no": 2, "abstain": 1}


def votes_by_hand(journey: Journey, members: list[tuple[Person, str]]) -> None:
    for member, words in members:
        korean = words == "신고"
        member.open("/duties")
        member.page.locator(f"#main a[href='{journey.case('/ballot')}']").click()
        assert member.page.locator("input[name=choice]:checked").count() == 0
        member.page.locator("input[name=choice][value=yes]").check()
        member.press("다음" if korean else "Next")
        member.press("투표 확정" if korean else "Cast the vote")
        member.told("투표가 접수되었습니다." if korean else "Your vote is in.")


def votes_quickly(journey: Journey, member: Person) -> None:
    choice = "no" if member.name in NO else "abstain" if member.name in ABSTAIN else "yes"
    url = member.url(journey.case("/ballot"))
    asked = send(member.context.request, url, choice=choice)
    send_again(member.context.request, url, asked.text(), choice=choice, confirmed="yes")


# Decision and what follows ---------------------------------------------------------------------------------


def approved_by_the_minister(journey: Journey) -> None:
    minister = journey.person("minister")
    minister.open("/duties")
    minister.page.locator(f"#main a[href='{journey.case('/decide')}']").click()
    minister.reads("5억 원")
    minister.page.locator("input[name=outcome][value=approve]").check()
    minister.page.locator("[name=amount]").fill("480000000")
    minister.press("다음")
    minister.reads("4억 8,000만 원")
    minister.press("결정 확정")
    minister.told("결정하였습니다.")
    assert journey.state() == "DECIDED"


def announced(journey: Journey, officer: Person) -> None:
    officer.open(journey.case("/letter"))
    officer.press("통지서 확인")
    officer.told("통지서를 확인하였습니다.")
    officer.follow("회차 발표")
    tomorrow = clock.seoul(clock.now()) + timedelta(days=1)
    officer.page.locator("[name=announce_at]").fill(f"{tomorrow:%Y-%m-%d}T14:00")
    officer.press("발표 시각 지정")
    officer.told("발표 시각을 정하였습니다.")
    officer.press("결과 발표")
    officer.reads("발표 시각이 되지 않았습니다.")
    nothing_leaks(journey)
    the_minute_comes(journey)
    officer.press("결과 발표")
    officer.told("결과를 발표하였습니다.")
    assert journey.state() == "ANNOUNCED"


def nothing_leaks(journey: Journey) -> None:
    """Before the minute neither the applicant's people nor a visitor read of a decision."""
    delegate, visitor = journey.person("delegate"), journey.person("visitor", by="")
    delegate.open(journey.case())
    delegate.reads("결정 대기")
    expect(delegate.page.locator("body")).not_to_contain_text("승인")
    assert delegate.finds_nothing(journey.case("/letter"))
    visitor.open("/projects")
    expect(visitor.page.locator("#main")).not_to_contain_text(journey.number)
    assert visitor.finds_nothing(f"/projects/{journey.number}")


def the_minute_comes(journey: Journey) -> None:
    """The only step that is not taken by hand: nobody waits until tomorrow."""
    past = clock.now() - timedelta(minutes=1)
    with unit_of_work():
        db.session.execute(sa.update(Case).where(Case.number == journey.number).values(announce_at=past))
        db.session.execute(sa.update(Announcement).values(announce_at=past))


def read_by_the_applicant(journey: Journey, hanoi: Person) -> None:
    hanoi.open("/notices")
    hanoi.reads(journey.number)
    hanoi.open(journey.case("/letter"))
    hanoi.reads("KRW 480 million", TITLE)
    with hanoi.page.expect_download() as paper:
        hanoi.follow("Download the PDF")
    words = text_of(paper.value.path())
    assert journey.number in words
    assert "480" in words
    hanoi.press("Confirm receipt")
    hanoi.told("Receipt is confirmed.")


def shown_to_everybody(journey: Journey) -> None:
    visitor = journey.person("visitor", lang="en-US", by="", **PHONE)
    visitor.open("/projects")
    visitor.page.locator(f"#main a[href='/projects/{journey.number}']").first.click()
    visitor.reads(TITLE, "KRW 480 million")
