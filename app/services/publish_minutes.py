"""Publish signed minutes: for each part whether the public reads it, on which ground not, and until when."""

from collections.abc import Mapping

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import MinutesPublication
from app.queries.minutes import state_of
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from workflows.bad_input import BadInput
from workflows.disclosure import Choice, check
from workflows.engine import Refused
from workflows.minutes import parts
from workflows.text import because

PUBLISHERS = ("clerk", "officer")


def publish_minutes(who: Viewer, number: int, choices: Mapping[str, Choice]) -> MinutesPublication:
    """Rule on every part and publish; done again, the new rulings take the place of the old, which stay on record.

    Raises:
        NotFound: neither clerk nor officer of this programme.
        Refused: the minutes are not signed by both.
        Invalid("<part>.<field>"): a part without a ruling, or one that the law does not allow.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True)
        if not any(who.has(role, sitting.programme) for role in PUBLISHERS):
            raise NotFound
        state = state_of(sitting)
        if not state.complete() or state.version is None:
            raise Refused(
                because(
                    "not_signed",
                    "위원장과 간사가 모두 서명한 뒤에 공개할 수 있습니다.",
                    "Chair and clerk must both have signed.",
                )
            )
        ruled = {}
        for part in parts(state.version.content):
            try:
                ruled[part.key] = check(part.key, choices.get(part.key, Choice("")), clock.today()).row()
            except BadInput as wrong:
                raise Invalid(f"{part.key}.{wrong.field}", wrong.text) from wrong
        now = clock.now()
        row = MinutesPublication(
            sitting_id=sitting.id,
            minutes_id=state.version.id,
            number=(state.publication.number if state.publication else 0) + 1,
            disclosure=ruled,
            published_by=who.id,
            published_at=now,
        )
        db.session.add(row)
        db.session.flush()
        note_act(sitting, "publish_minutes", who, {"publication": row.number}, rows=[row], at=now)
        return row
