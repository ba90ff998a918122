"""The interests face: the desk of a case, the register, challenges, and what a person keeps of himself."""

from typing import Any

from flask import Blueprint

from app.queries import interest_alarms

blueprint = Blueprint("interests", __name__)


@blueprint.app_context_processor
def alarms() -> dict[str, Any]:
    """`case_alarms(case)`, `item_alarms(sitting)` and `own_alarms(viewer)`, asked only where a page shows them."""
    return {
        "case_alarms": lambda case: [(case, alarm) for alarm in interest_alarms.alarms_of(case)],
        "item_alarms": interest_alarms.alarmed_items,
        "own_alarms": interest_alarms.alarming,
    }


from app.web.interests import challenges, desk, own, register  # noqa: E402, F401  (binds the views)
