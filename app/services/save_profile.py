"""Keep what an evaluator knows, where he works and how many cases a year he takes: by himself or by an officer."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound, Stale
from app.extensions import db
from app.models import EvaluatorProfile
from app.queries.panel import is_evaluator
from workflows.panel import EXPERTISE, REGIONS
from workflows.text import Text

MOST = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as typed. `yearly_cap`: 0 to 100 duties a year."""

    expertise: Sequence[str]
    institution: str
    region: str
    yearly_cap: int


def save_profile(who: Viewer, user_id: int, typed: Profile, revision: int) -> None:
    """Store the profile of `user_id`. `revision`: that of the profile the page was made from, 0 for none.

    Raises NotFound unless it is one's own, as an evaluator, or one is an officer; Invalid naming the field; Stale.
    """
    if not is_evaluator(user_id) or not (user_id == who.id or who.has("officer")):
        raise NotFound
    _check(typed)
    with unit_of_work():
        query = sa.select(EvaluatorProfile).where(EvaluatorProfile.user_id == user_id).with_for_update()
        row = db.session.scalar(query)
        if revision != (row.revision if row else 0):
            raise Stale
        if row is None:
            row = EvaluatorProfile(user_id=user_id, revision=0)
            db.session.add(row)
        row.expertise = sorted(set(typed.expertise))
        row.institution, row.region = " ".join(typed.institution.split()), typed.region
        row.yearly_cap, row.revision = typed.yearly_cap, row.revision + 1
        row.saved_at, row.saved_by = clock.now(), who.id


def _check(typed: Profile) -> None:
    if not set(typed.expertise) <= EXPERTISE.keys():
        raise Invalid("expertise", Text("목록에 있는 분야를 선택해 주십시오.", "Choose from the list."))
    if typed.region and typed.region not in REGIONS:
        raise Invalid("region", Text("목록에 있는 권역을 선택해 주십시오.", "Choose from the list."))
    institution = " ".join(typed.institution.split())
    if len(institution) > 200 or not institution.isprintable():
        raise Invalid("institution", Text("200자 이내로 적어 주십시오.", "At most 200 characters in one line."))
    if not 0 <= typed.yearly_cap <= MOST:
        raise Invalid("yearly_cap", Text(f"0에서 {MOST} 사이로 적어 주십시오.", f"A number from 0 to {MOST}."))
