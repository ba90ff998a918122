"""Close an account, open it again, or end its sessions. A closed account is out at its next request."""

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.models import User
from app.services import sessions
from app.services.grant_role import must_administer
from workflows.text import because

SELF = because("own_account", "자신의 계정은 정지할 수 없습니다.", "You cannot disable your own account.")


def disable_account(who: Viewer, user_id: int) -> None:
    """No sign-in any more, and every session ends. Roles and memberships stay as they are, for the record.

    Raises:
        NotFound, NotAllowed: not an administrator of all programmes, no such account, or one's own.
    """
    must_administer(who, None)
    if user_id == who.id:
        raise NotAllowed(SELF)
    with unit_of_work():
        user = _locked(user_id)
        now = clock.now()
        user.disabled_at = user.disabled_at or now
        sessions.end_all(user_id, now)
    log.note("account_disabled", account=user_id)


def enable_account(who: Viewer, user_id: int) -> None:
    """Sign-in works again.

    Raises:
        NotFound, NotAllowed: not an administrator of all programmes, or no such account.
    """
    must_administer(who, None)
    with unit_of_work():
        _locked(user_id).disabled_at = None
    log.note("account_enabled", account=user_id)


def end_sessions_of(who: Viewer, user_id: int) -> None:
    """Sign a person out everywhere.

    Raises:
        NotFound, NotAllowed: not an administrator of all programmes, or no such account.
    """
    must_administer(who, None)
    with unit_of_work():
        _locked(user_id)
        count = sessions.end_all(user_id, clock.now())
    log.note("sessions_ended", account=user_id, count=count)


def _locked(user_id: int) -> User:
    found = db.session.get(User, user_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found
