"""Seats on the committee: taken and left, never deleted, so that who could vote on which day stays known."""

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import RoleGrant, Seat, User
from app.services.grant_role import must_administer
from workflows.text import Text

SIDES = ("government", "private")
NO_MEMBER = Text(
    "위원 역할이 있는 계정의 전자우편 주소를 적어 주십시오.",
    "Write the address of an account that holds the role of committee member.",
)
SEATED = Text("이미 위원으로 위촉되어 있습니다.", "This person already has a seat.")


def take_seat(who: Viewer, programme: str, email: str, side: str, chair: bool) -> None:
    """Seat a committee member from now on; `side`: government or private (도시법 시행령: 정부위원, 민간위원).

    Raises:
        NotFound, NotAllowed: not an administrator of that programme.
        Invalid: no such member, or seated already.
    """
    must_administer(who, programme)
    if side not in SIDES:
        raise NotFound
    with unit_of_work():
        user_id = db.session.scalar(
            sa.select(User.id)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(User.email == email.strip().casefold(), RoleGrant.role == "member")
            .where(RoleGrant.ended_at.is_(None), User.disabled_at.is_(None))
            .where(sa.or_(RoleGrant.programme.is_(None), RoleGrant.programme == programme))
            .limit(1)
        )
        if user_id is None:
            raise Invalid("email", NO_MEMBER)
        _seat(programme, user_id, side, chair)
    log.note("seat_taken", account=user_id, programme=programme, side=side, chair=chair)


def _seat(programme: str, user_id: int, side: str, chair: bool) -> None:
    query = sa.select(Seat).where(Seat.programme == programme, Seat.user_id == user_id)
    seat = db.session.scalar(query.with_for_update())
    if seat is not None and seat.ended_at is None:
        raise Invalid("email", SEATED)
    if seat is None:
        seat = Seat(programme=programme, user_id=user_id)
        db.session.add(seat)
    seat.side, seat.chair, seat.since, seat.ended_at = side, chair, clock.now(), None


def leave_seat(who: Viewer, seat_id: int) -> None:
    """End a seat from now on.

    Raises:
        NotFound, NotAllowed: no such seat, left already, or another programme's.
    """
    with unit_of_work():
        seat = db.session.get(Seat, seat_id, with_for_update=True)
        if seat is None or seat.ended_at is not None:
            raise NotFound
        must_administer(who, seat.programme)
        seat.ended_at = clock.now()
        facts = {"account": seat.user_id, "programme": seat.programme}
    log.note("seat_left", **facts)
