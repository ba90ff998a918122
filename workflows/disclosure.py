"""What the public reads of minutes: a rule for each part, with its ground in the law and its end.

Pure. Grounds are those of 공공기관의 정보공개에 관한 법률 제9조제1항 and no others. A part closed because a decision is
still being made (제5호) must say when that ends; the names of people commissioned under a law are not protected
(제6호마목), so neither attendance nor votes may be closed on the ground of privacy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.bad_input import BadInput
from workflows.text import Text

RULES: dict[str, Text] = {
    "public": Text("공개", "Public"),
    "on_request": Text("청구에 따라 공개", "On request"),
    "closed": Text("비공개", "Closed"),
}
GROUNDS: dict[str, Text] = {
    "1": Text("제1호 다른 법률에 따른 비밀·비공개 사항", "item 1: secret under another law"),
    "2": Text("제2호 국가안전보장·외교관계 등", "item 2: national security, foreign relations"),
    "3": Text("제3호 생명·신체·재산의 보호", "item 3: protection of life, body and property"),
    "4": Text("제4호 재판·수사 등", "item 4: trials and investigations"),
    "5": Text("제5호 의사결정 과정에 있는 사항", "item 5: a decision still being made"),
    "6": Text("제6호 개인에 관한 사항", "item 6: personal data"),
    "7": Text("제7호 경영상·영업상 비밀", "item 7: trade secrets"),
    "8": Text("제8호 특정인의 이익·불이익 우려", "item 8: undue gain or loss for somebody"),
}
ARTICLE = Text("정보공개법 제9조제1항", "Official Information Disclosure Act Art. 9(1)")
NAMED = ("attendance", "vote")
"""Kinds of parts in which members stand by name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How one part is disclosed. `until`: the last day on which it is closed; `reason`: in words, to be read by all."""

    rule: str = "public"
    ground: str = ""
    until: date | None = None
    reason: str = ""

    def row(self) -> dict[str, Any]:
        """As it is stored."""
        until = self.until.isoformat() if self.until else None
        return {"rule": self.rule, "ground": self.ground, "until": until, "reason": self.reason}


def choice_of(row: Mapping[str, Any] | None) -> Choice:
    """From how it is stored; a part that nobody ruled on is closed."""
    if row is None:
        return Choice("closed", reason="")
    until = date.fromisoformat(row["until"]) if row.get("until") else None
    return Choice(row["rule"], row.get("ground", ""), until, row.get("reason", ""))


def check(part: str, choice: Choice, today: date) -> Choice:
    """The choice, once it is lawful.

    Raises:
        BadInput: no such rule or ground, no reason, no end where one is needed, or a ground that does not hold here.
    """
    if choice.rule not in RULES:
        raise BadInput("rule", "공개 방법을 선택해 주십시오.", "choose how the part is disclosed")
    if choice.rule == "public":
        return Choice()
    if choice.ground not in GROUNDS:
        raise BadInput("ground", "비공개 근거를 선택해 주십시오.", "choose the ground in the law")
    if choice.ground == "6" and kind_of(part) in NAMED:
        raise BadInput(
            "ground",
            "법령에 따라 위촉된 위원의 성명과 직업은 제9조제1항제6호마목에 따라 비공개 대상이 아닙니다.",
            "names and occupations of people commissioned under a law are not protected (Art. 9(1) item 6 (e))",
        )
    if not choice.reason.strip():
        raise BadInput("reason", "비공개 사유를 적어 주십시오.", "write down the reason")
    if choice.rule == "closed" and choice.until is None:
        raise BadInput("until", "비공개가 끝나는 날을 적어 주십시오.", "give the day on which it ends")
    if choice.until is not None and choice.until < today:
        raise BadInput("until", "이미 지난 날입니다.", "that day is over")
    return choice


def kind_of(part: str) -> str:
    """attendance, gist, vote or dissent."""
    return part.rpartition("-")[2]


def withheld(choice: Choice, on: date) -> Text | None:
    """Why the part is not shown on the day `on`, in words; None where it is shown."""
    if choice.rule == "public" or (choice.rule == "closed" and choice.until is not None and on > choice.until):
        return None
    if not choice.ground:
        return Text("공개 여부가 정해지지 않았습니다.", "Whether this part is disclosed has not been decided.")
    ground = GROUNDS[choice.ground]
    ko = f"{RULES[choice.rule].ko} – {ARTICLE.ko}{ground.ko}: {choice.reason}"
    en = f"{RULES[choice.rule].en} – {ARTICLE.en}, {ground.en}: {choice.reason}"
    if choice.until is not None:
        day = choice.until
        return Text(f"{ko} ({day:%Y}. {day.month}. {day.day}.까지)", f"{en} (until {day.isoformat()})")
    return Text(ko, en)
