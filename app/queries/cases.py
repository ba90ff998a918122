"""Loading one case. What this person may not know of is not found, for him exactly as for a stranger."""

import sqlalchemy as sa

from app.authz import Viewer, visible
from app.errors import NotFound
from app.extensions import db
from app.models import Case


def case_for(who: Viewer, number: str, lock: bool = False) -> Case:
    """The case `number`, if `who` may know of it; with `lock`, held until the unit of work ends.

    Raises:
        NotFound: it does not exist, or this person may not know that it does.
    """
    query = sa.select(Case).where(Case.number == number, visible(who))
    if lock:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    case = db.session.scalar(query)
    if case is None:
        raise NotFound
    return case
