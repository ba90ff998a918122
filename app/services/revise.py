"""K12: submit a revised version while consulting goes on. The version evaluated later is the last one made here."""

from datetime import datetime
from typing import Any

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.models import Case
from app.queries.applications import own_case
from app.queries.proposal import draft_of, latest_version
from app.services.act import act_on
from app.services.ask_anew import parties_changed
from app.services.freeze import freeze
from app.services.once import earlier_result, remember
from workflows.engine import Refused
from workflows.text import because


def revise(who: Viewer, number: str, note: str, revision: int | None, once: str) -> None:
    """Make the sections as they stand a new version; `note` says what was changed. Pressed twice, it is made once.

    Raises:
        NotFound: not a case of this person's organisation.
        Stale: the case moved on in the meantime.
        Refused: nothing was changed, a section is not complete, or a delegate pressed.
    """
    with unit_of_work():
        case = own_case(who, number, lock=True)
        if earlier_result(who, once, f"{number}:{note}"):
            return
        draft, before = draft_of(case), latest_version(case)
        files = [(file.slot, file.sha256) for file in draft.files]
        if before and before.answers == draft.answers and files == [(f["slot"], f["sha256"]) for f in before.files]:
            raise Refused(
                because("nothing_changed", "바뀐 내용이 없습니다.", "Nothing has been changed since the last version.")
            )
        data: dict[str, Any] = {"text": note} if note else {}

        def change(case: Case, now: datetime) -> list[Sealed]:
            version = freeze(case, draft, who, now, "revision")
            data["version"] = version.number
            return [version]

        parties_changed(act_on(who, case, "revise", revision=revision, data=data, change=change, draft=draft))
        remember(who, once, f"{number}:{note}", number)
