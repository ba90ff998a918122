"""Who acts in synthetic cases: their own accounts, organisations and sittings (mail domain synthetic.test).

Seats of a committee that is already there are used as they are; a second committee is never seated beside it.
Nobody of these can sign in: their password is no hash.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import sqlalchemy as sa

from app.extensions import db
from app.models import Attendance, Membership, Organisation, RoleGrant, Seat, Sitting, User
from app.services.note_act import note_act
from app.synthetic.words import COMPANIES, NAMES, PLACES
from workflows.committee_rules import shipped_for

DOMAIN = "synthetic.test"
SEATS = 24


@dataclass(frozen=True, slots=True)
class Meeting:
    """A sitting and who was there."""

    id: int
    number: int
    starts_at: datetime
    chair_id: int
    present: tuple[int, ...]


@dataclass(slots=True)
class Cast:
    """Ids by what they do. `applicants`: (organisation, signatory, place or None for a company, names)."""

    officers: list[int] = field(default_factory=list)
    consultants: list[int] = field(default_factory=list)
    evaluators: list[int] = field(default_factory=list)
    clerk: int = 0
    minister: int = 0
    members: list[int] = field(default_factory=list)
    bodies: list[tuple[int, int]] = field(default_factory=list)
    """(organisation, the one who gives its opinion)"""
    cities: list[tuple[int, int, int, str, str]] = field(default_factory=list)
    """(organisation, signatory, place in PLACES, Korean name, English name)"""
    companies: list[tuple[int, int, int, str, str]] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    names: dict[int, dict[str, str]] = field(default_factory=dict)


def assemble(rng: Random, today: date) -> Cast:
    """The cast, made where it is missing. Call inside a unit of work."""
    cast = Cast()
    since = datetime(2020, 1, 2, tzinfo=UTC)
    cast.officers = [_person(cast, f"officer{n:02}", n, since, "officer") for n in range(1, 13)]
    cast.consultants = [_person(cast, f"consultant{n:02}", n, since, "consultant") for n in range(1, 21)]
    cast.evaluators = [_person(cast, f"evaluator{n:02}", n, since, "evaluator") for n in range(1, 41)]
    cast.clerk = _person(cast, "clerk", 3, since, "clerk")
    cast.minister = _person(cast, "minister", 4, since, "minister")
    _bodies(cast, since)
    _applicants(cast, since)
    _committee(cast, since)
    _meetings(cast, rng, today)
    return cast


def _person(cast: Cast, name: str, n: int, since: datetime, role: str | None = None, org: int | None = None) -> int:
    email = f"{name}@{DOMAIN}"
    found = db.session.scalar(sa.select(User).where(User.email == email))
    ko, en = NAMES[n % len(NAMES)]
    if found is None:
        found = User(
            email=email, name_ko=ko, name_en=en, locale="ko" if n % 2 else "en",
            password_hash="!", confirmed_at=since, created_at=since,  # noqa: S106  (no hash: nobody can sign in)
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
        if role is not None:
            db.session.add(
                RoleGrant(user_id=found.id, role=role, programme="kcity", organisation_id=org, granted_at=since)
            )
    cast.names[found.id] = {"ko": found.name_ko, "en": found.name_en}
    return found.id


def _organisation(ko: str, en: str, kind: str, country: str, since: datetime) -> int:
    query = sa.select(Organisation.id).where(Organisation.name_en == en, Organisation.register_number == "synthetic")
    found = db.session.scalar(query)
    if found is None:
        row = Organisation(
            name_ko=ko, name_en=en, kind=kind, country=country, register_number="synthetic", created_at=since
        )
        db.session.add(row)
        db.session.flush()
        found = row.id
    return found


def _bodies(cast: Cast, since: datetime) -> None:
    for n, (ko, en, kind) in enumerate(
        (
            ("합성 외교부서", "Synthetic Foreign Office", "ministry"),
            ("합성 무역관", "Synthetic Trade Centre", "trade_centre"),
            ("합성 재외공관", "Synthetic Embassy", "embassy"),
        )
    ):
        org = _organisation(ko, en, kind, "KR", since)
        cast.bodies.append((org, _person(cast, f"opinion{n:02}", n, since, "opinion_giver", org)))


def _applicants(cast: Cast, since: datetime) -> None:
    for n, (country, ko, en, _, _) in enumerate(PLACES):
        names = (f"{ko}시 (합성)", f"City of {en} (synthetic)")
        org = _organisation(*names, "local_government", country, since)
        cast.cities.append((org, _signatory(cast, f"city{n:02}", n, org, since), n, *names))
    for n, (ko, en) in enumerate(COMPANIES):
        names = (f"{ko} (합성)", f"{en} (synthetic)")
        org = _organisation(*names, "company", "KR", since)
        cast.companies.append((org, _signatory(cast, f"company{n:02}", n, org, since), n, *names))


def _signatory(cast: Cast, name: str, n: int, org: int, since: datetime) -> int:
    person = _person(cast, name, n, since)
    if db.session.scalar(sa.select(Membership.id).where(Membership.user_id == person)) is None:
        db.session.add(Membership(user_id=person, organisation_id=org, role="signatory", since=since))
    return person


def _committee(cast: Cast, since: datetime) -> None:
    seats = sa.select(Seat.user_id).where(Seat.programme == "kcity", Seat.ended_at.is_(None))
    cast.members = list(db.session.scalars(seats.order_by(Seat.chair.desc(), Seat.id)))
    if len(cast.members) >= SEATS:
        for row in db.session.execute(sa.select(User.id, User.name_ko, User.name_en).where(User.id.in_(cast.members))):
            cast.names[row.id] = {"ko": row.name_ko, "en": row.name_en}
        return
    for n in range(len(cast.members), SEATS):
        person = _person(cast, f"member{n + 1:02}", n, since, "member")
        side = "government" if n < 10 else "private"
        db.session.add(Seat(programme="kcity", user_id=person, side=side, chair=n in (0, 10), since=since))
        cast.members.append(person)


def _meetings(cast: Cast, rng: Random, today: date) -> None:
    """One sitting a month from 2020 to the second month ahead; the coming ones have no roll call."""
    number = 90_000
    number = max(number, db.session.scalar(sa.select(sa.func.max(Sitting.number))) or 0)
    first = date(2020, 2, 1)
    months = (today.year - first.year) * 12 + today.month - first.month + 3
    for n in range(months):
        year, month = divmod(first.month - 1 + n, 12)
        day = date(first.year + year, month + 1, 8 + rng.randint(0, 6))
        cast.meetings.append(_meeting(cast, rng, number + n + 1, day, day <= today - timedelta(days=1)))


def _meeting(cast: Cast, rng: Random, number: int, day: date, over: bool) -> Meeting:
    starts = datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)
    shipped = shipped_for("kcity")
    assert shipped is not None
    row = Sitting(
        programme="kcity", number=number, starts_at=starts, place="정부세종청사 (합성)", chair_id=cast.members[0],
        agenda_sent_at=starts - timedelta(days=10) if over else None,
        roll_called_at=starts if over else None,
        ended_at=starts + timedelta(hours=5) if over else None,
        rule=shipped.rule.model_dump(mode="json"), seats=len(cast.members),
    )  # fmt: skip
    db.session.add(row)
    note_act(row, "plan", None)
    present = (cast.members[0], *sorted(rng.sample(cast.members[1:], rng.randint(15, len(cast.members) - 2))))
    if over:
        db.session.add_all(
            Attendance(sitting_id=row.id, user_id=who, arrived_at=starts, left_at=starts + timedelta(hours=5))
            for who in present
        )
        here = [{"person": who, "proxy": "", "observer": False} for who in present]
        note_act(row, "call_roll", None, {"present": here, "seats": row.seats}, at=starts)
        note_act(row, "end", None, at=row.ended_at)
    return Meeting(row.id, number, starts, cast.members[0], present)
