"""A committee's rule in words: the name of each key, what a value means, and what it comes to for so many seats."""

from collections.abc import Mapping
from typing import Any

from workflows.citations import english
from workflows.committee_rules import KEYS, REASONS, SETTING, CommitteeRule
from workflows.text import Text
from workflows.verdict import Counts, decide

NAMES: dict[str, Text] = {
    "quorum": Text("개의 요건", "Quorum"),
    "recused_count_for_quorum": Text("제척·회피 위원의 정족수 산입", "The recused and the quorum"),
    "base": Text("의결의 기준 인원", "Base of the majority"),
    "threshold": Text("의결 요건", "Threshold"),
    "tie": Text("가부동수", "A tie"),
    "chair_votes": Text("위원장의 표결", "The chair's vote"),
    "proxy": Text("대리 참석", "Proxies"),
    "secrecy": Text("표결 방법", "Secrecy"),
    "late_arrivals": Text("표결 중 입장한 위원", "Late arrivals"),
    "dissent": Text("소수의견", "Dissents"),
    "written": Text("서면심의", "Written deliberation"),
}
MEANING: dict[str, dict[Any, Text]] = {
    "quorum": {
        "majority_of_seats": Text(
            "재적위원 과반수의 출석으로 개의한다.", "Opens with a majority of the members in office."
        ),
        "none": Text("개의 요건을 두지 않는다.", "No quorum is required."),
    },
    "recused_count_for_quorum": {
        True: Text("출석한 제척·회피 위원도 정족수에 산입한다.", "Those recused but present count for the quorum."),
        False: Text("제척·회피 위원은 정족수에 산입하지 않는다.", "The recused do not count for the quorum."),
    },
    "base": {
        "present_less_recused": Text(
            "출석위원에서 제척·회피 위원을 뺀 인원을 기준으로 한다. 기권과 미투표는 반대와 같은 효과가 있다.",
            "Those present and not recused. Abstaining or not voting works like a no.",
        ),
        "present": Text(
            "제척·회피 위원을 포함한 출석위원을 기준으로 한다. 기권·미투표·회피는 반대와 같은 효과가 있다.",
            "All present, the recused too. Abstaining, not voting and recusal work like a no.",
        ),
        "votes_cast": Text(
            "찬성과 반대를 더한 표를 기준으로 한다. 기권과 미투표는 의결에 영향을 주지 않는다.",
            "Votes for and against. Abstaining or not voting changes nothing.",
        ),
        "seats": Text(
            "재적위원 전체를 기준으로 한다. 불참·기권·회피는 반대와 같은 효과가 있다.",
            "All members in office. Absence, abstaining and recusal work like a no.",
        ),
    },
    "threshold": {
        "more_than_half": Text("기준 인원의 과반수가 찬성하면 의결한다.", "Carried by more than half of the base."),
        "two_thirds": Text("기준 인원의 3분의 2 이상이 찬성하면 의결한다.", "Carried by two thirds of the base."),
    },
    "tie": {
        "fails": Text("가부동수이면 부결된 것으로 본다.", "A tie fails."),
        "chair_casts": Text(
            "가부동수이면 위원장이 결정한다. 위원장이 기권하였거나 무기명 표결이면 부결된 것으로 본다.",
            "The chair's own vote decides a tie; it fails if the chair abstained, or if the ballot was secret.",
        ),
    },
    "chair_votes": {
        True: Text("위원장도 위원으로서 표결한다.", "The chair votes like any member."),
        False: Text(
            "위원장은 표결하지 않으나 출석위원에 포함된다.", "The chair does not vote but counts among those present."
        ),
    },
    "proxy": {
        "observer": Text(
            "대리인은 배석만 하며 출석위원에 포함되지 않는다.", "A proxy only observes and is not counted."
        ),
        "votes": Text(
            "대리인의 출석을 위원의 출석으로 보며, 대리인은 투표지로 표결한다.",
            "A proxy counts as the member and votes on paper.",
        ),
    },
    "secrecy": {
        "recorded": Text("기명으로 표결한다.", "Votes are recorded by name."),
        "secret_if_moved": Text(
            "의결안에 정한 때에는 무기명으로 표결한다. 서면심의에서는 기명으로 한다.",
            "Secret where the motion says so; by name in a written deliberation.",
        ),
    },
    "late_arrivals": {
        "may_vote": Text(
            "표결 중에 입장한 위원은 명부에 더하여 출석위원에 포함하고 표결하게 한다.",
            "Who comes in during the vote is added to the roster, counts as present and votes.",
        ),
        "may_not_vote": Text(
            "표결이 시작된 뒤 입장한 위원은 그 안건의 출석위원에 포함하지 않는다.",
            "Who comes in after the opening does not count as present for that item.",
        ),
    },
    "dissent": {
        "printed": Text("소수의견을 회의록에 싣는다.", "Dissents are printed in the minutes."),
        "withheld": Text("소수의견은 보관하되 회의록에 싣지 않는다.", "Dissents are kept but not printed."),
    },
}


