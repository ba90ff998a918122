"""Guards of screening: the checklist, supplements, returns."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


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
