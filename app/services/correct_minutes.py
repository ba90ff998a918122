"""Correct signed minutes: by an addition with its reason, which is signed like the minutes. Nothing is rewritten."""

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, visible
from app.base import fingerprint
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Case, MinutesCorrection
from app.queries.minutes import state_of
from app.queries.people import holders
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from app.services.tell_of_sitting import tell_of_sitting
from workflows.engine import Refused
from workflows.minutes import parts
from workflows.text import Text, because


def correct_minutes(who: Viewer, number: int, part: str, text_ko: str, text_en: str, reason: str) -> MinutesCorrection:
    """Add a correction to `part` (workflows/minutes.py).

    Raises:
        NotFound: not the clerk of this programme, or out of the item the part belongs to.
        Refused: the minutes are not signed.
        Invalid: no such part, nothing to say, or no reason.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True, only="clerk")
        state = state_of(sitting)
        if not state.complete() or state.version is None:
            raise Refused(
                because(
                    "not_signed",
                    "서명된 회의록만 정정합니다. 서명 전에는 검토에서 반려하여 고치십시오.",
                    "Only signed minutes are corrected; before that they are sent back and rewritten.",
                )
            )
        content = state.version.content
        known = {one.key: one for one in parts(content)}
        if part not in known:
            raise Invalid("part", Text("정정할 부분을 선택해 주십시오.", "Choose the part that is corrected."))
        _may_know(who, content, known[part].position)
        words = {"ko": text_ko.strip() or text_en.strip(), "en": text_en.strip() or text_ko.strip()}
        if not words["ko"]:
            raise Invalid("text_ko", Text("정정할 내용을 적어 주십시오.", "Write what is corrected."))
        if not reason.strip():
            raise Invalid("reason", Text("정정 사유를 적어 주십시오.", "Write down the reason."))
        now = clock.now()
        place = len(state.corrections) + 1
        told = {"minutes": state.version.sha256, "number": place, "part": part, "text": words, "reason": reason.strip()}
        row = MinutesCorrection(
            sitting_id=sitting.id,
            minutes_id=state.version.id,
            number=place,
            part=part,
            text=words,
            reason=reason.strip(),
            sha256=fingerprint(told),
            made_at=now,
            made_by=who.id,
        )
        db.session.add(row)
        db.session.flush()
        tell_of_sitting(
            sitting,
            {sitting.chair_id, *holders("clerk", sitting.programme)},
            Text("회의록 정정 서명 요청", "A correction of the minutes to sign"),
            Text(
                "회의록에 덧붙인 정정에 서명하여 주시기 바랍니다.", "Please sign the correction added to the minutes."
            ),
            f"/sittings/{number}/minutes",
            who,
        )
        note_act(sitting, "correct_minutes", who, {"correction": place, "sha256": row.sha256}, rows=[row], at=now)
        return row


def _may_know(who: Viewer, content: dict[str, list[dict[str, object]]], position: int | None) -> None:
    number = next((item["case"] for item in content["items"] if item["position"] == position), None)
    if number is None:
        return
    if db.session.scalar(sa.select(Case.id).where(Case.number == number, visible(who))) is None:
        raise NotFound
