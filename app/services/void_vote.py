"""Declare a vote void and vote again: a ground with its words, a new round on the same motion, the old one kept."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Case, Motion, VoidedVote
from app.queries.sittings import item_of, motion_of, resolution_of
from app.services.act import act_once
from app.services.put_again import put_again
from workflows.text import Text

GROUNDS = {
    "quorum_defect": Text("의사정족수 흠결", "There was no quorum"),
    "undeclared_conflict": Text("신고되지 않은 이해충돌", "A conflict of interest was not declared"),
    "count_error": Text("집계 착오", "The count was wrong"),
    "other": Text("그 밖의 사유", "Another ground"),
}


def void_vote(who: Viewer, number: str, code: str, reason: str, revision: int | None = None, once: str = "") -> Case:
    """The chair declares the last vote void, before the sitting ends and before the Minister has decided.

    `code` one of GROUNDS, `reason` its words. The motion is put again in a new round. Raises as `act`.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        item, resolution = item_of(case), resolution_of(case)
        assert resolution is not None  # RESOLVED
        voided = VoidedVote(
            case_id=case.id,
            item_id=item.id,
            round=item.round,
            resolution_id=resolution.id,
            code=code,
            reason=reason.strip(),
            voided_by=who.id,
            voided_at=now,
        )
        motion: Motion = motion_of(item)
        db.session.add(voided)
        return [put_again(item, motion, now), voided]

    known = code if code in GROUNDS else ""
    typed = {"in_void_code": known, "in_text": reason.strip()}
    data = {"code": known, "reason": reason.strip()}
    return act_once(who, number, "void_vote", once, inputs=typed, revision=revision, data=data, change=change)
