"""Guards of the panel: invitations and their answers, the frozen pool and its draw."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


@guard("my_duty", needs=("invite_evaluator",))
def invitation_open(facts: Facts, actor: Actor) -> Reason | None:
    """Invited and not answered yet."""
    if facts["my_duty"] == "invited":
        return None
    return because(
        "no_open_invitation",
        "회신할 위촉 요청이 없습니다.",
        "There is no invitation to answer.",
    )


@guard("my_duty", needs=("accept_duty",))
def duty_accepted(facts: Facts, actor: Actor) -> Reason | None:
    """Interests are declared by who has taken up the duty."""
    if facts["my_duty"] == "accepted":
        return None
    return because(
        "duty_not_accepted",
        "위촉을 수락한 뒤에 신고할 수 있습니다.",
        "Accept the invitation first.",
    )


@guard("my_sheets", needs=("excuse_evaluator",))
def nothing_scored(facts: Facts, actor: Actor) -> Reason | None:
    """Who has scored does not withdraw by himself: his sheet is on record."""
    if not facts["my_sheets"]:
        return None
    return because(
        "has_scored",
        "평가표를 제출한 뒤에는 사무국이 해촉하여야 합니다.",
        "After a score sheet is in only the secretariat can excuse.",
    )


@guard("in_pool", "in_seats", on_input=True)
def pool_large_enough(facts: Facts, actor: Actor) -> Reason | None:
    """More may be drawn than are needed."""
    have, need = facts["in_pool"], facts["in_seats"]
    if need and have >= need:
        return None
    return because(
        "pool_too_small",
        f"추첨할 인원은 {need}명인데 후보는 {have}명입니다.",
        f"{need} are to be drawn and the pool has {have}.",
    )


@guard("in_seed_source", on_input=True)
def seed_announced(facts: Facts, actor: Actor) -> Reason | None:
    """Where the seed will be published stands before it is known."""
    if str(facts["in_seed_source"]).strip():
        return None
    return because(
        "no_seed_source",
        "추첨값을 무엇으로 정할지 미리 적어 주십시오.",
        "Say beforehand where the seed will come from.",
    )


@guard("pool_waits", needs=("freeze_pool",))
def pool_frozen(facts: Facts, actor: Actor) -> Reason | None:
    """There is a frozen pool that was not drawn from yet, and its day has come."""
    found = facts["pool_waits"]
    if found == "ready":
        return None
    if found == "early":
        return because(
            "seed_day_not_come",
            "추첨값이 공개되는 날이 아직 되지 않았습니다.",
            "The day on which the seed is published has not come.",
        )
    return because("no_pool", "확정된 추첨 후보 명부가 없습니다.", "No pool is frozen.")


@guard("in_seed", on_input=True)
def seed_given(facts: Facts, actor: Actor) -> Reason | None:
    """The seed as it was published."""
    if str(facts["in_seed"]).strip():
        return None
    return because("no_seed", "공개된 추첨값을 적어 주십시오.", "Enter the seed as it was published.")