def meaning(key: str, rule: CommitteeRule) -> Text:
    """What the value of `key` means, in a sentence."""
    value = getattr(rule, key)
    return _written(rule) if key == "written" else MEANING[key][value]


def _written(rule: CommitteeRule) -> Text:
    how = rule.written
    if not how.allowed:
        return Text("서면으로 심의하지 않는다.", "There is no deliberation in writing.")
    reasons = [REASONS[code] for code in how.reasons]
    call = (
        Text("위원은 누구든지 안건을 회의에 부칠 것을 요구할 수 있다.", "Any member may call the item into a meeting.")
        if how.call_in
        else Text("위원이 안건을 회의에 부칠 수 없다.", "Members cannot call the item into a meeting.")
    )
    return Text(
        f"다음의 경우에 {how.window_days_min}일 이상의 기간을 정하여 서면으로 심의할 수 있다: "
        f"{'; '.join(r.ko for r in reasons)}. 기간 안에 회신한 위원을 출석위원으로 본다. {call.ko}",
        f"For {how.window_days_min} days or more, where: {'; '.join(r.en.lower() for r in reasons)}. "
        f"Who returns a paper in time counts as present. {call.en}",
    )


def sentences(rule: CommitteeRule) -> list[tuple[str, Text, Text]]:
    """(key, its name, what its value means), in the order of the rule."""
    return [(key, NAMES[key], meaning(key, rule)) for key in KEYS]


def preview(rule: CommitteeRule, seats: int) -> list[Text]:
    """What the rule comes to for `seats` members: opening, ayes needed with few and with all present, a tie."""
    opening = decide(_heads(seats, seats), rule.voting).quorum_needed
    least = max(opening, 1)
    few, everyone = (decide(_heads(seats, n), rule.voting).needed for n in (least, seats))
    recused = decide(_heads(seats, seats, recused=min(3, seats)), rule.voting).needed
    half = seats // 2
    tie = decide(Counts(seats, seats, 0, yes=half, no=seats - half, abstain=0, not_voting=0), rule.voting)
    ends = Text("가결", "carried") if tie.passed else Text("부결", "not carried")
    if rule.tie == "chair_casts" and seats % 2 == 0 and not tie.passed and half + 1 >= tie.needed:
        ends = Text("위원장이 결정", "for the chair to decide")
    first = (
        Text(
            f"위원 {seats}명 가운데 {opening}명이 출석하여야 개의한다.",
            f"Of {seats} members {opening} must be present to open.",
        )
        if opening
        else Text("개의에 필요한 인원이 없다.", "Nobody needs to be present to open.")
    )
    return [
        first,
        Text(f"{least}명이 출석하면 {_ayes(few).ko}", f"With {least} present, {_ayes(few).en}"),
        Text(f"{seats}명이 모두 출석하면 {_ayes(everyone).ko}", f"With all {seats} present, {_ayes(everyone).en}"),
        Text(
            f"모두 출석하고 3명이 회피하면 {_ayes(recused).ko}", f"With all present and 3 recused, {_ayes(recused).en}"
        ),
        Text(
            f"모두 출석하여 찬성 {half}명, 반대 {seats - half}명이면 {ends.ko}된다."
            if ends.ko != "위원장이 결정"
            else f"모두 출석하여 찬성 {half}명, 반대 {seats - half}명이면 위원장이 결정한다.",
            f"With all present, {half} for and {seats - half} against is {ends.en}.",
        ),
    ]


def _heads(seats: int, present: int, recused: int = 0) -> Counts:
    """All who may vote say yes, so that every base is as large as it can be."""
    return Counts(seats, present, recused, yes=present - recused, no=0, abstain=0, not_voting=0)


def _ayes(n: int) -> Text:
    return Text(f"{n}명 이상이 찬성하여야 의결한다.", f"{n} {'aye carries' if n == 1 else 'ayes carry'}.")


def basis_words(basis: Mapping[str, Any]) -> tuple[Text, bool]:
    """(what one key rests on, whether it is a setting): the article with its note, or the note alone."""
    article, setting = str(basis["article"]), basis["article"] == SETTING
    notes = ((article, str(basis["ko"])), (english(article), str(basis["en"])))
    ko, en = (note if setting else " – ".join(part for part in (law, note) if part) for law, note in notes)
    return Text(ko, en), setting
