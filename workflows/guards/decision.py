"""Guards of decision and money: caps, envelope, reserve."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


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
