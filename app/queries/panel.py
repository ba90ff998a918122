"""Who may be asked onto the panel of a case, with what speaks for and against each; pools and draws. Never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.extensions import db
from app.interests import out_of
from app.models import Case, Consulting, Duty, EvaluatorProfile, Membership, PanelDraw, PanelPool, RoleGrant, User
from app.queries import attendance
from app.queries.people import holders
from app.queries.proposal import latest_version
from app.queries.standing import out_on
from app.queries.terms import terms_of
from workflows import schema
from workflows.draw import Entry, draw
from workflows.panel import Person, Proposal, Wanted, institution_key, may_be_asked, propose
from workflows.text import Reason, Text, because


def is_evaluator(user_id: int) -> bool:
    """Whether the account holds the role of evaluator in some programme."""
    held = sa.exists().where(RoleGrant.user_id == user_id, RoleGrant.role == "evaluator", RoleGrant.ended_at.is_(None))
    return bool(db.session.scalar(sa.select(held)))


def profile_of(user_id: int) -> EvaluatorProfile | None:
    """What is kept of an evaluator."""
    return db.session.scalar(sa.select(EvaluatorProfile).where(EvaluatorProfile.user_id == user_id))


def sectors_of(case: Case) -> frozenset[str]:
    """The sectors the applicant has chosen, in the version that is judged."""
    version = latest_version(case)
    return frozenset((version.answers.get("sectors") or []) if version else [])


def _year() -> tuple[date, date]:
    today = clock.today()
    return date(today.year, 1, 1), date(today.year + 1, 1, 1)


def loads(people: Sequence[int]) -> dict[int, int]:
    """account -> duties of this calendar year (Seoul) that are neither declined nor excused, nor on a case the
    person is out of: who has a conflict bears no load, and his own count tells him nothing of the case."""
    first, after = (clock.from_seoul(f"{day}T00:00:00") for day in _year())
    query = (
        sa.select(Duty.user_id, sa.func.count())
        .where(Duty.user_id.in_(people or [0]), Duty.excused_at.is_(None), ~out_of(Duty.case_id, Duty.user_id))
        .where(Duty.invited_at >= first, Duty.invited_at < after)
        .group_by(Duty.user_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def roster(who: Viewer) -> list[Person]:
    """Everyone who holds the role in a programme of this officer or auditor, by name."""
    programmes = sorted({d.programme for d in schema.all_published()})
    seen = [p for p in programmes if who.has("officer", p) or who.has("auditor", p)]
    ids = sorted({user_id for programme in seen for user_id in holders("evaluator", programme)})
    return sorted(_people(ids, {}), key=lambda person: (person.name.ko, person.id))


def people_for(case: Case) -> list[Person]:
    """Everyone who holds the role in the programme, with why he may not be on this panel, in order of id."""
    programme = schema.load(case.definition_id, case.definition_version).programme
    ids = holders("evaluator", programme)
    return _people(ids, _barred(case, ids))


def _people(ids: Sequence[int], barred: Mapping[int, Reason]) -> list[Person]:
    rows = db.session.execute(
        sa.select(User.id, User.name_ko, User.name_en, EvaluatorProfile)
        .outerjoin(EvaluatorProfile, EvaluatorProfile.user_id == User.id)
        .where(User.id.in_(ids or [0]))
        .order_by(User.id)
    ).all()
    load = loads(ids)
    return [
        Person(
            id=user_id,
            name=Text(ko or en, en or ko),
            expertise=frozenset(kept.expertise) if kept else frozenset(),
            institution=kept.institution if kept else "",
            region=kept.region if kept else "",
            load=load.get(user_id, 0),
            cap=kept.yearly_cap if kept else None,
            barred=barred.get(user_id),
        )
        for user_id, ko, en, kept in rows
    ]


ADVISER = because("is_the_adviser", "이 사건의 자문가입니다.", "Is the consultant of this case.")
OUT = because("out_of_case", "이 사건과 이해충돌이 있습니다.", "Has a conflict of interest in this case.")
BEEN = because("on_panel_before", "이 사건에 위촉된 적이 있습니다.", "Has been on a panel of this case.")
RECIPROCAL = because(
    "reciprocal_evaluator",
    "본인의 과제를 이 신청기관의 사람이 평가하고 있습니다.",
    "Somebody of this applicant evaluates this person's own project.",
)
APPLICANT = because("is_applicant", "신청기관의 구성원입니다.", "Belongs to the applicant.")


def _barred(case: Case, ids: Sequence[int]) -> dict[int, Reason]:
    adviser = db.session.scalar(sa.select(Consulting.consultant_id).where(Consulting.case_id == case.id))
    been = set(db.session.scalars(sa.select(Duty.user_id).where(Duty.case_id == case.id)))
    out = out_on([case.id]).get(case.id, set())
    ours = set(
        db.session.scalars(
            sa.select(Membership.user_id).where(
                Membership.organisation_id == case.organisation_id, Membership.ended_at.is_(None)
            )
        )
    )
    found: dict[int, Reason] = {}
    for user_id in ids:
        if user_id == adviser:
            found[user_id] = ADVISER
        elif user_id in ours:
            found[user_id] = APPLICANT
        elif user_id in out:
            found[user_id] = OUT
        elif user_id in been:
            found[user_id] = BEEN
        elif attendance.reciprocal(case, [user_id]):
            found[user_id] = RECIPROCAL
    return found


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A balanced proposal for a case and what it was made from."""

    wanted: Wanted
    proposal: Proposal


