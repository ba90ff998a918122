"""K05b: the second demand, once, after the first date was missed (민원처리법 시행령 제24조제3항)."""

from datetime import date, datetime

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Case, Supplement, SupplementItem
from app.services import clocks
from app.services.act import act_once
from app.services.request_supplement import store


def demand_again(
    who: Viewer, number: str, due_on: date, *, revision: int | None = None, once: str | None = None
) -> None:
    """Ask for the same items again by `due_on`, at most ten days ahead. What was answered so far is kept."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        first = db.session.scalar(
            sa.select(Supplement).where(Supplement.case_id == case.id).order_by(Supplement.id.desc()).limit(1)
        )
        assert first is not None  # the guards saw its date pass
        query = sa.select(SupplementItem).where(SupplementItem.supplement_id == first.id)
        old = list(db.session.scalars(query.order_by(SupplementItem.id)))
        again = store(case, [], due_on, 2, now)
        again.extensions = first.extensions
        db.session.add_all(
            SupplementItem(supplement_id=again.id, section=i.section, reason=i.reason, answer=i.answer) for i in old
        )
        return []

    act_once(
        who,
        number,
        "demand_again",
        once=once,
        revision=revision,
        inputs={"in_days_ahead": (due_on - clock.today()).days},
        data={"due_on": due_on.isoformat()},
        change=change,
        after=lambda case: clocks.reset(case, "supplement", due_on),
    )
