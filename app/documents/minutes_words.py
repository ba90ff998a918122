"""The words of minutes: what the codes of their content mean, and how its times read. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from workflows import words
from workflows.text import Text

SEOUL = ZoneInfo("Asia/Seoul")
FORMS = {
    "in_person": Text("출석 회의", "Meeting in person"),
    "video": Text("영상 회의", "Video meeting"),
    "written": Text("서면 심의", "Deliberation in writing"),
}
OUTCOMES = {
    "approve": Text("승인", "Approval"),
    "approve_with_conditions": Text("조건부 승인", "Approval with conditions"),
    "reject": Text("불승인", "Rejection"),
    "reserve": Text("예비 순위", "Place on the reserve list"),
}
CHOICES = {"yes": Text("찬성", "Yes"), "no": Text("반대", "No"), "abstain": Text("기권", "Abstain")}
CAPACITIES = {
    "chair": Text("공동위원장", "Co-chair"),
    "member": Text("위원", "Member"),
    "vice_minister": Text("관계 차관(안건별 위원)", "Related vice minister (for an item)"),
    "local_head": Text("관할 지방자치단체의 장(안건별 위원)", "Head of the local government (for an item)"),
    "guest": Text("배석", "In attendance"),
}
SIDES = {"government": Text("정부", "Government"), "private": Text("민간", "Private")}
STEPS = {
    "open_item": Text("심의 개시", "Item opened"),
    "close_ballot": Text("표결 종료·의결", "Ballot closed, resolved"),
    "close_round": Text("표결 종료, 안건 계속", "Ballot closed, item goes on"),
    "defer": Text("심의 보류", "Deferred"),
    "call_in": Text("회의 부의 요구", "Called into a meeting"),
    "void_vote": Text("표결 무효", "Vote declared void"),
}
VOID = {
    "quorum_defect": Text("정족수 하자", "defect of quorum"),
    "undeclared_conflict": Text("신고되지 않은 이해충돌", "conflict not declared"),
    "count_error": Text("집계 오류", "error in the count"),
    "other": Text("그 밖의 사유", "another reason"),
}


def both(words_: Mapping[str, str]) -> Text:
    """Words of the content, each language standing in for the other."""
    ko, en = words_["ko"], words_["en"]
    return Text(ko or en, en or ko)


def seoul(value: str) -> datetime:
    """A time of the content on the clock in Seoul."""
    return datetime.fromisoformat(value).astimezone(SEOUL)


def day_of(value: str) -> date:
    """Its day."""
    return seoul(value).date()


def hour(value: str) -> str:
    """Its time of day."""
    return f"{seoul(value):%H:%M}"


def moment(value: str | None) -> Text | None:
    """Day and time; None for none."""
    if value is None:
        return None
    day, time = words.day(day_of(value)), hour(value)
    return Text(f"{day.ko} {time}", f"{day.en} {time} KST")


def heads(count: int) -> Text:
    """A number of people."""
    return Text(f"{count}명", f"{count}")
