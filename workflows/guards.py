"""One function a rule: (facts, actor, parameters) -> None, or the Reason shown to the person who is refused.

Never reads a clock, a row or a request: all it knows is in `facts`. `reads` names the facts; `FACTS` in
facts.py says what each one means and which values the world can give it (the model check tries them).
A guard with `on_input` judges what was typed and is left out while a page only asks what could be done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from workflows.text import Reason, because

Facts = Mapping[str, Any]


class Actor(Protocol):
    """What a guard may know of the person."""

    @property
    def id(self) -> int | None:
        """The account."""


Check = Callable[..., Reason | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A registered rule."""

    check: Check
    reads: tuple[str, ...]
    on_input: bool
    needs: tuple[str, ...] = ()
    """Triggers without which the rule is a dead end: the acts that meet it, and the way out when it fails."""


GUARDS: dict[str, Guard] = {}


def guard(*reads: str, on_input: bool = False, needs: tuple[str, ...] = ()) -> Callable[[Check], Check]:
    """Register a rule under its function's name, with the facts it reads."""

    def register(check: Check) -> Check:
        GUARDS[check.__name__] = Guard(check, reads, on_input, needs)
        return check

    return register


# Intake ---------------------------------------------------------------------------------------------------


@guard("window")
def window_open(facts: Facts, actor: Actor) -> Reason | None:
    """Received inside the cycle's window, by database time (always-open cycles are always inside)."""
    if facts["window"] == "open":
        return None
    if facts["window"] == "not_yet":
        return because("window_not_yet", "아직 접수 기간이 아닙니다.", "The window has not opened yet.")
    return because("window_closed", "접수 기간이 끝났습니다.", "The window has closed.")


@guard("eligibility_open", "eligibility_failed")
def eligible_by_own_answers(facts: Facts, actor: Actor) -> Reason | None:
    """The applicant's own eligibility answers are all there and none rules the proposal out."""
    if facts["eligibility_failed"]:
        return because(
            "not_eligible",
            "자격 확인 답변에 따르면 신청 대상이 아닙니다.",
            "By your own answers the proposal is not eligible.",
        )
    if facts["eligibility_open"]:
        return because("eligibility_open", "자격 확인을 마치지 않았습니다.", "The eligibility check is unfinished.")
    return None


@guard("sections_missing")
def sections_complete(facts: Facts, actor: Actor) -> Reason | None:
    """Every required part of the form is valid (보조금법 시행령 제7조)."""
    count = len(facts["sections_missing"])
    if not count:
        return None
    return because(
        "sections_missing",
        f"작성을 마치지 않은 항목이 {count}개 있습니다.",
        f"{count} section{'s are' if count > 1 else ' is'} not complete.",
    )


@guard("files_unrecognised")
def files_recognised(facts: Facts, actor: Actor) -> Reason | None:
    """Every attachment was recognised by its content."""
    if not facts["files_unrecognised"]:
        return None
    return because(
        "files_unrecognised",
        "형식을 확인하지 못한 첨부파일이 있습니다.",
        "An attachment could not be recognised.",
    )


@guard("declarations_open")
def declarations_made(facts: Facts, actor: Actor) -> Reason | None:
    """Every declaration is made."""
    count = facts["declarations_open"]
    if not count:
        return None
    return because(
        "declarations_open",
        f"확인하지 않은 서약 사항이 {count}건 있습니다.",
        f"{count} declaration{'s have' if count > 1 else ' has'} not been made.",
    )


@guard("live_same_city")
def one_live_project(facts: Facts, actor: Actor, limit: int) -> Reason | None:
    """Not more than `limit` live projects of one applicant for one city in a cycle (FAQ, later version)."""
    if facts["live_same_city"] < limit:
        return None
    return because(
        "too_many_live",
        f"같은 도시에 대해 진행 중인 제안은 {limit}건까지 낼 수 있습니다.",
        f"Only {limit} live proposal{'s' if limit > 1 else ''} for one city may be in the cycle.",
    )


@guard("rank_missing")
def priority_ranked(facts: Facts, actor: Actor) -> Reason | None:
    """A priority rank is given where several proposals come from one country (FAQ)."""
    if not facts["rank_missing"]:
        return None
    return because(
        "rank_missing",
        "같은 국가의 다른 제안이 있어 국가 우선순위를 적어야 합니다.",
        "Other proposals come from the same country: please give the national priority rank.",
    )


@guard("public_partners")
def public_partner_named(facts: Facts, actor: Actor) -> Reason | None:
    """A public overseas partner is in; a foreign private company alone is not enough (FAQ)."""
    if facts["public_partners"]:
        return None
    return because(
        "no_public_partner",
        "해외협력기관(중앙·지방정부, 공공기관, 대학)이 1곳 이상 있어야 합니다.",
        "Name a central or local government, a public institution or a university as overseas partner.",
    )


