"""Who acts for an organisation: change a role, end a membership. There is always one who may sign."""

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.models import Membership, Organisation
from app.models.organisation import MEMBER_ROLES
from workflows.text import because

DELEGATE = because(
    "not_signatory",
    "구성원 관리는 서명권자만 할 수 있습니다. 실무 담당자는 제안서를 작성할 수 있습니다.",
    "Only a signatory manages members. A delegate may draft proposals.",
)
LAST = because(
    "last_signatory",
    "마지막 서명권자입니다. 먼저 다른 구성원을 서명권자로 정하십시오.",
    "This is the last signatory. Make another member a signatory first.",
)


def managed(who: Viewer, organisation_id: int) -> Organisation:
    """The organisation, locked, if this person manages its members. Call inside a unit of work.

    Raises:
        NotFound: neither a member nor an administrator.
        NotAllowed: a delegate.
    """
    role = dict(who.memberships).get(organisation_id)
    if role is None and not who.has("admin"):
        raise NotFound
    if role == "delegate" and not who.has("admin"):
        raise NotAllowed(DELEGATE)
    found = db.session.get(Organisation, organisation_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def change_member_role(who: Viewer, organisation_id: int, membership_id: int, role: str) -> None:
    """Make a member signatory or delegate.

    Raises:
        NotFound, NotAllowed: see `managed`; NotAllowed also for the last signatory.
    """
    if role not in MEMBER_ROLES:
        raise NotFound
    with unit_of_work():
        managed(who, organisation_id)
        member = _running(organisation_id, membership_id)
        if role != "signatory":
            _keep_one_signatory(member)
        before, member.role = member.role, role
        account = member.user_id
    log.note("member_role", organisation=organisation_id, account=account, before=before, after=role)


def end_membership(who: Viewer, organisation_id: int, membership_id: int) -> int:
    """A person acts for the organisation no longer; the row stays with its end. Whose it was.

    Raises:
        NotFound, NotAllowed: see `managed`; NotAllowed also for the last signatory.
    """
    with unit_of_work():
        managed(who, organisation_id)
        member = _running(organisation_id, membership_id)
        _keep_one_signatory(member)
        member.ended_at = clock.now()
        account = member.user_id
    log.note("member_ended", organisation=organisation_id, account=account)
    return account


def _running(organisation_id: int, membership_id: int) -> Membership:
    found = db.session.get(Membership, membership_id)
    if found is None or found.organisation_id != organisation_id or found.ended_at is not None:
        raise NotFound
    return found


def _keep_one_signatory(leaving: Membership) -> None:
    if leaving.role != "signatory":
        return
    others = sa.select(sa.func.count()).where(
        Membership.organisation_id == leaving.organisation_id,
        Membership.role == "signatory",
        Membership.ended_at.is_(None),
        Membership.id != leaving.id,
    )
    if not db.session.scalar(others):
        raise NotAllowed(LAST)
