"""Guards of interests: who is challenged, excluded and asked anew."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


@guard("in_challenged_before", on_input=True)
def not_challenged_before(facts: Facts, actor: Actor) -> Reason | None:
    """A person is challenged once on a case."""
    if not facts["in_challenged_before"]:
        return None
    return because(
        "challenged_before",
        "이 사람에 대한 기피신청은 이미 접수되었습니다.",
        "This person has been challenged on this case already.",
    )


@guard("challenges_open", needs=("challenge",))
def challenge_pending(facts: Facts, actor: Actor) -> Reason | None:
    """There is a challenge to decide."""
    if facts["challenges_open"]:
        return None
    return because("no_challenge", "결정할 기피신청이 없습니다.", "No challenge is waiting for a decision.")


@guard("challenges_open", needs=("decide_challenge",))
def challenges_decided(facts: Facts, actor: Actor) -> Reason | None:
    """Nobody scores to the end or opens an item while it is open who may take part in it."""
    count = facts["challenges_open"]
    if not count:
        return None
    return because(
        "challenges_open",
        f"결정하지 않은 기피신청이 {count}건 있습니다.",
        f"{count} challenge{'s have' if count > 1 else ' has'} not been decided.",
    )


@guard("in_ground", on_input=True)
def exclusion_ground_named(facts: Facts, actor: Actor) -> Reason | None:
    """An exclusion names its ground and article (이해충돌방지법 제2조제6호)."""
    if str(facts["in_ground"]).strip():
        return None
    return because("no_exclusion_ground", "제척 사유를 선택해 주십시오.", "Choose the ground of the exclusion.")
