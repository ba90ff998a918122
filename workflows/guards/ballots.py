"""Guards of the ballot itself: who is on the roster, papers, the written window, amendments, void votes, dissent."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because

BARRED = {
    "absent": because("not_on_roster", "이 안건의 출석 명부에 없는 위원입니다.", "Not on the roster of this item."),
    "recused": because("recused", "이 안건의 표결에 참여할 수 없습니다.", "No part in the vote on this item."),
    "chair": because("chair_does_not_vote", "위원장은 표결하지 않습니다.", "By the rule the chair does not vote."),
    "voted": because("already_voted", "이미 표결한 위원입니다.", "This member has voted already."),
    "entered": because(
        "paper_entered",
        "이 위원의 투표지는 이미 입력되어 확인을 기다립니다.",
        "This member’s paper is entered already and waits for the second person.",
    ),
}


@guard("my_entitlement")
def on_the_roster(facts: Facts, actor: Actor) -> Reason | None:
    """Only who stands on the frozen roster as entitled votes."""
    return BARRED.get(facts["my_entitlement"])


@guard("in_voter", on_input=True)
def paper_of_a_voter(facts: Facts, actor: Actor) -> Reason | None:
    """A paper is entered for who may vote and has not; never over a vote on screen."""
    return BARRED.get(facts["in_voter"])


@guard("secret_vote")
def vote_by_name(facts: Facts, actor: Actor) -> Reason | None:
    """Papers are entered by name, so never in a secret vote."""
    if not facts["secret_vote"]:
        return None
    return because(
        "secret_vote",
        "무기명 표결에서는 투표지를 이름으로 입력할 수 없습니다.",
        "In a secret vote no paper is entered by name.",
    )


@guard("in_second_person", on_input=True)
def second_person(facts: Facts, actor: Actor) -> Reason | None:
    """Whoever typed a paper in, or whose paper it is, does not confirm it."""
    if facts["in_second_person"]:
        return None
    return because(
        "second_person",
        "투표지를 입력한 사람이나 투표한 위원이 아닌 다른 사람이 확인하여야 합니다.",
        "Somebody else than who entered the paper, or cast it, must confirm it.",
    )


@guard("called_in")
def not_called_in(facts: Facts, actor: Actor) -> Reason | None:
    """What a member called into a meeting is not opened in writing again."""
    if not facts["called_in"]:
        return None
    return because(
        "called_in",
        "위원의 요구로 회의에 부치기로 한 안건입니다. 열릴 회의로 옮겨 주십시오.",
        "A member has called this item in: move it to a meeting.",
    )


@guard("papers_window", needs=("defer",))
def window_begun(facts: Facts, actor: Actor) -> Reason | None:
    """A written item opens with its window."""
    if facts["papers_window"] != "before":
        return None
    return because(
        "window_not_begun", "서면심의 기간이 아직 시작되지 않았습니다.", "The window for papers has not begun."
    )


@guard("papers_window", "papers_missing")
def window_over(facts: Facts, actor: Actor) -> Reason | None:
    """In writing the vote is closed only when the window is over or every paper is in."""
    if facts["papers_window"] in ("none", "over") or not facts["papers_missing"]:
        return None
    count = facts["papers_missing"]
    return because(
        "window_running",
        f"서면심의 기간이 끝나지 않았고 회신하지 않은 위원이 {count}명 있습니다.",
        f"The window is still open and {count} {'papers are' if count > 1 else 'paper is'} outstanding.",
    )


@guard("sitting_form", "called_in", "may_call_in")
def may_be_called_in(facts: Facts, actor: Actor) -> Reason | None:
    """Any member may call a written item into a meeting, where the rule says so; once."""
    if facts["sitting_form"] != "written":
        return because("not_written", "서면심의 안건이 아닙니다.", "The item is not deliberated in writing.")
    if facts["called_in"]:
        return because("called_in", "이미 회의에 부치기로 한 안건입니다.", "The item was called in already.")
    if not facts["may_call_in"]:
        return because(
            "no_call_in", "의결 규칙상 회의에 부칠 수 없습니다.", "The committee’s rule allows no calling in."
        )
    return None


@guard("motion_kind")
def main_motion_put(facts: Facts, actor: Actor) -> Reason | None:
    """An amendment amends a motion."""
    if facts["motion_kind"] == "main":
        return None
    return because("nothing_to_amend", "수정할 의결안이 없습니다.", "There is no motion that could be amended.")


@guard("in_resolves", on_input=True)
def resolves_the_case(facts: Facts, actor: Actor) -> Reason | None:
    """The vote was on the case itself."""
    if facts["in_resolves"] == "case":
        return None
    return because("resolves_nothing", "이 표결로는 안건이 의결되지 않습니다.", "This vote does not resolve the item.")


@guard("in_resolves", on_input=True)
def resolves_only_the_round(facts: Facts, actor: Actor) -> Reason | None:
    """The vote was on an amendment, or carried neither rejection nor reserve."""
    if facts["in_resolves"] in ("amended", "not_amended", "not_carried"):
        return None
    return because("resolves_the_case", "이 표결로 안건이 의결됩니다.", "This vote resolves the item.")


@guard("in_void_code", "in_text", on_input=True)
def void_reasoned(facts: Facts, actor: Actor) -> Reason | None:
    """A vote is void for a named reason, with its words."""
    if facts["in_void_code"] and facts["in_text"]:
        return None
    return because(
        "no_reason", "무효 사유를 선택하고 내용을 적어 주십시오.", "Choose the ground and say what happened."
    )


@guard("sitting_running")
def within_the_sitting(facts: Facts, actor: Actor) -> Reason | None:
    """What belongs to the vote is said before the sitting ends."""
    if facts["sitting_running"]:
        return None
    return because("sitting_over", "끝난 회의입니다.", "The sitting is over.")


@guard("my_vote_counted")
def voted_in_round(facts: Facts, actor: Actor) -> Reason | None:
    """A dissent belongs to who took part in the vote."""
    if facts["my_vote_counted"]:
        return None
    return because(
        "did_not_vote",
        "이 표결에 참여한 위원만 의견을 남길 수 있습니다.",
        "Only who took part in the vote may dissent.",
    )


@guard("in_text", on_input=True)
def statement_written(facts: Facts, actor: Actor) -> Reason | None:
    """A statement has words."""
    if facts["in_text"]:
        return None
    return because("no_statement", "의견을 적어 주십시오.", "Write down the statement.")
