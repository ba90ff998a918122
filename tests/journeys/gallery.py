"""A gallery of pages: cases at every stage with what has gathered on them, and who can open what, found by links.

Each person starts at home and follows every link. What a link promises must be there; what no link leads to is an
orphan. Pages that look alike (no kind of element that was not seen before) are looked at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import HTTPException

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.extensions import db
from app.models import AgendaItem, Case, Delivery, NumberSeries
from app.models.consulting import Advice
from app.services import one_time
from app.services.announce import announce_round
from app.services.answer_advice import answer_advice
from app.services.assign_consultant import assign_consultant
from app.services.begin_consulting import begin_consulting
from app.services.call_roll import end_sitting
from app.services.check_eligibility import check_eligibility
from app.services.close_ballot import close_ballot
from app.services.correct_minutes import correct_minutes
from app.services.decide import approve
from app.services.declare_consulting import declare_consulting
from app.services.decline import propose_decline
from app.services.give_advice import give_advice
from app.services.invite import invite_member
from app.services.judge_advice import judge_advice
from app.services.log_meeting import log_meeting
from app.services.objections import file_objection
from app.services.preview_letter import preview_letter
from app.services.publish_minutes import publish_minutes
from app.services.reply_opinion import reply_opinion
from app.services.request_opinion import request_opinion
from app.services.request_supplement import request_supplement
from app.services.reserve import reserve
from app.services.review_minutes import review_minutes
from app.services.set_announcement import set_announcement
from app.services.sign_minutes import sign_minutes
from app.services.write_feasibility import write_feasibility
from app.services.write_message import write_message
from app.services.write_minutes import save_draft, submit_minutes
from tests import committee_steps as steps
from tests.world import World
from workflows.disclosure import Choice
from workflows.form_schema import load_form

ROLES = (
    "visitor applicant delegate company officer officer2 consultant embassy evaluator1 evaluator6 clerk member01 "
    "member02 minister auditor admin"
).split()
NO_PAGE = {
    "static", "operations.healthz", "operations.metrics", "api.openapi", "api.case", "api.projects",
    "public.projects_csv", "desk.export", "applicant.receipt_paper", "committee.letter_as_pdf", "applicant.file",
    "committee.live", "committee.screen_live", "committee.ballot_state", "committee.feed",
    "committee.one_letter_as_pdf", "public.daily_roots_as_json", "public.signing_keys_as_json",
}  # fmt: skip
"""GET routes that are no pages for people."""
LATER = {
    "committee.close": "once the objection period is over",
    "applicant.roll_over": "after the cut-off of the cycle",
    "applicant.roll_over_round": "after the cut-off of the cycle",
    "applicant.self_check_passed": "after the self-check; test_accessibility passes it",
    "desk.demand": "once the date of a supplement is missed",
    "desk.send_back_unanswered": "once both dates are missed",
    "cases.do": "for acts without a page of their own, of which there is none",
    "account.sign_in_code": "for an account with a second factor; tests/web/test_account_safety.py comes to it",
    "committee.anew": "once an objection is upheld",
    "committee.announcement_of_case": "leads on to the announcement of the round",
    "committee.answer_consensus_page": "once a consensus report waits for its answers",
    "committee.calling_in": "in a written deliberation",
    "committee.condition_act": "for an approval with conditions",
    "committee.conditions": "for an approval with conditions",
    "committee.draw_panel_page": "once a pool is frozen",
    "committee.invitation": "while an invitation waits for its answer",
    "committee.one_letter": "for letters beside that of the decision",
    "committee.rank_again_page": "once a sheet was corrected after the lock",
    "committee.write_consensus_page": "for the evaluator named to write the report",
    "interests.rule": "once a challenge waits for the committee",
}
"""Pages that nothing in the gallery has come to yet, and when they come."""


# The cases -------------------------------------------------------------------------------------------------


def furnish(world: World) -> None:
    """One case or more at each stage, made by the services wherever it does not take half the way."""
    with unit_of_work():  # the cases placed here take their numbers without asking
        db.session.add(NumberSeries(series="KCN-2027", last=500))
    officer, adviser = world.viewer("officer"), world.viewer("consultant")
    for state in ("DRAFT", "RECEIVED", "RETURNED", "WITHDRAWN", "DECLINED"):
        world.case_in(state, city=f"City {state}")
    world.case_in("DRAFT", "kcity-demonstration")
    world.case_in("SCREENING", "kcity-demonstration")
    _screened(world, officer)
    _consulted(world, officer, adviser)
    steps.in_evaluation(world, city="Da Nang")
    begun = steps.in_evaluation(world, city="Hue")
    steps.submit_sheet(world.viewer("evaluator1"), begun.number, "evaluation", steps.SHEET)
    steps.score_all(world, steps.in_evaluation(world, city="Vung Tau"))
    _deliberated(world)
    _decided(world)
    db.session.rollback()


def _screened(world: World, officer: Viewer) -> None:
    case = world.case_in("SCREENING", city="Ha Giang")
    check_eligibility(officer, case.number, {"eligible_applicant": (True, "정부 조직도로 확인함")})
    write_message(world.viewer("applicant"), case.number, "When may we expect the result?\nMany thanks.")
    asked = world.case_in("SCREENING", city="Can Tho")
    due = clock.today() + timedelta(days=14)
    items = [("need", "교통량을 수치로 적어 주십시오."), ("readiness", "토지의 근거를 적어 주십시오.")]
    request_supplement(officer, asked.number, items, due)
    checked = world.case_in("SCREENING", city="My Tho")
    lines = load_form("kcity-planning", 1).screening
    check_eligibility(officer, checked.number, {line.key: (True, "서류로 확인함") for line in lines})


def _consulted(world: World, officer: Viewer, adviser: Viewer) -> None:
    asked = world.case_in("ELIGIBLE", city="Hai Phong")
    due = clock.today() + timedelta(days=14)
    request_opinion(officer, asked.number, [world.orgs["embassy"], world.orgs["ministry"]], "의견을 주십시오.", due)
    reply_opinion(world.viewer("ministry"), asked.number, "remarks", "관계 부서와 협의가 필요합니다.")
    assign_consultant(officer, asked.number, world.ids["consultant"])
    propose_decline(officer, world.case_in("ELIGIBLE", city="Lao Cai").number, "다른 사업과 겹친다.")
    _ready(world, "Thanh Hoa")
    done = _ready(world, "Bac Lieu")
    begin_consulting(officer, done.number, "과업범위를 확정한다.")
    give_advice(adviser, done.number, "need", "수치를 적어 주십시오.")
    db.session.rollback()
    only = db.session.scalars(sa.select(Advice.id)).one()
    answer_advice(world.viewer("applicant"), done.number, only, "적었습니다.")
    judge_advice(adviser, done.number, only, False, "수치가 빠졌다.")
    write_feasibility(adviser, done.number, "실현할 수 있다.", "기본구상과 초청연수")
    case = _ready(world, "Vinh")
    begin_consulting(officer, case.number, "과업범위를 확정한다.")
    log_meeting(adviser, case.number, clock.today(), "화상회의", "하노이시 교통국", "교차로를 정하였다.")
    for section in ("support", "need", ""):
        give_advice(adviser, case.number, section, "교차로 단위로 구체화하십시오.")
    db.session.rollback()
    first, second = db.session.scalars(sa.select(Advice.id).order_by(Advice.id.desc()).limit(2)).all()
    for item in (first, second):
        answer_advice(world.viewer("applicant"), case.number, item, "열두 곳을 적었습니다.")
    judge_advice(adviser, case.number, first, True, "구체화되었다.")
    steps.form_panel(world, world.case_in("CONSULTED", city="Nha Trang"), steps.PANEL[:3])
    steps.form_panel(world, world.case_in("CONSULTED", city="Phan Thiet"))


def _ready(world: World, city: str) -> Case:
    case = world.case_in("ELIGIBLE", city=city)
    assign_consultant(world.viewer("officer"), case.number, world.ids["consultant"])
    declare_consulting(world.viewer("consultant"), case.number, "none", "")
    return case


def _deliberated(world: World) -> None:
    steps.ranked(world, city="Pleiku")
    steps.plan(world)
    case, sitting = steps.tabled(world, steps.ranked(world, city="Buon Ma Thuot"))
    steps.seated(world, case, sitting, steps.members(1, 12))
    quorate, room = steps.tabled(world, steps.ranked(world, city="Kon Tum"))
    steps.seated(world, quorate, room, steps.members(1, 13))
    open_case, _ = steps.voting(world, steps.members(1, 14), ["member14"], steps.ranked(world, city="Quy Nhon"))
    steps.vote(world, open_case, yes=steps.members(3, 5), no=["member06"])


def _decided(world: World) -> None:
    steps.resolved(world, steps.ranked(world, city="Da Lat"))
    kept = steps.resolved(world, steps.ranked(world, city="Sa Pa"))
    reserve(world.viewer("minister"), kept.number, 1, "예산이 남으면 지원한다.")
    heard, sitting = _approved(world, "Bac Ninh")
    _announced(world, heard)
    _minuted(world, heard, sitting)
    later, sitting = _approved(world, "Ha Long")
    _minuted(world, later, sitting, signed=False)


def _approved(world: World, city: str) -> tuple[Case, int]:
    case, sitting = steps.voting(world, steps.members(1, 13), case=steps.ranked(world, city=city))
    steps.vote(world, case, yes=steps.members(1, 13))
    close_ballot(world.viewer("member01"), case.number)
    approve(world.viewer("minister"), case.number, 480_000_000, "의결과 같음")
    preview_letter(world.viewer("officer"), case.number)
    end_sitting(world.viewer("clerk"), sitting)
    return case, sitting


def _minuted(world: World, case: Case, sitting: int, signed: bool = True) -> None:
    """Minutes that wait for the chair, or signed, corrected and published ones."""
    clerk, chair = world.viewer("clerk"), world.viewer("member01")
    item = db.session.scalars(sa.select(AgendaItem.id).where(AgendaItem.case_id == case.id)).one()
    save_draft(clerk, sitting, {"ko": "담당 사무관", "en": ""}, {item: {"ko": "필요성에 공감하였다.", "en": ""}})
    submit_minutes(clerk, sitting)
    review_minutes(world.viewer("officer"), sitting, True)
    if signed:
        sign_minutes(clerk, sitting)
        sign_minutes(chair, sitting)
        correct_minutes(clerk, sitting, "item-1-gist", "‘교통’을 ‘통신’으로 정정한다.", "", "오기")
        publish_minutes(clerk, sitting, {key: Choice() for key in ("attendance", "item-1-gist", "item-1-vote")})


def _announced(world: World, case: Case) -> None:
    officer, soon = world.viewer("officer"), clock.now() + timedelta(seconds=30)
    set_announcement(officer, case.cycle_id, soon)
    with unit_of_work():
        db.session.execute(sa.update(Case).where(Case.announce_at == soon).values(announce_at=clock.now()))
    announce_round(officer, case.cycle_id)
    file_objection(world.viewer("applicant"), case.number, "금액의 근거를 다시 살펴 주십시오.", "once-gallery")


def mailed(world: World) -> list[str]:
    """Pages that only a mail leads to: to confirm an address, to reset a password, to accept an invitation."""
    invite_member(world.viewer("applicant"), world.orgs["hanoi"], "new.person@hanoi.test", "delegate", "en")
    with unit_of_work():
        now, who = clock.now(), world.ids["stranger"]
        confirm, reset = (one_time.issue(who, purpose, now) for purpose in (one_time.CONFIRM, one_time.RESET))
    bodies = " ".join(db.session.scalars(sa.select(Delivery.body)))
    invitation = re.findall(r"/invitations/[\w-]+", bodies)[-1]
    return [f"/confirm/{confirm}", f"/reset/{reset}", invitation]


# The pages -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as one person got it."""

    who: str
    path: str
    endpoint: str
    html: str
    new: bool
    """It holds a kind of element that this route had not shown before."""
    unlike: bool
    """It is the first page of its route, or holds a kind of element that no page had shown before."""


