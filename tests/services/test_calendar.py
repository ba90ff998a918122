"""Sittings in a calendar: the file with the mail, and the feed that shows no more than its owner may know."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from app import clock
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import CalendarFeed, Delivery, RoleGrant, Sitting, User
from app.queries.calendar import owner_of
from app.services.calendar_feed import new_feed, revoke_feed
from app.services.declare_interest import declare
from app.services.deliver import message
from tests.committee_steps import plan, ranked, tabled
from tests.world import World


def events(body: bytes | str) -> list:
    return list(Calendar.from_ical(body).walk("VEVENT"))


def test_the_agenda_comes_with_a_file_for_the_calendar_that_names_no_case(world: World) -> None:
    case, number = tabled(world)
    sitting = db.session.scalars(sa.select(Sitting).where(Sitting.number == number)).one()
    mails = db.session.scalars(sa.select(Delivery).where(Delivery.channel == "mail", Delivery.calendar.is_not(None)))
    mail = message(next(iter(mails)))
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_filename() == "sitting.ics" and part.get_param("method") == "PUBLISH"
    (event,) = events(part.get_content())
    assert event["dtstart"].dt == sitting.starts_at.replace(microsecond=0) and event["status"] == "CONFIRMED"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=1)
    assert case.number not in part.get_content() and case.title_ko not in part.get_content()
    assert f"/sittings/{number}" in event["url"] and event["location"] == "대회의실"


def test_inbox_notices_and_other_mails_carry_no_file(lite_world: World) -> None:
    tabled(lite_world)
    with_file = db.session.scalars(sa.select(Delivery).where(Delivery.calendar.is_not(None))).all()
    assert {row.channel for row in with_file} == {"mail"} and len(with_file) == 24


def test_a_feed_lists_items_but_never_those_of_a_conflict(lite: Flask) -> None:
    world = World(lite)
    case, _ = tabled(world)
    other, _ = tabled(world, ranked(world, title_ko="다른 사업", title_en="Another project"))
    declare(world.viewer("member05"), case.number, "member", "conflict", "자문")
    seen = {}
    for name in ("member04", "member05"):
        body = world.client().get(f"/calendar/{new_feed(world.viewer(name), 'ko')}.ics").text
        seen[name] = body.replace("\r\n ", "")
        assert len(events(body)) == 2
    assert case.title_ko in seen["member04"] and case.title_ko not in seen["member05"]
    assert other.title_ko in seen["member05"] and case.number not in seen["member05"]


def test_a_feed_is_answered_by_what_changed_only(lite: Flask) -> None:
    world = World(lite)
    number = plan(world)
    client, address = world.client(), f"/calendar/{new_feed(world.viewer('member05'), 'en')}.ics"
    first = client.get(address)
    assert first.mimetype == "text/calendar" and "no-cache" in first.headers["Cache-Control"]
    assert "Selection committee" in first.text and events(first.data)[0]["status"] == "TENTATIVE"
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with unit_of_work():
        db.session.execute(sa.update(Sitting).where(Sitting.number == number).values(place="다른 곳"))
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def ended(secret: str) -> None:
    with pytest.raises(NotFound):
        owner_of(secret)


def test_an_address_ends_with_the_next_with_revoking_with_the_role_and_with_the_account(world: World) -> None:
    who = world.viewer("member05")
    first = new_feed(who, "ko")
    assert owner_of(first)[0].id == who.id
    second = new_feed(who, "ko")
    ended(first)
    revoke_feed(who)
    ended(second)
    ended("nonsense")
    third = new_feed(who, "ko")
    with unit_of_work():
        db.session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == who.id).values(ended_at=clock.now()))
    ended(third)
    fourth = new_feed(world.viewer("member06"), "ko")
    with unit_of_work():
        db.session.execute(sa.update(User).where(User.id == world.ids["member06"]).values(disabled_at=clock.now()))
    ended(fourth)
    with pytest.raises(NotFound):
        new_feed(world.viewer("applicant"), "ko")


def test_the_secret_is_stored_nowhere(lite_world: World) -> None:
    secret = new_feed(lite_world.viewer("clerk"), "ko")
    (row,) = db.session.scalars(sa.select(CalendarFeed))
    assert secret not in str({c.name: getattr(row, c.name) for c in row.__table__.columns})


def test_the_page_shows_the_address_once_and_revokes_it(lite: Flask) -> None:
    world = World(lite)
    client = world.client("member05")
    assert world.client("applicant").get("/calendar").status_code == 404
    assert "사용 중인 주소가 없습니다" in client.get("/calendar").text
    page = client.post("/calendar", data={}).text
    address = page.split('value="http', 1)[1].split('"', 1)[0].split("/calendar/", 1)[1]
    assert world.client().get(f"/calendar/{address}").status_code == 200
    assert address not in client.get("/calendar").text
    assert client.post("/calendar/revoke", data={}).status_code == 303
    assert world.client().get(f"/calendar/{address}").status_code == 404


def test_a_single_sitting_as_a_file(lite: Flask) -> None:
    world = World(lite)
    _, number = tabled(world)
    done = world.client("member05").get(f"/sittings/{number}.ics")
    assert done.status_code == 200 and len(events(done.data)) == 1
    assert world.client("applicant").get(f"/sittings/{number}.ics").status_code == 404
