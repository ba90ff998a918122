"""Guards of what follows an announcement: conditions, the answer to an objection, reconsideration."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


@guard("conditions_unsettled")
def conditions_unsettled(facts: Facts, actor: Actor) -> Reason | None:
    """There is a condition that is neither met nor settled otherwise."""
    if facts["conditions_unsettled"]:
        return None
    return because("no_condition", "이행할 조건이 없습니다.", "No condition is open.")


@guard("conditions_evidenced", needs=("evidence_condition",))
def evidence_waits(facts: Facts, actor: Actor) -> Reason | None:
    """Proof has come in and waits for review."""
    if facts["conditions_evidenced"]:
        return None
    return because("no_evidence", "확인할 이행자료가 없습니다.", "No proof waits for review.")


@guard("changes_asked", needs=("ask_condition_change",))
def change_waits(facts: Facts, actor: Actor) -> Reason | None:
    """A change of a condition was asked for and is not answered."""
    if facts["changes_asked"]:
        return None
    return because("no_change_asked", "답변할 변경 신청이 없습니다.", "No change has been asked for.")


@guard("in_condition", on_input=True)
def condition_open(facts: Facts, actor: Actor) -> Reason | None:
    """Proof is handed in, and a change asked for, while the condition is open."""
    if facts["in_condition"] == "open":
        return None
    if facts["in_condition"] == "evidenced":
        return because(
            "evidence_in_review", "제출한 이행자료를 확인하는 중입니다.", "The proof handed in is being reviewed."
        )
    return because("condition_settled", "이미 처리된 조건입니다.", "The condition is settled already.")


@guard("in_condition", on_input=True)
def condition_evidenced(facts: Facts, actor: Actor) -> Reason | None:
    """What is judged is proof that was handed in."""
    if facts["in_condition"] == "evidenced":
        return None
    return because(
        "no_evidence_yet",
        "이 조건에는 확인할 이행자료가 없습니다.",
        "No proof of this condition waits for review.",
    )


@guard("in_condition", on_input=True)
def condition_not_settled(facts: Facts, actor: Actor) -> Reason | None:
    """A condition that is settled stays so."""
    if facts["in_condition"] in ("open", "evidenced"):
        return None
    return because("condition_settled", "이미 처리된 조건입니다.", "The condition is settled already.")


@guard("in_condition_late", on_input=True)
def condition_late(facts: Facts, actor: Actor) -> Reason | None:
    """A condition is not breached before its date has passed."""
    if facts["in_condition_late"]:
        return None
    return because(
        "condition_not_due",
        "기한이 지나기 전에는 불이행으로 볼 수 없습니다.",
        "A condition cannot be breached before its date has passed.",
    )


@guard("in_change_asked", on_input=True)
def change_not_asked(facts: Facts, actor: Actor) -> Reason | None:
    """One request for a change at a time."""
    if not facts["in_change_asked"]:
        return None
    return because(
        "change_pending", "변경 신청에 대한 답변을 기다리는 중입니다.", "A change has been asked for and waits."
    )


@guard("in_change_asked", on_input=True)
def change_asked(facts: Facts, actor: Actor) -> Reason | None:
    """What is answered has been asked."""
    if facts["in_change_asked"]:
        return None
    return because("no_change_asked", "답변할 변경 신청이 없습니다.", "No change has been asked for.")


@guard("conditions_unsettled", needs=("accept_condition", "carry_condition"))
def conditions_settled(facts: Facts, actor: Actor) -> Reason | None:
    """No case is closed over an open condition: it is met, found breached, or carried over with a reason."""
    count = facts["conditions_unsettled"]
    if not count:
        return None
    return because(
        "conditions_open",
        f"이행을 확인하지 않은 조건이 {count}건 있습니다. 확인하거나 사유를 적어 이관하십시오.",
        f"{count} condition{'s are' if count > 1 else ' is'} open; settle or carry over with a reason.",
    )


@guard("objection_extended")
def answer_not_extended(facts: Facts, actor: Actor) -> Reason | None:
    """The time to answer an objection is extended once (행정기본법 제36조제2항)."""
    if not facts["objection_extended"]:
        return None
    return because(
        "already_extended", "처리기간은 한 번만 연장할 수 있습니다.", "The time to answer can be extended only once."
    )


@guard("objection_answer_late")
def answer_in_time(facts: Facts, actor: Actor) -> Reason | None:
    """What has run out is not extended any more (행정기본법 제36조제2항)."""
    if not facts["objection_answer_late"]:
        return None
    return because(
        "answer_overdue",
        "처리기간이 이미 지나 연장할 수 없습니다.",
        "The time to answer has run out and cannot be extended.",
    )


@guard("in_extension_days", on_input=True)
def extension_within(facts: Facts, actor: Actor, most: int) -> Reason | None:
    """By at most `most` days (행정기본법 제36조제2항)."""
    if 1 <= facts["in_extension_days"] <= most:
        return None
    return because(
        "extension_too_long",
        f"연장은 1일부터 {most}일까지 할 수 있습니다.",
        f"It can be extended by 1 to {most} days.",
    )


@guard("objection_upheld", needs=("answer_objection",))
def objection_upheld(facts: Facts, actor: Actor) -> Reason | None:
    """A case is heard anew only because an objection to its decision was upheld."""
    if facts["objection_upheld"]:
        return None
    return because("not_upheld", "인용된 이의신청이 없습니다.", "No objection has been upheld.")


@guard("hearing")
def first_hearing(facts: Facts, actor: Actor) -> Reason | None:
    """A case is reconsidered once."""
    if facts["hearing"] == 1:
        return None
    return because(
        "already_reconsidered",
        "재심의는 한 번만 할 수 있습니다. 재심의 결과는 행정심판이나 행정소송으로 다툴 수 있습니다.",
        "A case is reconsidered only once; the result may be contested by administrative appeal or litigation.",
    )


@guard("hearing")
def not_in_reconsideration(facts: Facts, actor: Actor) -> Reason | None:
    """What is heard anew stays in its cycle: its money is reserved there."""
    if facts["hearing"] == 1:
        return None
    return because(
        "in_reconsideration",
        "재심의 중인 사건은 이월할 수 없습니다.",
        "A case that is being reconsidered is not carried over.",
    )


@guard("objection_upheld", "hearing", needs=("reconsider",))
def upheld_reconsidered(facts: Facts, actor: Actor) -> Reason | None:
    """An upheld objection leads to a new hearing before the case can end."""
    if not facts["objection_upheld"] or facts["hearing"] > 1:
        return None
    return because(
        "reconsideration_due",
        "인용한 이의신청이 있어 재심의를 먼저 하여야 합니다.",
        "An objection was upheld; the case must be reconsidered first.",
    )
