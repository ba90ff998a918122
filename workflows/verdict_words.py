"""The sentence under a verdict: the opening, the base and the ayes with their arithmetic. Decides nothing."""

from typing import TYPE_CHECKING

from workflows.text import Text

if TYPE_CHECKING:
    from workflows.verdict import Counts, VotingRule


def sentence(counts: "Counts", rule: "VotingRule", opening: int, quorum_needed: int, base: int, needed: int) -> Text:
    """The verdict in words, Korean and English."""
    if opening < quorum_needed:
        return _void(counts, rule, opening, quorum_needed)
    start = _opened(counts, rule, opening, quorum_needed)
    if base == 0:
        return Text(
            f"{start.ko}, 의결의 기준이 되는 인원이 없어 부결되었습니다.",
            f"{start.en}; nobody counts towards the decision, so it is not carried.",
        )
    half = rule.threshold == "more_than_half"
    share = Text("과반인", "more than half") if half else Text("3분의 2를 채우는", "two thirds")
    of, end = _base(counts, rule, base), _end(counts, needed)
    return Text(
        f"{start.ko}, {of.ko}의 {share.ko} {needed:,}명{end.ko}",
        f"{start.en}; {share.en} of {of.en} takes {needed:,}, and {end.en}",
    )


def _void(counts: "Counts", rule: "VotingRule", opening: int, quorum_needed: int) -> Text:
    ko, en = _attending(counts, rule, opening)
    return Text(
        f"재적 {counts.seats:,}명의 과반인 {quorum_needed:,}명에 못 미치는 {ko}이 출석하여 "
        "개의 요건을 갖추지 못하였으므로 의결할 수 없습니다.",
        f"{en} of {counts.seats:,} seats present, fewer than the majority of {quorum_needed:,}: "
        "there is no quorum and nothing can be decided.",
    )


def _opened(counts: "Counts", rule: "VotingRule", opening: int, quorum_needed: int) -> Text:
    ko, en = _attending(counts, rule, opening)
    if rule.quorum == "none":
        return Text(f"개의 요건이 없는 회의에 {ko}이 출석하였고", f"{en} present and no quorum required")
    return Text(
        f"재적 {counts.seats:,}명의 과반인 {quorum_needed:,}명 이상인 {ko}이 출석하여 개의 요건을 갖추었고",
        f"{en} of {counts.seats:,} seats present, at least the majority of {quorum_needed:,}: quorum met",
    )


def _attending(counts: "Counts", rule: "VotingRule", opening: int) -> tuple[str, str]:
    if rule.recused_count_for_quorum or not counts.recused_present:
        return f"{opening:,}명", f"{opening:,}"
    recused = counts.recused_present
    return f"{opening:,}명(제척 {recused:,}명 제외)", f"{opening:,} (not counting {recused:,} recused)"


def _base(counts: "Counts", rule: "VotingRule", base: int) -> Text:
    if rule.base == "seats":
        return Text(f"재적 {base:,}명", f"all {base:,} seats")
    if rule.base == "votes_cast":
        return Text(f"찬성과 반대를 더한 {base:,}표", f"the {base:,} votes cast for or against")
    if rule.base == "present_less_recused" and counts.recused_present:
        recused = counts.recused_present
        return Text(f"제척 {recused:,}명을 뺀 {base:,}명", f"the {base:,} present and not recused")
    return Text(f"출석 {base:,}명", f"the {base:,} present")


def _end(counts: "Counts", needed: int) -> Text:
    yes, no = counts.yes, counts.no
    if yes >= needed:
        if yes == needed:
            return Text("이 찬성하여 가결되었습니다.", f"{yes:,} voted yes: carried.")
        return Text(f" 이상인 {yes:,}명이 찬성하여 가결되었습니다.", f"{yes:,} voted yes: carried.")
    if yes == no:
        return Text(
            f"에 못 미치게 찬성과 반대가 {yes:,}명으로 같아 부결되었습니다.",
            f"yes and no are equal at {yes:,}: not carried.",
        )
    return Text(f"에 못 미치는 {yes:,}명이 찬성하여 부결되었습니다.", f"{yes:,} voted yes: not carried.")
