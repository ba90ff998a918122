"""A challenge of the demo: filed by the applicant against a member, voted on by the others at a sitting, recorded."""

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.demo.stage import CLERK, both
from app.extensions import db
from app.models import Challenge
from app.services.challenge import challenge, decide_challenge

if TYPE_CHECKING:
    from app.demo.screening import Secretariat


def challenged(side: "Secretariat", told: dict[str, Any]) -> None:
    """Filed, and decided by the committee without the member."""
    stage, member = side.stage, told["member"]
    reason, evidence = both(told["reason"]), both(told["evidence"])
    side.diary.on(
        told["filed_on"],
        lambda: challenge(stage.who(side.signatory), side.number, stage.people.users[member], reason, evidence),
    )
    votes, ruling = told["votes"], both(told["ruling"])

    def decide() -> None:
        query = sa.select(Challenge.id).where(Challenge.case_id == stage.case(side.case["slug"]).id)
        decide_challenge(
            stage.who(CLERK),
            side.number,
            db.session.scalars(query).one(),
            present=told["present"],
            yes=votes["yes"],
            no=votes["no"],
            abstain=votes["abstain"],
            reason=ruling,
            decided_on=date.fromisoformat(told["decided_on"]),
        )

    side.diary.on(told["decided_on"], decide, 16 * 60 + 40)