@guard("letters_of_intent")
def letter_of_intent_attached(facts: Facts, actor: Actor) -> Reason | None:
    """A letter of intent in English from the overseas partner is attached."""
    if facts["letters_of_intent"]:
        return None
    return because(
        "no_letter_of_intent",
        "해외협력기관의 영문 의향서(LOI)를 첨부해야 합니다.",
        "Attach the overseas partner's letter of intent in English.",
    )


@guard("labour_krw", "subsidy_krw")
def labour_within_share(facts: Facts, actor: Actor, percent: int) -> Reason | None:
    """Labour cost is at most `percent` of the government subsidy (FAQ: 40 %)."""
    if facts["labour_krw"] * 100 <= facts["subsidy_krw"] * percent:
        return None
    return because(
        "labour_over_share",
        f"인건비는 정부지원금의 {percent}%를 넘을 수 없습니다.",
        f"Labour cost may not exceed {percent} % of the government subsidy.",
    )


@guard("lead_is_korean_company")
def korean_company_leads(facts: Facts, actor: Actor) -> Reason | None:
    """The applicant of a demonstration is a Korean company."""
    if facts["lead_is_korean_company"]:
        return None
    return because(
        "not_a_korean_company",
        "해외실증형은 국내 기업만 신청할 수 있습니다.",
        "Only a Korean company may apply for a demonstration.",
    )


# Screening ------------------------------------------------------------------------------------------------


@guard("officer_assigned", needs=("assign_officer",))
def officer_assigned(facts: Facts, actor: Actor) -> Reason | None:
    """An officer answers for the case (행정절차법 제24조)."""
    if facts["officer_assigned"]:
        return None
    return because("no_officer", "담당자가 지정되지 않았습니다.", "No officer has been assigned.")


@guard("actor_is_applicant")
def not_own_organisation(facts: Facts, actor: Actor) -> Reason | None:
    """Nobody decides on his own organisation."""
    if not facts["actor_is_applicant"]:
        return None
    return because(
        "own_organisation",
        "소속 기관의 제안은 처리할 수 없습니다.",
        "You may not handle a proposal of your own organisation.",
    )


@guard("in_items", on_input=True)
def supplement_items_listed(facts: Facts, actor: Actor) -> Reason | None:
    """Each thing asked for names its section and its reason (민원처리법 제22조)."""
    if facts["in_items"]:
        return None
    return because("no_items", "보완할 항목과 사유를 적어 주십시오.", "List what is to be supplemented and why.")


@guard("in_days_ahead", on_input=True)
def supplement_date_reasonable(facts: Facts, actor: Actor, least: int) -> Reason | None:
    """A reasonable period is set (민원처리법 제22조)."""
    if facts["in_days_ahead"] >= least:
        return None
    return because(
        "date_too_near",
        f"기한은 {least}일 이상 뒤로 정해 주십시오.",
        f"The date must be at least {least} day{'s' if least > 1 else ''} ahead.",
    )


@guard("in_days_ahead", on_input=True)
def supplement_date_within(facts: Facts, actor: Actor, most: int) -> Reason | None:
    """The second demand sets at most `most` days (민원처리법 시행령 제24조)."""
    if 1 <= facts["in_days_ahead"] <= most:
        return None
    return because(
        "date_out_of_range",
        f"재보완 기한은 내일부터 {most}일 이내로 정해 주십시오.",
        f"The second date must be 1 to {most} days ahead.",
    )


@guard("in_items_open", on_input=True)
def every_item_answered(facts: Facts, actor: Actor) -> Reason | None:
    """Every item of the supplement request is answered."""
    count = facts["in_items_open"]
    if not count:
        return None
    return because(
        "items_open",
        f"답변하지 않은 보완 항목이 {count}건 있습니다.",
        f"{count} item{'s' if count > 1 else ''} of the request {'are' if count > 1 else 'is'} not answered.",
    )


@guard("extensions_used")
def extensions_left(facts: Facts, actor: Actor, most: int) -> Reason | None:
    """The applicant may ask for more time twice at most (민원처리법 시행령 제24조)."""
    if facts["extensions_used"] < most:
        return None
    return because(
        "no_extension_left",
        f"보완기간 연장은 {most}번까지 신청할 수 있습니다.",
        f"More time can be asked for {most} times at most.",
    )


@guard("in_reason", on_input=True)
def reason_given(facts: Facts, actor: Actor) -> Reason | None:
    """The reason stands on the record (행정절차법 제23조)."""
    if str(facts["in_reason"]).strip():
        return None
    return because("no_reason", "사유를 적어 주십시오.", "Please give the reason.")


