"""The decision letter (결정통지서): what was decided, why, on which conditions, how it may be contested.

The page and the PDF show one dataclass and one table of words. Never carries a government mark.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.documents.paper import SAMPLE_NOTICE, Lang, render
from workflows.text import Text

Outcome = Literal[
    "approved",
    "approved_with_conditions",
    "rejected",
    "reserved",
    "returned",
    "declined",
    "upheld",
    "dismissed",
    "lapsed",
]

OUTCOME_WORDS: dict[Outcome, Text] = {
    "approved": Text("선정", "Approved"),
    "approved_with_conditions": Text("조건부 선정", "Approved with conditions"),
    "rejected": Text("미선정", "Not approved"),
    "reserved": Text("예비 선정", "Placed on the reserve list"),
    "returned": Text("반려", "Returned"),
    "declined": Text("미채택", "Not taken up"),
    "lapsed": Text("예비 종료", "Reserve listing ended"),
    "upheld": Text("이의신청 인용", "Objection upheld"),
    "dismissed": Text("이의신청 기각", "Objection dismissed"),
}

LETTER_WORDS: dict[str, Text] = {
    "heading": Text("결정통지서", "Notice of decision"),
    "number": Text("문서번호", "Document number"),
    "dated": Text("시행일", "Date"),
    "addressee": Text("수신", "To"),
    "subject": Text("제목", "Subject"),
    "decision": Text("결정", "Decision"),
    "case_number": Text("접수번호", "Case number"),
    "case_title": Text("사업명", "Project title"),
    "cycle": Text("회차", "Cycle"),
    "amount": Text("지원금액", "Amount granted"),
    "verdict": Text("위원회 의결", "Resolution of the committee"),
    "reasons": Text("결정 이유", "Reasons"),
    "criterion": Text("평가항목", "Criterion"),
    "reason": Text("이유", "Reason"),
    "conditions": Text("조건", "Conditions"),
    "article": Text("조항", "Article"),
    "condition": Text("이행할 내용", "What must be done"),
    "due": Text("기한", "Due"),
    "no_due": Text("사업기간 중", "Throughout"),
    "appeals": Text("불복 절차", "How to contest this decision"),
    "appeals_intro": Text(
        "이 결정에 이의가 있으면 아래 기한까지 다음의 방법으로 불복하실 수 있습니다.",
        "If you disagree with this decision you may contest it by any of these routes, each until the date shown.",
    ),
    "route": Text("방법", "Route"),
    "until": Text("기한", "Until"),
    "where": Text("제출처", "Where"),
    "contact": Text("담당", "Contact"),
    "verification": Text("문서 확인번호", "Verification code"),
    "verify": Text(
        "누리집의 ‘문서 확인’에 이 번호를 입력하면 발급된 문서인지 확인할 수 있습니다.",
        "Enter it under “Check a document” on the site to see that this letter was issued.",
    ),
}


@dataclass(frozen=True, slots=True)
class CriterionReason:
    """Why, under one criterion (행정절차법 제23조: a disposition states its grounds)."""

    criterion: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the approval, its article in this letter (제1조, Article 1), and its due day, if any."""

    article: Text
    text: Text
    due: date | None


@dataclass(frozen=True, slots=True)
class AppealRoute:
    """A way to contest the decision that is open, its last day and where to file (행정절차법 제26조)."""

    route: Text
    until: date
    where: Text


@dataclass(frozen=True, slots=True)
class Officer:
    """Who answers questions."""

    unit: Text
    name: Text
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Signatory:
    """In whose name the decision is made."""

    office: Text
    name: Text


@dataclass(frozen=True, slots=True)
class LetterData:
    """What a decision letter says. `amount` is worded by workflows.words; dates are days in Asia/Seoul."""

    outcome: Outcome
    issuer: Text
    number: str
    dated: date
    addressee: Text
    case_number: str
    case_title: str
    cycle: Text
    subject: Text
    decision: Text
    signatory: Signatory
    officer: Officer
    verification: str
    amount: Text | None = None
    verdict: Text | None = None
    reasons: tuple[CriterionReason, ...] = ()
    conditions: tuple[Condition, ...] = ()
    appeals: tuple[AppealRoute, ...] = ()
    notice: Text | None = SAMPLE_NOTICE


def words_of(data: LetterData) -> dict[str, Text]:
    """The words of this letter: the answer to an objection has a heading of its own and says what was objected."""
    if data.outcome not in ("upheld", "dismissed"):
        return LETTER_WORDS
    return LETTER_WORDS | {
        "heading": Text("이의신청 결과 통지서", "Answer to an objection"),
        "reasons": Text("이의신청과 판단", "The objection and the answer"),
        "criterion": Text("구분", "Part"),
        "reason": Text("내용", "Content"),
        "appeals_intro": Text(
            "이 결과에 이의가 있으면 아래 기한까지 다음의 방법으로 다툴 수 있습니다.",
            "If you disagree with this answer you may take any of these routes, each until the date shown.",
        ),
    }


def letter_pdf(data: LetterData, lang: Lang) -> bytes:
    """The letter as PDF/UA-1, the same bytes for the same data. Raises paper.NotPrintable."""
    words = words_of(data) | {"outcome": OUTCOME_WORDS[data.outcome]}
    title = Text(f"{data.subject.ko} ({data.number})", f"{data.subject.en} ({data.number})")
    return render("letter.typ", data, words, title=title, dated=data.dated, lang=lang)
