"""Keep a person's ties: entered by himself or by an administrator, withdrawn and never changed.

Every change asks him anew on the live cases on which he declared that there is no conflict.
"""

from datetime import date

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Affiliation, TiesStated, User
from app.models.interest import TIE_KINDS
from app.services.ask_anew import ties_changed
from workflows.text import Text


def add_tie(
    who: Viewer,
    person: int,
    organisation: str,
    kind: str,
    register_number: str = "",
    since: date | None = None,
    until: date | None = None,
) -> None:
    """Enter a tie of `person` (oneself, or anyone for an administrator). It counts as a statement of his ties.

    Raises:
        NotFound: somebody else's, and not an administrator; or no such account.
        Invalid: no name, an unknown kind, an end before its beginning, or the same tie stands already.
    """
    _check(organisation, kind, since, until)
    with unit_of_work():
        source = _may_write(who, person)
        same = sa.select(Affiliation.id).where(
            Affiliation.user_id == person,
            Affiliation.withdrawn_at.is_(None),
            Affiliation.organisation == organisation.strip(),
            Affiliation.kind == kind,
        )
        if db.session.scalar(same) is not None:
            raise Invalid("organisation", Text("이미 등록한 소속입니다.", "This tie is on file already."))
        now = clock.now()
        db.session.add(
            Affiliation(
                user_id=person,
                organisation=organisation.strip(),
                register_number=register_number.strip(),
                kind=kind,
                since=since,
                until=until,
                source=source,
                entered_by=who.id,
                entered_at=now,
            )
        )
        if source == "self":
            _state(person)
        db.session.flush()
        ties_changed(person)


def withdraw_tie(who: Viewer, person: int, tie: int) -> None:
    """Take a tie off the list; the row stays. Raises NotFound as `add_tie`, also for a tie that is none of his."""
    with unit_of_work():
        _may_write(who, person)
        found = db.session.get(Affiliation, tie)
        if found is None or found.user_id != person or found.withdrawn_at is not None:
            raise NotFound
        found.withdrawn_at = clock.now()
        db.session.flush()
        ties_changed(person)


def state_complete(who: Viewer) -> None:
    """Say that one's list of ties is complete, also when it is empty: from then on no match means none."""
    with unit_of_work():
        _state(who.id)


def _state(person: int) -> None:
    found = db.session.scalar(sa.select(TiesStated).where(TiesStated.user_id == person))
    if found is None:
        db.session.add(TiesStated(user_id=person, stated_at=clock.now()))
    else:
        found.stated_at = clock.now()


def _may_write(who: Viewer, person: int) -> str:
    if who.id == person:
        return "self"
    if not who.has("admin") or db.session.get(User, person) is None:
        raise NotFound
    return "administrator"


def _check(organisation: str, kind: str, since: date | None, until: date | None) -> None:
    if not organisation.strip():
        raise Invalid("organisation", Text("기관명을 적어 주십시오.", "Give the name of the organisation."))
    if kind not in TIE_KINDS:
        raise Invalid("kind", Text("관계를 선택해 주십시오.", "Choose the kind of tie."))
    if since and until and until < since:
        raise Invalid("until", Text("종료일이 시작일보다 빠릅니다.", "It ends before it begins."))
