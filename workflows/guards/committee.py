"""Guards of the committee: agenda, roll, quorum, ballots."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


@guard("in_sitting", on_input=True)
def sitting_chosen(facts: Facts, actor: Actor) -> Reason | None:
    """A coming sitting is named."""
    if facts["in_sitting"]:
        return None
    return because("no_sitting", "회의를 선택해 주십시오.", "Choose the sitting.")


@guard("below_cutoff", "in_not_recommended", on_input=True)
def below_cutoff_marked(facts: Facts, actor: Actor) -> Reason | None:
    """What is below the cut-off is tabled only as not recommended."""
    if not facts["below_cutoff"] or facts["in_not_recommended"]:
        return None
    return because(
        "below_cutoff",
        "과락 사업은 ‘비추천’ 안건으로만 상정할 수 있습니다.",
        "A proposal below the cut-off can be tabled only as “not recommended”.",
    )


@guard("agenda_sent_days", "agenda_needed_days", "urgency_reason")
def agenda_in_time(facts: Facts, actor: Actor) -> Reason | None:
    """The agenda went out in time, or the reason of urgency is on the record."""
    sent, needed = facts["agenda_sent_days"], facts["agenda_needed_days"]
    if facts["urgency_reason"] or (sent is not None and sent >= needed):
        return None
    return because(
        "agenda_late",
        f"안건은 회의 {needed}일 전까지 보내야 합니다. 긴급한 경우 사유를 기록해 주십시오.",
        f"The agenda must go out {needed} days before the sitting; if it is urgent, record the reason.",
    )


@guard("roll_called")
def roll_called(facts: Facts, actor: Actor) -> Reason | None:
    """Who is present has been established."""
    if facts["roll_called"]:
        return None
    return because("no_roll_call", "출석 확인을 먼저 해 주십시오.", "Call the roll first.")


@guard("declarations_missing", needs=("declare_sitting",))
def declarations_in(facts: Facts, actor: Actor) -> Reason | None:
    """Every member present has declared on this case before it opens."""
    count = facts["declarations_missing"]
    if not count:
        return None
    return because(
        "undeclared_members",
        f"이 안건의 이해관계를 신고하지 않은 출석위원이 {count}명 있습니다.",
        f"{count} of those present {'have' if count > 1 else 'has'} not declared on this item.",
    )


@guard("quorum_present", "quorum_needed")
def quorum_present(facts: Facts, actor: Actor) -> Reason | None:
    """Opens with a majority of the enrolled members (Decree Art. 26(2))."""
    have, need = facts["quorum_present"], facts["quorum_needed"]
    if have >= need:
        return None
    return because(
        "no_quorum",
        f"출석위원이 {have}명으로 의사정족수 {need}명에 미달합니다.",
        f"No quorum: {have} present, {need} needed.",
    )


@guard("motion_put", needs=("put_motion",))
def motion_put(facts: Facts, actor: Actor) -> Reason | None:
    """There is a motion to vote on."""
    if facts["motion_put"]:
        return None
    return because("no_motion", "의결안을 먼저 제시해 주십시오.", "Put the motion first.")


@guard("my_attendance")
def present_at_item(facts: Facts, actor: Actor) -> Reason | None:
    """Only those present vote."""
    if facts["my_attendance"]:
        return None
    return because("not_present", "출석이 확인된 위원만 표결할 수 있습니다.", "Only members present may vote.")


@guard("my_declaration", needs=("declare_sitting",))
def not_recused(facts: Facts, actor: Actor) -> Reason | None:
    """A member with a conflict does not vote; one who has not declared cannot yet."""
    if facts["my_declaration"] == "none":
        return None
    return because("recused", "이 안건의 표결에 참여할 수 없습니다.", "You cannot take part in the vote on this item.")


@guard("my_ballot")
def not_voted_yet(facts: Facts, actor: Actor) -> Reason | None:
    """One ballot a member and round."""
    if not facts["my_ballot"]:
        return None
    return because("already_voted", "이미 표결하셨습니다.", "You have already voted.")


@guard("in_choice_made", on_input=True)
def choice_made(facts: Facts, actor: Actor) -> Reason | None:
    """Yes, no or abstain, and nothing is preselected. Which of them is told to no guard and no event."""
    if facts["in_choice_made"]:
        return None
    return because("no_choice", "찬성, 반대, 기권 중에서 선택해 주십시오.", "Choose yes, no or abstain.")


@guard("ballots_cast", needs=("vote",))
def ballots_cast(facts: Facts, actor: Actor) -> Reason | None:
    """A ballot is not closed before anyone has voted."""
    if facts["ballots_cast"]:
        return None
    return because("no_ballots", "아직 표결한 위원이 없습니다.", "Nobody has voted yet.")


@guard("quorum_present", "quorum_needed", needs=("defer",))
def verdict_valid(facts: Facts, actor: Actor) -> Reason | None:
    """A vote without quorum is void: it must be deferred, never resolved."""
    if facts["quorum_present"] >= facts["quorum_needed"]:
        return None
    return because(
        "verdict_void",
        "의사정족수가 무너져 표결이 무효입니다. 심의를 보류하십시오.",
        "The quorum was lost, so the vote is void; defer the item.",
    )
