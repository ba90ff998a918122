"""Tell officer and clerk before it happens: a panel under its minimum, an item under its quorum."""

from app.authz import Viewer
from app.models import Case
from app.queries.interest_alarms import alarms_of
from app.services.act import SYSTEM
from app.services.tell import group, tell
from workflows.text import Text

TOLD = {"panel": ("officers",), "quorum": ("clerks", "officers"), "voters": ("clerks", "officers")}
PAGES = {"panel": "evaluation", "quorum": "committee", "voters": "committee"}
SUBJECTS = {
    "panel": Text("평가위원 정원 미달 예상", "The panel is falling under its minimum"),
    "quorum": Text("의사정족수 미달 예상", "The item is falling under its quorum"),
    "voters": Text("표결 가능 위원 부족", "Few are left who may vote"),
}


def warn(case: Case, who: Viewer | None) -> None:
    """One notice for each alarm that stands now. Call inside the act that may have caused it, after its event."""
    for alarm in alarms_of(case):
        people = {person for name in TOLD[alarm.kind] for person in group(name, case)}
        path = f"/cases/{case.number}/{PAGES[alarm.kind]}"
        tell(case, people, SUBJECTS[alarm.kind], alarm.words, path, who or SYSTEM)
