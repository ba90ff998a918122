"""K06 and K07: return a proposal, with its ground and reasons (행정절차법 제23조). The objection period begins."""

from app.authz import Viewer
from app.errors import Invalid
from app.queries.cases import case_for
from app.services.act import act_once
from workflows.form_schema import load_form
from workflows.text import Text


def return_ineligible(
    who: Viewer, number: str, ground: str, reason: str, *, revision: int | None = None, once: str | None = None
) -> None:
    """Return it on one ground of the checklist. `ground`: the key of the line that is not met.

    Raises:
        Invalid: the checklist has no such line.
    """
    case = case_for(who, number)
    lines = {line.key: line.ground for line in load_form(case.definition_id, case.form_version).screening}
    if ground and ground not in lines:
        raise Invalid("ground", Text("목록에서 사유를 선택해 주십시오.", "Choose the ground from the list."))
    words = {"ko": lines[ground].ko, "en": lines[ground].en} if ground else {}
    act_once(
        who,
        number,
        "return_ineligible",
        once=once,
        revision=revision,
        inputs={"in_ground": ground, "in_reason": reason},
        data={"ground": ground, "ground_text": words, "reason": reason},
    )


def return_unanswered(
    who: Viewer, number: str, reason: str, *, revision: int | None = None, once: str | None = None
) -> None:
    """Return it because the first and the second date of the supplement were both missed."""
    act_once(
        who,
        number,
        "return_unanswered",
        once=once,
        revision=revision,
        inputs={"in_reason": reason},
        data={"reason": reason},
    )