@guard("supplement_late")
def supplement_overdue(facts: Facts, actor: Actor) -> Reason | None:
    """The date of the running request has passed."""
    if facts["supplement_late"]:
        return None
    return because("not_overdue", "보완 기한이 아직 지나지 않았습니다.", "The supplement date has not passed.")


@guard("supplement_round")
def first_demand_only(facts: Facts, actor: Actor) -> Reason | None:
    """A second demand is made once."""
    if facts["supplement_round"] == 1:
        return None
    return because("already_second", "재보완 요청은 한 번만 할 수 있습니다.", "A second demand is made only once.")


@guard("supplement_round", "supplement_late", needs=("demand_again",))
def both_demands_missed(facts: Facts, actor: Actor) -> Reason | None:
    """Returned only after the first and the second date were missed (민원처리법 시행령 제25조)."""
    if facts["supplement_round"] >= 2 and facts["supplement_late"]:
        return None
    return because(
        "demands_running",
        "1차와 2차 보완 기한이 모두 지나야 반려할 수 있습니다.",
        "It can be returned only when the first and the second date have both passed.",
    )


@guard("in_ground", on_input=True)
def ground_named(facts: Facts, actor: Actor) -> Reason | None:
    """The ground is one of the eligibility list."""
    if facts["in_ground"]:
        return None
    return because("no_ground", "부적격 사유를 선택해 주십시오.", "Choose the ground from the list.")


@guard("checklist_open", needs=("check_eligibility",))
def checklist_complete(facts: Facts, actor: Actor) -> Reason | None:
    """Every line of the eligibility checklist is answered."""
    count = facts["checklist_open"]
    if not count:
        return None
    return because(
        "checklist_open",
        f"점검하지 않은 적격 항목이 {count}개 있습니다.",
        f"{count} checklist line{'s are' if count > 1 else ' is'} not answered.",
    )


@guard("checklist_failed", needs=("check_eligibility", "return_ineligible"))
def checklist_met(facts: Facts, actor: Actor) -> Reason | None:
    """No line of the checklist is answered with no."""
    count = facts["checklist_failed"]
    if not count:
        return None
    return because(
        "checklist_failed",
        f"충족하지 못한 적격 항목이 {count}개 있습니다.",
        f"{count} checklist line{'s are' if count > 1 else ' is'} not met.",
    )


# Opinions and consulting -----------------------------------------------------------------------------------


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


# Evaluation -----------------------------------------------------------------------------------------------


@guard("panel_clear", "panel_minimum", needs=("invite_evaluator", "declare_evaluation"))
def panel_large_enough(facts: Facts, actor: Actor) -> Reason | None:
    """After conflicts at least the cycle's minimum of evaluators is left."""
    have, need = facts["panel_clear"], facts["panel_minimum"]
    if have >= need:
        return None
    return because(
        "panel_too_small",
        f"이해충돌이 없는 평가위원이 {need}명 이상 필요하나 현재 {have}명입니다.",
        f"{need} evaluators without a conflict are needed; there {'is' if have == 1 else 'are'} {have}.",
    )


@guard("adviser_on_panel", needs=("excuse_evaluator",))
def adviser_not_on_panel(facts: Facts, actor: Actor) -> Reason | None:
    """The adviser of a case never scores it."""
    if not facts["adviser_on_panel"]:
        return None
    return because(
        "adviser_on_panel",
        "이 사건의 자문가는 평가위원이 될 수 없습니다.",
        "The adviser of this case is on the panel.",
    )


@guard("reciprocal_evaluators", needs=("excuse_evaluator",))
def no_reciprocal_evaluator(facts: Facts, actor: Actor) -> Reason | None:
    """Nobody evaluates the project of one who evaluates his (국가연구개발혁신법 시행령 제27조제3항)."""
    if not facts["reciprocal_evaluators"]:
        return None
    return because(
        "reciprocal_evaluator",
        "서로의 과제를 평가하는 위원이 있습니다.",
        "An evaluator's own project is being evaluated by this applicant.",
    )


@guard("in_person_is_adviser", on_input=True)
def not_the_adviser(facts: Facts, actor: Actor) -> Reason | None:
    """The adviser of a case cannot be invited to evaluate it."""
    if not facts["in_person_is_adviser"]:
        return None
    return because(
        "is_the_adviser",
        "이 사건의 자문가는 평가위원으로 위촉할 수 없습니다.",
        "The adviser of this case cannot evaluate it.",
    )


@guard("my_declaration", needs=("declare_evaluation",))
def declared_no_conflict(facts: Facts, actor: Actor) -> Reason | None:
    """Declared before the file opens, and declared none."""
    if facts["my_declaration"] == "none":
        return None
    return because(
        "not_cleared",
        "이해관계를 신고하고 충돌이 없는 경우에만 평가할 수 있습니다.",
        "You can score only after declaring that you have no conflict.",
    )


