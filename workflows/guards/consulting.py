"""Guards of opinions and pre-consulting."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


@guard("opinions_late", needs=("request_opinion",))
def opinion_overdue(facts: Facts, actor: Actor) -> Reason | None:
    """Only an opinion whose date has passed can be noted as not given; silence is never consent."""
    if facts["opinions_late"]:
        return None
    return because("no_opinion_overdue", "기한이 지난 의견 조회가 없습니다.", "No request for an opinion is overdue.")


@guard("opinions_open", needs=("reply_opinion", "note_no_opinion"))
def opinions_settled(facts: Facts, actor: Actor) -> Reason | None:
    """Every opinion has come or is noted as overdue."""
    count = facts["opinions_open"]
    if not count:
        return None
    return because(
        "opinions_open",
        f"회신되지 않은 의견 조회가 {count}건 있습니다. 기한이 지났으면 미제출로 확인하십시오.",
        f"{count} opinion{'s are' if count > 1 else ' is'} outstanding; note those that are overdue.",
    )


@guard("consultant_assigned", needs=("assign_consultant",))
def consultant_assigned(facts: Facts, actor: Actor) -> Reason | None:
    """A consultant is named."""
    if facts["consultant_assigned"]:
        return None
    return because("no_consultant", "자문가를 먼저 지정해 주십시오.", "Assign a consultant first.")


@guard("consultant_conflict", needs=("declare_consulting", "assign_consultant"))
def consultant_clear(facts: Facts, actor: Actor) -> Reason | None:
    """The consultant has declared, and declared no conflict (이해충돌방지법 제5조)."""
    if facts["consultant_conflict"] == "none":
        return None
    if facts["consultant_conflict"] == "conflict":
        return because(
            "consultant_conflicted",
            "자문가에게 이해충돌이 있습니다. 다른 자문가를 지정해 주십시오.",
            "The consultant has a conflict of interest; assign another.",
        )
    return because(
        "consultant_undeclared",
        "자문가가 아직 이해관계를 신고하지 않았습니다.",
        "The consultant has not declared yet.",
    )


@guard("in_goals", on_input=True)
def goals_written(facts: Facts, actor: Actor) -> Reason | None:
    """The goals of the consulting are on the record."""
    if str(facts["in_goals"]).strip():
        return None
    return because("no_goals", "컨설팅 목표를 적어 주십시오.", "Write down the goals of the consulting.")


@guard("decline_proposed_by")
def decline_not_proposed(facts: Facts, actor: Actor) -> Reason | None:
    """A decline is proposed once."""
    if facts["decline_proposed_by"] is None:
        return None
    return because("already_proposed", "이미 미추진이 제안되었습니다.", "A decline has already been proposed.")


@guard("decline_proposed_by", needs=("propose_decline",))
def second_officer(facts: Facts, actor: Actor) -> Reason | None:
    """Another officer confirms what the first has proposed (four eyes)."""
    if facts["decline_proposed_by"] is None:
        return because("not_proposed", "먼저 미추진이 제안되어야 합니다.", "A decline must be proposed first.")
    if facts["decline_proposed_by"] == actor.id:
        return because(
            "same_officer",
            "제안한 담당자가 아닌 다른 담당자가 확정해야 합니다.",
            "An officer other than the one who proposed it must confirm.",
        )
    return None


@guard("advice_total", "advice_open", needs=("give_advice", "answer_advice", "judge_advice"))
def advice_judged(facts: Facts, actor: Actor) -> Reason | None:
    """Every advice item is judged as met or not met."""
    count = facts["advice_open"]
    if facts["advice_total"] == 0:
        return because("no_advice", "자문 사항이 한 건도 없습니다.", "No advice has been given.")
    if not count:
        return None
    return because(
        "advice_open",
        f"반영 여부를 판정하지 않은 자문 사항이 {count}건 있습니다.",
        f"{count} advice item{'s have' if count > 1 else ' has'} not been judged.",
    )


@guard("feasibility_written", needs=("write_feasibility", "end_consulting"))
def feasibility_written(facts: Facts, actor: Actor) -> Reason | None:
    """The feasibility report is there."""
    if facts["feasibility_written"]:
        return None
    return because("no_feasibility", "타당성 검토서가 없습니다.", "The feasibility report is missing.")


@guard("task_scope_written", needs=("write_feasibility",))
def task_scope_written(facts: Facts, actor: Actor) -> Reason | None:
    """The task scope was drafted together with the applicant government (FAQ)."""
    if facts["task_scope_written"]:
        return None
    return because("no_task_scope", "과업범위가 작성되지 않았습니다.", "The task scope is missing.")


@guard("in_consent", on_input=True)
def applicant_consents(facts: Facts, actor: Actor) -> Reason | None:
    """The applicant agreed to the extension."""
    if facts["in_consent"]:
        return None
    return because("no_consent", "신청기관의 동의를 확인해 주십시오.", "Confirm the applicant's consent.")
