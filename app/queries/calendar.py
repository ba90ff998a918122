"""What a person's calendar shows of the committee: the sittings he may know of, and in them the items he may know of.

The items come through the same predicate as every list, so that a conflicted member's calendar names none of his.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.authz import Viewer, visible
from app.documents.calendar import Entry
from app.errors import NotFound
from app.extensions import db
from app.models import AgendaItem, CalendarFeed, Case, Programme, Sitting, User
from app.queries.live import steps_shared
from app.queries.people import hash_of, viewer_of
from app.queries.sittings import READERS
from workflows.text import Text

KEPT = timedelta(days=400)
LEAST = timedelta(hours=1)
NAME = Text("K-City 선정심의위원회", "K-City selection committee")


@dataclass(frozen=True, slots=True)
class Part:
    """What a reader may know of a sitting: the titles and minutes of its items, and how often it was changed."""

    titles: Sequence[Text] = ()
    minutes: int = 0
    steps: int = 0


def entry_of(sitting: Sitting, part: Part | None = None) -> Entry:
    """One sitting as its reader may know of it. In a letter to all members: no item, and the length of none."""
    part = part or Part(steps=db.session.scalar(sa.select(steps_shared(sitting.id))) or 0)
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    written = sitting.form == "written"
    ends = (
        sitting.closes_at
        if written and sitting.closes_at
        else sitting.starts_at + max(LEAST, timedelta(minutes=part.minutes))
    )
    kind = Text(" (서면)", " (in writing)") if written else Text("", "")
    return Entry(
        key=f"sitting-{sitting.number}@{urlsplit(base).hostname}",
        version=part.steps + len(part.titles),
        title=Text(
            f"제{sitting.number}차 선정심의위원회{kind.ko}",
            f"Selection committee, sitting no. {sitting.number}{kind.en}",
        ),
        starts_at=sitting.starts_at,
        ends_at=ends,
        place=sitting.place,
        note=_note(part.titles),
        link=f"{base}/sittings/{sitting.number}",
        stamp=sitting.agenda_sent_at or sitting.starts_at,
        settled=sitting.agenda_sent_at is not None,
    )


def _note(titles: Sequence[Text]) -> Text:
    ask = Text(
        "안건을 확인하고 안건마다 이해관계를 신고해 주시기 바랍니다.",
        "Please read the agenda and declare your interests in each item.",
    )
    if not titles:
        return ask
    return Text(
        "안건\n" + "".join(f"- {title.ko}\n" for title in titles) + f"\n{ask.ko}",
        "Agenda\n" + "".join(f"- {title.en}\n" for title in titles) + f"\n{ask.en}",
    )


def entries_for(who: Viewer, programmes: Sequence[str]) -> list[Entry]:
    """The sittings of `programmes` with their items, as far as `who` may know of them; the earliest first."""
    query = sa.select(Sitting).where(Sitting.programme.in_(programmes or [""]), Sitting.starts_at > clock.now() - KEPT)
    sittings = list(db.session.scalars(query.order_by(Sitting.starts_at, Sitting.id)))
    line = sa.orm.aliased(AgendaItem)
    items = (
        sa.select(line.sitting_id, line.minutes, Case.title_ko, Case.title_en)
        .join(Case, Case.id == line.case_id)
        .where(line.sitting_id.in_([s.id for s in sittings] or [0]), visible(who))
        .order_by(line.position, line.id)
    )
    titles: dict[int, list[Text]] = {}
    minutes: Counter[int] = Counter()
    for sitting_id, length, ko, en in db.session.execute(items):
        titles.setdefault(sitting_id, []).append(Text(ko or en, en or ko))
        minutes[sitting_id] += length
    steps = _steps_of([s.id for s in sittings])
    return [entry_of(s, Part(titles.get(s.id, ()), minutes[s.id], steps.get(s.id, 0))) for s in sittings]


def _steps_of(sittings: Sequence[int]) -> dict[int, int]:
    query = sa.select(Sitting.id, steps_shared(Sitting.id)).where(Sitting.id.in_(sittings or [0]))
    return {sitting: steps or 0 for sitting, steps in db.session.execute(query)}


def programmes_of(who: Viewer) -> list[str]:
    """The programmes whose sittings this person reads."""
    return [key for key in db.session.scalars(sa.select(Programme.key)) if any(who.has(r, key) for r in READERS)]


def feed_of(who: Viewer) -> CalendarFeed | None:
    """The feed this person has, if it is not revoked."""
    query = sa.select(CalendarFeed).where(CalendarFeed.user_id == who.id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalar(query.order_by(CalendarFeed.id.desc()).limit(1))


def owner_of(secret: str) -> tuple[Viewer, str]:
    """Whose feed it is, with the rights that hold today, and its language.

    Raises:
        NotFound: unknown or revoked, the account is disabled, or it reads no sittings any more: all answer alike.
    """
    query = (
        sa.select(User, CalendarFeed.lang)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_hash == hash_of(secret), CalendarFeed.revoked_at.is_(None))
        .where(User.disabled_at.is_(None))
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    who = viewer_of(row[0])
    if not any(who.has(role) for role in READERS):
        raise NotFound
    return who, row[1]