@dataclass
class Gallery:
    """The furnished site, with the pages of each person once somebody asked for them."""

    site: Any
    seen: dict[str, set[str]] = field(default_factory=dict)
    anywhere: set[str] = field(default_factory=set)
    pages: dict[str, list[Shown]] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    broken: dict[str, list[str]] = field(default_factory=dict)

    @property
    def app(self) -> Flask:
        """The application, in this process."""
        app: Flask = self.site.world.app
        return app

    def of(self, who: str) -> list[Shown]:
        """Every page this person finds by following links; looked for once."""
        if who not in self.pages:
            self.broken[who] = []
            self.pages[who] = list(self._walk(who))
        return self.pages[who]

    def _walk(self, who: str) -> Iterator[Shown]:
        client = self.site.world.client(None if who == "visitor" else who)
        rows = db.session.execute(sa.select(Case.number, Case.state))
        states = {row.number: row.state for row in rows}
        known: set[str] = set()
        more = [*mailed(self.site.world), "/sign-up/sent", "/reset/sent"] if who == "visitor" else []
        if who in ("applicant", "company"):
            more = [f"/applications/new/{'kcity-planning' if who == 'applicant' else 'kcity-demonstration'}"]
        waiting = [("/", ""), *((path, "a mail or form") for path in more)]
        while waiting:
            path, source = waiting.pop(0)
            endpoint, args = self._match(path)
            key = _key(endpoint, args, states)
            if key in known or endpoint in ("static", "applicant.file"):
                continue
            known.add(key)
            self.visited.add(endpoint)
            answer = client.get(path)
            if answer.status_code in (301, 302, 303):
                waiting.insert(0, (urlsplit(answer.location).path, source))
            elif answer.status_code != 200:
                self.broken[who].append(f"{answer.status_code} {path} linked from {source}")
            elif answer.mimetype == "text/html":
                parsed = Parsed(answer.text)
                unlike = endpoint not in self.seen or not parsed.kinds <= self.anywhere
                new = not parsed.kinds <= self.seen.setdefault(endpoint, set())
                self.seen[endpoint] |= parsed.kinds
                self.anywhere |= parsed.kinds
                yield Shown(who, path, endpoint, answer.text, new, unlike)
                waiting += [(urlsplit(urljoin(path, link)).path, path) for link in parsed.links]

    def _match(self, path: str) -> tuple[str, dict[str, Any]]:
        try:
            return self.app.url_map.bind("127.0.0.1").match(path, method="GET")
        except HTTPException:
            return path, {}


def _key(endpoint: str, args: dict[str, Any], states: dict[str, str]) -> str:
    """Pages with one key are the same to this person: a case counts by its state, an account or file not at all.

    The case page itself is opened for every case, for its links.
    """
    parts: list[Any] = [endpoint]
    for name, value in sorted(args.items()):
        if name == "number":
            parts.append(value if endpoint == "cases.case" else states.get(value, str(value)))
        elif name in ("key", "definition_id", "stage", "trigger"):
            parts.append(value)
    return " ".join(map(str, parts))


class Parsed(HTMLParser):
    """Links of a page, and the kinds of elements on it (name, classes, type, tone)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.kinds: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        marks = [found.get(name) or "" for name in ("class", "type", "role", "data-tone")]
        self.kinds.add(" ".join([tag, *marks]))
        link = found.get("href") or ""
        if tag == "a" and link.startswith(("/", "?", "./")):
            self.links.append(link)
