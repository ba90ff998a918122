"""Guards of evaluation: panel, declarations, scores."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


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
        f"{left} of {total} evaluators {'has' if left == 1 else 'have'} not submitted.",
    )
