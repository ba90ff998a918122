"""Members for one item only: the clerk seats the related vice minister or the head of the local government."""

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import AgendaItem, Case, ItemSeat, RoleGrant, Seat, Sitting, User
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from app.services.plan_sitting import refuse_ended
from workflows.engine import Refused
from workflows.text import Text, because

CAPACITIES = {
    "vice_minister": Text("관계 중앙행정기관의 차관", "Vice minister of a related ministry"),
    "local_head": Text("관할 지방자치단체의 장", "Head of a related local government"),
}
"""스마트도시 조성 및 산업진흥 등에 관한 법률 제23조제3항제3호·제4호."""


def seat_for_item(who: Viewer, sitting_number: int, case_number: str, email: str, capacity: str, basis: str) -> None:
    """Seat the account of `email` for the item: it declares and votes on that item only, and counts for its quorum.

    `basis`: why this member is related to the project.

    Raises:
        NotFound: not the clerk, no such sitting or item.
        Invalid: names the field; who has a seat anyway, or holds no role of a member.
        Refused: the sitting is over, or the item is open or closed.
    """
    if capacity not in CAPACITIES:
        raise Invalid("capacity", Text("위원의 자격을 선택해 주십시오.", "Choose in which capacity."))
    if not basis.strip():
        raise Invalid("basis", Text("사업과의 관련을 적어 주십시오.", "Say how the member is related to the project."))
    with unit_of_work():
        sitting, item = _waiting(who, sitting_number, case_number)
        user_id = _member(email, sitting.programme)
        query = sa.select(ItemSeat).where(ItemSeat.item_id == item.id, ItemSeat.user_id == user_id)
        seat = db.session.scalar(query) or ItemSeat(item_id=item.id, user_id=user_id)
        if seat.id is not None and seat.ended_at is None:
            raise Invalid("email", Text("이미 이 안건의 위원입니다.", "Already a member for this item."))
        seat.capacity, seat.basis, seat.added_by, seat.added_at = capacity, basis.strip(), who.id, clock.now()
        seat.ended_at = None
        db.session.add(seat)
        db.session.flush()
        told = {"case": case_number, "person": user_id, "capacity": capacity, "basis": basis.strip()}
        note_act(sitting, "seat_for_item", who, told, [seat])


def unseat_for_item(who: Viewer, sitting_number: int, case_number: str, user_id: int) -> None:
    """End the seat for the item before it is opened. Raises as `seat_for_item`."""
    with unit_of_work():
        sitting, item = _waiting(who, sitting_number, case_number)
        query = sa.select(ItemSeat).where(ItemSeat.item_id == item.id, ItemSeat.user_id == user_id)
        seat = db.session.scalar(query.where(ItemSeat.ended_at.is_(None)))
        if seat is None:
            raise NotFound
        seat.ended_at = clock.now()
        db.session.flush()
        note_act(sitting, "unseat_for_item", who, {"case": case_number, "person": user_id}, [seat])


def keep_item_seats(who: Viewer, before: AgendaItem, after: AgendaItem, sitting: Sitting) -> None:
    """Who sat for an item sits for it at the sitting that takes it up again."""
    query = sa.select(ItemSeat).where(ItemSeat.item_id == before.id, ItemSeat.ended_at.is_(None))
    seats = [
        ItemSeat(
            item_id=after.id,
            user_id=old.user_id,
            capacity=old.capacity,
            basis=old.basis,
            added_by=old.added_by,
            added_at=old.added_at,
        )
        for old in db.session.scalars(query)
    ]
    if seats:
        db.session.add_all(seats)
        db.session.flush()
        note_act(sitting, "seat_for_item", who, {"people": [seat.user_id for seat in seats]}, seats)


def _waiting(who: Viewer, sitting_number: int, case_number: str) -> tuple[Sitting, AgendaItem]:
    sitting = sitting_for(who, sitting_number, lock=True, only="clerk")
    refuse_ended(sitting)
    query = sa.select(AgendaItem).join(Case, Case.id == AgendaItem.case_id)
    item = db.session.scalar(query.where(AgendaItem.sitting_id == sitting.id, Case.number == case_number))
    if item is None:
        raise NotFound
    if item.opened_at is not None or item.closed_at is not None:
        words = because(
            "item_opened",
            "심의를 시작한 안건의 위원은 바꿀 수 없습니다.",
            "The members of an item that was opened cannot be changed.",
        )
        raise Refused(words)
    return sitting, item


def _member(email: str, programme: str) -> int:
    user_id = db.session.scalar(
        sa.select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.email == email.strip().casefold(), User.disabled_at.is_(None))
        .where(RoleGrant.role == "member", RoleGrant.ended_at.is_(None))
        .where(sa.or_(RoleGrant.programme.is_(None), RoleGrant.programme == programme))
        .limit(1)
    )
    if user_id is None:
        words = Text(
            "위원 역할이 있는 계정의 전자우편 주소를 적어 주십시오.",
            "Write the address of an account that holds the role of committee member.",
        )
        raise Invalid("email", words)
    seated = sa.select(Seat.id).where(Seat.programme == programme, Seat.user_id == user_id, Seat.ended_at.is_(None))
    if db.session.scalar(seated) is not None:
        raise Invalid("email", Text("이미 위촉된 위원입니다.", "This person has a seat on the committee anyway."))
    return user_id