def proposal_for(
    case: Case, seats: int, most_per_institution: int = 1, most_per_region: int | None = None
) -> ProposalPage:
    """A balanced proposal for `seats` more evaluators."""
    people = people_for(case)
    on_duty = set(
        db.session.scalars(
            sa.select(Duty.user_id).where(
                Duty.case_id == case.id, Duty.hearing == case.hearing, Duty.excused_at.is_(None)
            )
        )
    )
    seated = tuple(person for person in people if person.id in on_duty)
    on_duty -= out_on([case.id]).get(case.id, set())
    wanted = Wanted(seats, sectors_of(case), most_per_institution, most_per_region, seated)
    return ProposalPage(wanted, propose([person for person in people if person.id not in on_duty], wanted))


def seats_open(case: Case) -> int:
    """How many are wanting to the cycle's minimum, as invitations stand."""
    need = int(terms_of(case).settings.get("panel_minimum", 5))
    have = db.session.scalar(
        sa.select(sa.func.count(Duty.id)).where(
            Duty.case_id == case.id, Duty.hearing == case.hearing, Duty.excused_at.is_(None)
        )
    )
    return max(0, need - (have or 0))


# pools and draws --------------------------------------------------------------------------------------------


def pool_for(case: Case) -> tuple[list[Entry], list[dict[str, object]]]:
    """(who may be drawn, [{"id", "code"}] of those who may not), both in order of account."""
    entries: list[Entry] = []
    left_out: list[dict[str, object]] = []
    for person in people_for(case):
        reason = may_be_asked(person)
        if reason is None:
            entries.append(Entry(person.id, institution_key(person.institution)))
        else:
            left_out.append({"id": person.id, "code": reason.code})
    return entries, left_out


@dataclass(frozen=True, slots=True)
class DrawPage:
    """A frozen pool with its draw, and whether drawing again gives the same."""

    pool: PanelPool
    draw: PanelDraw | None
    holds: bool | None
    names: dict[int, Text]


def draws_of(case: Case) -> list[DrawPage]:
    """Every frozen pool of the case, newest first, drawn again on the spot."""
    rows = db.session.execute(
        sa.select(PanelPool, PanelDraw)
        .outerjoin(PanelDraw, PanelDraw.pool_id == PanelPool.id)
        .where(PanelPool.case_id == case.id)
        .order_by(PanelPool.number.desc())
    ).all()
    ids = {entry["id"] for pool, _ in rows for entry in (*pool.entries, *pool.left_out)}
    people = db.session.execute(sa.select(User.id, User.name_ko, User.name_en).where(User.id.in_(ids or [0])))
    names = {user_id: Text(ko or en, en or ko) for user_id, ko, en in people}
    return [DrawPage(pool, made, holds(pool, made) if made else None, names) for pool, made in rows]


def tickets_of(pool: PanelPool, seed: str) -> list[dict[str, object]]:
    """The draw from `pool` by `seed`, as it is stored."""
    entries = [Entry(entry["id"], entry["institution"]) for entry in pool.entries]
    return [
        {
            "id": one.id,
            "ticket": one.ticket,
            "place": one.place,
            "seat": one.seat,
            "substitute": one.substitute,
            "crowded": one.crowded,
        }
        for one in draw(entries, pool.seats, pool.most_per_institution, seed)
    ]


def holds(pool: PanelPool, made: PanelDraw) -> bool:
    """Whether drawing again gives what is on record."""
    return tickets_of(pool, made.seed) == made.drawn
