"""Seats on the committee are taken and left by administrators, and the quorum follows."""

from app.db import unit_of_work
from app.extensions import db
from app.models import RoleGrant, Seat
from tests.world import World

NEW = {"programme": "kcity", "side": "private"}


def taken() -> int:
    """Seats taken now."""
    db.session.rollback()
    return db.session.query(Seat).filter(Seat.ended_at.is_(None)).count()


def test_a_member_takes_a_seat_and_leaves_it(lite_world: World) -> None:
    with unit_of_work():
        lite_world.add_user("newcomer", role="member", programme="kcity")
    client = lite_world.client("admin")
    assert "newcomer@kcity.test" not in client.get("/admin/seats").text
    response = client.post("/admin/seats", data={**NEW, "email": "newcomer@kcity.test", "chair": "y"})
    assert response.status_code == 303
    assert taken() == 25
    seat = db.session.query(Seat).filter_by(user_id=lite_world.ids["newcomer"]).one()
    assert (seat.side, seat.chair) == ("private", True)
    assert client.post(f"/admin/seats/{seat.id}/end").status_code == 303
    assert taken() == 24
    assert client.post("/admin/seats", data={**NEW, "email": "newcomer@kcity.test"}).status_code == 303
    assert taken() == 25


def test_who_holds_no_such_role_takes_no_seat_and_what_was_typed_stays(lite_world: World) -> None:
    response = lite_world.client("admin").post("/admin/seats", data={**NEW, "email": "officer@kcity.test"})
    assert response.status_code == 422
    assert 'value="officer@kcity.test"' in response.text
    assert taken() == 24


def test_nobody_sits_twice(lite_world: World) -> None:
    response = lite_world.client("admin").post("/admin/seats", data={**NEW, "email": "member05@kcity.test"})
    assert response.status_code == 422
    assert "이미 위원으로 위촉되어 있습니다" in response.text


def test_seats_do_not_exist_for_others(lite_world: World) -> None:
    client = lite_world.client("clerk")
    assert client.get("/admin/seats").status_code == 404
    assert client.post("/admin/seats/1/end").status_code == 404


def test_a_role_that_ended_is_no_ground_for_a_seat(lite_world: World) -> None:
    with unit_of_work():
        user = lite_world.add_user("former", role="member", programme="kcity")
        from app import clock

        db.session.query(RoleGrant).filter_by(user_id=user).update({RoleGrant.ended_at: clock.now()})
    response = lite_world.client("admin").post("/admin/seats", data={**NEW, "email": "former@kcity.test"})
    assert response.status_code == 422
