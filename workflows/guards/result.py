"""Guards of announcement, objection, closing and carrying over."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


@guard("announcement_set", needs=("set_announcement",))
def announcement_set(facts: Facts, actor: Actor) -> Reason | None:
    """The round's time of announcement is set."""
    if facts["announcement_set"]:
        return None
    return because("no_announcement", "발표 시각이 지정되지 않았습니다.", "No time of announcement is set.")


@guard("announcement_come")
def announcement_time_come(facts: Facts, actor: Actor) -> Reason | None:
    """Nothing is announced before the set time."""
    if facts["announcement_come"]:
        return None
    return because("too_early", "발표 시각이 되지 않았습니다.", "The time of announcement has not come.")


@guard("in_minutes_ahead", on_input=True)
def announcement_in_future(facts: Facts, actor: Actor) -> Reason | None:
    """The announcement is set for now or later, never backdated."""
    if facts["in_minutes_ahead"] >= 0:
        return None
    return because("in_the_past", "지난 시각으로는 정할 수 없습니다.", "The time must not lie in the past.")


@guard("letter_previewed", needs=("preview_letter",))
def letters_previewed(facts: Facts, actor: Actor) -> Reason | None:
    """An officer has read the letter before it goes out."""
    if facts["letter_previewed"]:
        return None
    return because("letter_unread", "통지서를 먼저 확인해 주십시오.", "Check the letter first.")


@guard("objection_running", "objections_pending", needs=("answer_objection",))
def objection_over(facts: Facts, actor: Actor) -> Reason | None:
    """The objection window is over and none is pending (행정기본법 제36조)."""
    if facts["objections_pending"]:
        return because("objection_pending", "처리 중인 이의신청이 있습니다.", "An objection is pending.")
    if facts["objection_running"]:
        return because("objection_running", "이의신청 기간이 끝나지 않았습니다.", "The objection period is running.")
    return None


@guard("hearing", "objection_running", "objection_filed")
def may_object(facts: Facts, actor: Actor) -> Reason | None:
    """An objection is filed within its period, once; what was reconsidered goes on to appeal (행정기본법 제36조제4항)."""
    if facts["hearing"] > 1:
        return because(
            "already_reconsidered",
            "재심의한 결정에는 다시 이의신청할 수 없으며, 행정심판이나 행정소송을 제기하실 수 있습니다.",
            "After a reconsideration no further objection lies; an administrative appeal or litigation may be brought.",
        )
    if facts["objection_filed"]:
        return because("already_objected", "이의신청은 한 번만 할 수 있습니다.", "An objection has already been filed.")
    if not facts["objection_running"]:
        return because(
            "objection_closed",
            "이의신청 기간이 아닙니다.",
            "An objection cannot be filed now: its period is not running.",
        )
    return None


@guard("objections_pending", needs=("file_objection",))
def objection_pending(facts: Facts, actor: Actor) -> Reason | None:
    """There is an objection to answer (행정기본법 제36조제2항)."""
    if facts["objections_pending"]:
        return None
    return because("no_objection", "처리할 이의신청이 없습니다.", "There is no objection to answer.")


@guard("approved", "result_recorded", needs=("record_result",))
def result_recorded(facts: Facts, actor: Actor) -> Reason | None:
    """An approved case is closed with its result on the record."""
    if not facts["approved"] or facts["result_recorded"]:
        return None
    return because("no_result", "사업 결과가 기록되지 않았습니다.", "The result has not been recorded.")


@guard("next_cycle")
def next_cycle_exists(facts: Facts, actor: Actor) -> Reason | None:
    """There is a cycle to carry the case to."""
    if facts["next_cycle"]:
        return None
    return because("no_next_cycle", "이월할 다음 회차가 없습니다.", "There is no next cycle to carry it to.")


@guard("cut_off_passed")
def cut_off_passed(facts: Facts, actor: Actor) -> Reason | None:
    """A case is carried over only after the cut-off or the end of its cycle."""
    if facts["cut_off_passed"]:
        return None
    return because(
        "cut_off_ahead",
        "이번 회차의 마감일이 지나지 않았습니다.",
        "The cut-off of this cycle has not passed.",
    )
