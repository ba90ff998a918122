"""A fault of a definition: a stable code, where it is, and the sentence an officer reads. Judges nothing.

In the Korean sentences `{name:이/가}` puts the name in quotation marks and the fitting particle after it.
"""

from typing import NamedTuple

from workflows.particles import josa
from workflows.text import Text

SENTENCES: dict[str, Text] = {
    # names
    "unknown_state": Text("{name:이라/라}는 상태는 없습니다.", "There is no state {name}."),
    "unknown_phase": Text("{name:이라/라}는 단계는 없습니다.", "There is no phase {name}."),
    "unknown_role": Text("{name:이라/라}는 역할은 없습니다.", "There is no role {name}."),
    "unknown_clock": Text("{name:이라/라}는 기한은 없습니다.", "There is no clock {name}."),
    "unknown_group": Text("{name:이라/라}는 통지 대상은 없습니다.", "There is no group {name} to notify."),
    "unknown_trigger": Text("{name:이라/라}는 처리는 없습니다.", "There is no trigger {name}."),
    "unknown_guard": Text("{name:이라/라}는 조건은 없습니다.", "There is no condition {name}."),
    "unknown_fact": Text("{name:이라/라}는 사실은 뜻이 적혀 있지 않습니다.", "The fact {name} is described nowhere."),
    "parameter_missing": Text(
        "조건 {guard}에 값 {name:이/가} 빠졌습니다.", "The condition {guard} lacks its value {name}."
    ),
    "parameter_unknown": Text(
        "조건 {guard}에는 값 {name:이/가} 없습니다.", "The condition {guard} has no value {name}."
    ),
    "parameter_not_whole": Text(
        "조건 {guard}의 값 {name:은/는} 정수여야 합니다.",
        "The value {name} of {guard} must be a whole number.",
    ),
    "code_twice": Text("같은 번호가 두 번 쓰였습니다.", "The same code is used twice."),
    "phase_twice": Text("같은 단계가 두 번 쓰였습니다.", "The same phase stands twice."),
    "guard_twice": Text("조건 {name:이/가} 두 번 쓰였습니다.", "The condition {name} stands twice."),
    "ambiguous": Text(
        "{name} 처리가 이 상태에서 두 번 정해져 있어 어느 것인지 알 수 없습니다.",
        "{name} is drawn twice out of this state; which one is meant is not decided.",
    ),
    # words
    "label_language": Text(
        "한국어와 영어 문구가 비었거나 서로 바뀌었습니다.",
        "The Korean and the English words are empty or exchanged.",
    ),
    "no_source": Text("근거가 적혀 있지 않습니다.", "What it rests on is not written down."),
    # graph
    "unreachable": Text("이 상태에 이르는 길이 없습니다.", "No way leads to this state."),
    "no_end": Text("이 상태에서 끝으로 가는 길이 없습니다.", "No end can be reached from this state."),
    "idle_role": Text("이 역할이 할 수 있는 일이 없습니다.", "This role can do nothing at all."),
    "empty_phase": Text("이 단계에 속한 상태가 없습니다.", "No state belongs to this phase."),
    "need_missing": Text(
        "조건 {guard}에 필요한 처리 {name:을/를} 그때까지 할 수 없습니다.",
        "The condition {guard} needs {name}, which cannot be done by then.",
    ),
    "end_goes_on": Text("끝난 상태인데 할 일이 남아 있습니다.", "This is an end, yet something is left to do."),
    "nobodys_turn": Text("누구의 차례인지 정해져 있지 않습니다.", "It is nobody's turn here."),
    "owner_powerless": Text(
        "차례인 {name:이/가} 여기서 일을 진행시킬 수 없습니다.",
        "It is the turn of {name}, who can move nothing on from here.",
    ),
    # outcomes
    "act_escapes": Text(
        "상태가 바뀌지 않는데 이탈로 표시되어 있습니다.",
        "An act that leaves the state as it is cannot be a way out.",
    ),
    "escape_goes_on": Text(
        "이탈로 표시되었으나 사건이 끝나지 않습니다.", "Marked as a way out, but it does not end the case."
    ),
    "end_unmarked": Text(
        "결정 없이 끝나는 길만, 그리고 모두, 이탈로 표시해야 합니다.",
        "Ways to an end without a decision, all of them and no others, must be marked as ways out.",
    ),
    "end_unwarned": Text(
        "사건이 끝나는데 되돌릴 수 없는 처리로 표시되지 않았습니다.",
        "It ends the case but is not marked as something that cannot be undone.",
    ),
    "end_unserved": Text(
        "사건이 끝나는데 신청기관에 통지하지 않습니다.",
        "It ends the case but the applicant is not notified.",
    ),
    "undecided": Text(
        "결정된 사건이 결정이 없는 상태로 나아갑니다.",
        "A decided case goes on to a state without a decision.",
    ),
    "outcome_shows": Text(
        "발표 전까지 가릴 상태와 발표 뒤에 보일 기록이 서로 맞지 않습니다.",
        "What is veiled and what is shown only after the announcement do not agree.",
    ),
    "veiled_veil": Text("대신 보이는 상태가 다시 가려져 있습니다.", "The state shown instead is itself veiled."),
    # clocks
    "never_started": Text("이 기한은 시작되는 곳이 없습니다.", "Nothing ever starts this clock."),
    "never_stopped": Text("이 기한은 끝내는 곳이 없습니다.", "Nothing ever stops this clock."),
    "outlasts_and_acts": Text(
        "사건이 끝난 뒤에도 이어지는 기한은 처리를 제안할 수 없습니다.",
        "A clock that outlasts the case cannot propose anything.",
    ),
    "clock_cannot_act": Text(
        "{state} 상태에서 이 기한이 지나도 {name} 처리를 할 수 없습니다.",
        "It may run out in {state}, where {name} cannot be done.",
    ),
    "stops_nothing": Text(
        "기한 {name:을/를} 끝내게 되어 있으나 그때 진행되고 있지 않습니다.",
        "It stops the clock {name}, which does not run by then.",
    ),
    "starts_twice": Text(
        "이미 진행 중인 기한 {name:을/를} 다시 시작합니다.",
        "It starts the clock {name}, which is running already.",
    ),
    "clock_by_way": Text(
        "어느 길로 왔는지에 따라 기한 {name:이/가} 진행되기도 하고 그렇지 않기도 합니다.",
        "Whether the clock {name} runs here depends on the way taken.",
    ),
    "clock_after_end": Text(
        "사건이 끝났는데 기한 {name:이/가} 계속 진행됩니다.",
        "The case has ended, yet the clock {name} runs on.",
    ),
    "pause_idle": Text("기한을 멈추게 되어 있으나 멈출 것이 없습니다.", "It pauses the clocks, but none is running."),
    "resume_idle": Text(
        "기한을 다시 진행시키게 되어 있으나 멈춘 것이 없습니다.",
        "It resumes the clocks, but none stands still.",
    ),
    "pause_and_resume": Text(
        "기한을 멈추면서 다시 진행시키게 되어 있습니다.", "It pauses and resumes the clocks at once."
    ),
    "pause_by_way": Text(
        "어느 길로 왔는지에 따라 기한이 멈춰 있기도 합니다.",
        "Whether the clocks stand still here depends on the way taken.",
    ),
    "never_resumed": Text(
        "멈춘 기한을 여기서 다시 진행시킬 수 없습니다.", "Nothing here resumes the clocks that stand still."
    ),
    # model check
    "never_met": Text(
        "어떤 경우에도 충족될 수 없는 조건입니다: {guards}.", "These conditions can never be met: {guards}."
    ),
    "limit_untried": Text(
        "조건 {guard}의 한도 {value:이/가} 그 앞뒤의 값으로 시험되지 않습니다.",
        "The limit {value} of {guard} is not tried with the values on both its sides.",
    ),
    "assumption_impossible": Text(
        "{assumed:이라/라}는 가정은 있을 수 없습니다.", "The assumption {assumed} cannot be."
    ),
    "starved": Text(
        "{assumed}이면 결정에 이를 수 없습니다. {name} 처리가 조건 {guards}에 막힙니다.",
        "With {assumed} no decision can be reached: {name} is blocked by {guards}.",
    ),
    "no_decision": Text(
        "이 상태에서는 사건을 끝낼 수만 있고 결정에 이를 길이 없습니다.",
        "From this state the case can only be ended; no way leads to a decision.",
    ),
}


class Fault(NamedTuple):
    """`where` is a state, a transition's code or the name of a clock, role or phase."""

    code: str
    where: str
    text: Text


class _Korean(str):
    """A name within a Korean sentence: in quotation marks, with the particle that the sentence asks for."""

    def __format__(self, particles: str) -> str:
        quoted = "‘" + self + "’"
        return josa(quoted, particles) if particles else quoted


def fault(code: str, where: str, **said: object) -> Fault:
    """The fault `code`, its sentence filled with what is `said`."""
    ko, en = SENTENCES[code]
    korean = {key: _Korean(value) for key, value in said.items()}
    english = {key: f"“{value}”" for key, value in said.items()}
    return Fault(code, where, Text(ko.format_map(korean), en.format_map(english)))
