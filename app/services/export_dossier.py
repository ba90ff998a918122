"""Make the dossier of a decided case. Only the signing key is ever written, at its first use; the case stays as it is.

Whoever may export gets all of it: docs/decisions/0009-dossiers-are-for-the-inside.md says why there is no other kind.
"""

import sqlalchemy as sa

from app import clock, log
from app.authz import Standing, Viewer, standing_on
from app.db import unit_of_work
from app.dossier import Dossier, bundle
from app.errors import NotFound
from app.extensions import db
from app.models import Case
from app.queries.cases import case_for
from app.security import throttle
from app.services.signing_keys import signer
from workflows import schema
from workflows.engine import Refused
from workflows.text import because

PER_HOUR = 60
DECIDED = frozenset({"DECIDED", "ANNOUNCED", "CLOSED"})


def exportable(case: Case) -> bool:
    """Whether there is a dossier: the Minister has decided or the case has ended, and nothing in it is sealed still."""
    definition = schema.load(case.definition_id, case.definition_version)
    return case.seq > 0 and (case.state in DECIDED or definition.states[case.state].final)


def may_export(case: Case, standing: Standing) -> bool:
    """Who reads everything of the case anyway, once there is a dossier."""
    return standing.inside and exportable(case)


def export_dossier(who: Viewer, number: str, with_documents: bool = False) -> Dossier:
    """The dossier for `who`. Not inside a unit of work.

    Raises NotFound for who may not have it; Refused before the decision; TooMany for who makes many in an hour;
    ziplayout.TooBig; files.NotStored.
    """
    if not standing_on(who, case_for(who, number)).inside:
        raise NotFound
    with unit_of_work():
        throttle("dossier", str(who.id), PER_HOUR, 60)
    case = case_for(who, number)
    made = _make(case, with_documents)
    log.note("dossier_exported", case=number, by=who.id, documents=with_documents)
    return made


def export_for_operator(number: str, with_documents: bool = False) -> Dossier:
    """The same from the command line. Raises NotFound for no such case, and as `export_dossier`."""
    case = db.session.scalar(sa.select(Case).where(Case.number == number))
    if case is None:
        raise NotFound
    made = _make(case, with_documents)
    log.note("dossier_exported", case=number, by=None, documents=with_documents)
    return made


def _make(case: Case, with_documents: bool) -> Dossier:
    if not exportable(case):
        raise Refused(
            because(
                "not_decided",
                "결정되거나 종결된 사건만 문서철을 만들 수 있습니다.",
                "A dossier is made once the case is decided or has ended.",
            )
        )
    number = case.number
    signs = signer()
    found = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
    return bundle(found, signs, clock.now(), with_documents)
