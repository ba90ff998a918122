"""K04: answer a supplement request. Every item is answered, the changed sections become a new version, and the
clocks go on from here (민원처리법 제22조; both the day sent and the day received stay out of the count)."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.authz import Viewer
from app.base import Sealed, canonical
from app.db import unit_of_work
from app.extensions import db
from app.models import Case, Supplement
from app.queries.applications import open_items, own_case
from app.queries.proposal import draft_of
from app.services.act import act_on
from app.services.ask_anew import parties_changed
from app.services.freeze import freeze
from app.services.once import earlier_result, take


def answer_supplement(who: Viewer, number: str, answers: Mapping[int, str], revision: int | None, once: str) -> None:
    """Send the answers (item id -> text) with the new version. Pressed twice, it is sent once.

    Raises:
        NotFound: not a case of this person's organisation.
        Stale: the case moved on in the meantime.
        Refused: an item has no answer, a section is not complete, or a delegate pressed.
    """
    body = canonical({"number": number, "answers": {str(k): v for k, v in answers.items()}})
    try:
        with unit_of_work():
            take(who, once, body, number)
            _answer(who, own_case(who, number, lock=True), answers, revision)
    except IntegrityError:
        if earlier_result(who, once, body) is None:
            raise


def _answer(who: Viewer, case: Case, answers: Mapping[int, str], revision: int | None) -> None:
    with db.session.no_autoflush:  # each row is written once, with the event
        items = open_items(case) if case.state == "SUPPLEMENT" else []
        for item in items:  # before the guards; if one refuses, nothing of this is kept
            item.answer = answers.get(item.id, "").strip()
        empty = sum(not item.answer for item in items)
        draft = draft_of(case)
        told = [{"section": i.section, "reason": i.reason, "answer": i.answer} for i in items]

        def change(case: Case, now: datetime) -> list[Sealed]:
            version = freeze(case, draft, who, now, "supplement")
            asked = items[0].supplement_id
            db.session.execute(sa.update(Supplement).where(Supplement.id == asked).values(answered_at=now))
            data["version"] = version.number
            return [version]

        data: dict[str, object] = {"items": told}
        typed = {"in_items_open": empty}
        act_on(who, case, "answer_supplement", inputs=typed, revision=revision, data=data, change=change, draft=draft)
        parties_changed(case)