@guard("in_reasons_missing", on_input=True)
def every_criterion_reasoned(facts: Facts, actor: Actor) -> Reason | None:
    """A score and a reason stand for each criterion."""
    count = facts["in_reasons_missing"]
    if not count:
        return None
    return because(
        "reasons_missing",
        f"점수나 사유가 없는 평가 항목이 {count}개 있습니다.",
        f"{count} criteri{'a lack' if count > 1 else 'on lacks'} a score or a reason.",
    )


@guard("duties_open", "duties_total", needs=("score", "excuse_evaluator"))
def duties_settled(facts: Facts, actor: Actor) -> Reason | None:
    """Every duty is met or excused with a reason."""
    left, total = facts["duties_open"], facts["duties_total"]
    if not left:
        return None
    return because(
        "duties_open",
        f"평가위원 {total}명 중 {left}명이 아직 평가표를 제출하지 않았습니다.",
        f"{left} of {total} evaluators have not submitted.",
    )


# Committee ------------------------------------------------------------------------------------------------


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


@guard("in_choice", on_input=True)
def choice_made(facts: Facts, actor: Actor) -> Reason | None:
    """Yes, no or abstain: nothing is preselected."""
    if facts["in_choice"] in ("yes", "no", "abstain"):
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


# Decision and money ---------------------------------------------------------------------------------------


@guard("resolution_outcome", "in_outcome", "in_reason", on_input=True, needs=("approve", "reject"))
def departure_reasoned(facts: Facts, actor: Actor) -> Reason | None:
    """Departing from the committee's resolution needs a reason."""
    if facts["resolution_outcome"] == facts["in_outcome"] or str(facts["in_reason"]).strip():
        return None
    return because(
        "departure",
        "위원회 의결과 다르게 결정하려면 사유를 적어야 합니다.",
        "Departing from the committee's resolution needs a reason.",
    )


def _won(krw: int) -> str:
    return f"{krw:,}"


@guard("in_amount_krw", "cap_krw", on_input=True)
def amount_within_cap(facts: Facts, actor: Actor) -> Reason | None:
    """An award is positive and at most the cycle's cap per project."""
    amount, cap = facts["in_amount_krw"], facts["cap_krw"]
    if amount <= 0:
        return because("no_amount", "지원금액을 적어 주십시오.", "Give the amount of support.")
    if cap is None or amount <= cap:
        return None
    over = _won(amount - cap)
    return because(
        "over_cap",
        f"사업당 한도 {_won(cap)}원을 {over}원 초과합니다.",
        f"KRW {over} over the cap of KRW {_won(cap)} per project.",
    )


@guard("in_amount_krw", "envelope_left_krw", on_input=True)
def amount_within_envelope(facts: Facts, actor: Actor) -> Reason | None:
    """What is left of the cycle's envelope holds the award; checked again under lock when it is reserved."""
    amount, left = facts["in_amount_krw"], facts["envelope_left_krw"]
    if amount <= left:
        return None
    return because(
        "over_envelope",
        f"예산 잔액 {_won(left)}원을 {_won(amount - left)}원 초과합니다.",
        f"KRW {_won(amount - left)} over what is left of the envelope (KRW {_won(left)}).",
    )


@guard("awards_left")
def awards_left(facts: Facts, actor: Actor) -> Reason | None:
    """The number of awards planned is not exhausted (None: no limit)."""
    if facts["awards_left"] is None or facts["awards_left"] > 0:
        return None
    return because("no_award_left", "선정 예정 건수를 모두 채웠습니다.", "All planned awards are taken.")


@guard("in_reserve_rank_taken", on_input=True)
def reserve_rank_free(facts: Facts, actor: Actor) -> Reason | None:
    """No two cases of a cycle share a reserve rank."""
    if not facts["in_reserve_rank_taken"]:
        return None
    return because("rank_taken", "이미 쓰인 예비 순위입니다.", "That reserve rank is taken.")


@guard("reserve_ahead")
def reserve_turn(facts: Facts, actor: Actor) -> Reason | None:
    """The reserve list is taken in rank order."""
    if not facts["reserve_ahead"]:
        return None
    return because(
        "not_next", "앞선 예비 순위의 사업이 있습니다.", "Another case stands before it on the reserve list."
    )


# Announcement and after -----------------------------------------------------------------------------------


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


@guard("objection_running", "objection_filed")
def may_object(facts: Facts, actor: Actor) -> Reason | None:
    """An objection is filed within its period, once a decision (행정기본법 제36조제1항)."""
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
