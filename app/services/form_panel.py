"""Form a panel otherwise than by hand: invite those an officer takes from a proposal, or draw from a frozen pool."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import Case, PanelDraw, PanelPool
from app.queries.cases import case_for
from app.queries.panel import pool_for, tickets_of
from app.services.act import act_within
from app.services.invite_evaluator import invite_within
from workflows.draw import canonical_seed, pool_fingerprint
from workflows.text import Text

MOST = 30


def invite_proposed(who: Viewer, number: str, people: Sequence[int], revision: int | None = None) -> Case:
    """Invite those whom an officer has ticked in a proposal, all or none. Raises as `invite_evaluator.invite`."""
    if not people:
        raise Invalid("people", Text("위촉할 위원을 선택해 주십시오.", "Choose whom to invite."))
    with unit_of_work():
        case = case_for(who, number, lock=True)
        for place, user_id in enumerate(people):
            case = invite_within(who, number, user_id, revision if place == 0 else None, "proposal")
        return case


def freeze_pool(
    who: Viewer,
    number: str,
    seats: int,
    most_per_institution: int,
    seed_source: str,
    seed_on: date | None,
    revision: int | None = None,
) -> Case:
    """Freeze everyone who may be asked now, and say where and when the seed will be published.

    Raises as `act`; Refused where the pool is smaller than the seats or no source is named; Invalid for a day that is
    past, or a number out of range.
    """
    if not 1 <= most_per_institution <= MOST:
        raise Invalid("most_per_institution", Text(f"1에서 {MOST} 사이로 적어 주십시오.", f"From 1 to {MOST}."))
    if not 1 <= seats <= MOST:
        raise Invalid("seats", Text(f"1에서 {MOST} 사이로 적어 주십시오.", f"From 1 to {MOST}."))
    if seed_on is None or seed_on < clock.today():
        raise Invalid("seed_on", Text("오늘 또는 그 뒤의 날짜를 적어 주십시오.", "Give today or a later day."))
    with unit_of_work():
        entries, left_out = pool_for(case_for(who, number, lock=True))
        fingerprint = pool_fingerprint(entries, seats, most_per_institution)

        def change(case: Case, now: datetime) -> list[Sealed]:
            last = db.session.scalar(sa.select(sa.func.max(PanelPool.number)).where(PanelPool.case_id == case.id))
            row = PanelPool(
                case_id=case.id,
                number=(last or 0) + 1,
                entries=[{"id": one.id, "institution": one.institution} for one in entries],
                left_out=left_out,
                seats=seats,
                most_per_institution=most_per_institution,
                seed_source=seed_source.strip(),
                seed_on=seed_on,
                sha256=fingerprint,
                frozen_at=now,
                frozen_by=who.id,
            )
            db.session.add(row)
            db.session.flush()
            return [row]

        return act_within(
            who,
            number,
            "freeze_pool",
            inputs={"in_pool": len(entries), "in_seats": seats, "in_seed_source": seed_source},
            revision=revision,
            data={"pool": len(entries), "seats": seats, "sha256": fingerprint, "seed_source": seed_source.strip()},
            change=change,
        )


def draw_panel(who: Viewer, number: str, seed: str, revision: int | None = None) -> Case:
    """Draw from the newest frozen pool by the seed as it was published, and invite who is drawn.

    Raises as `act`; Refused where no pool waits, its day has not come or the seed is empty; Invalid where somebody
    drawn has come onto a panel of this case in the meantime (freeze a new pool).
    """
    with unit_of_work():
        found = case_for(who, number, lock=True)
        pool = waiting_pool(found)
        tickets = tickets_of(pool, seed) if pool is not None and canonical_seed(seed) else []
        drawn = [ticket["id"] for ticket in tickets if ticket["seat"]]

        def change(case: Case, now: datetime) -> list[Sealed]:
            assert pool is not None
            row = PanelDraw(
                case_id=case.id,
                pool_id=pool.id,
                seed=canonical_seed(seed),
                drawn=tickets,
                drawn_at=now,
                drawn_by=who.id,
            )
            db.session.add(row)
            db.session.flush()
            return [row]

        case = act_within(
            who,
            number,
            "draw_panel",
            inputs={"in_seed": seed},
            revision=revision,
            data={"seed": canonical_seed(seed), "sha256": pool.sha256 if pool else "", "drawn": len(drawn)},
            change=change,
        )
        for user_id in drawn:
            assert isinstance(user_id, int)
            case = invite_within(who, number, user_id, basis="draw")
        return case


def waiting_pool(case: Case) -> PanelPool | None:
    """The newest frozen pool that nobody has drawn from."""
    drawn = sa.exists().where(PanelDraw.pool_id == PanelPool.id)
    query = sa.select(PanelPool).where(PanelPool.case_id == case.id, ~drawn)
    return db.session.scalar(query.order_by(PanelPool.number.desc()).limit(1))
