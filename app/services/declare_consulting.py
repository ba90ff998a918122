"""A05: the consultant declares his interests before the file opens (이해충돌방지법 제5조). A conflict shuts it."""

from collections.abc import Sequence

from app.authz import Viewer
from app.models import Case
from app.services.declare_interest import declare
from app.services.tell import group, tell
from workflows.text import Text


def declare_consulting(
    who: Viewer, number: str, answer: str, ground: str, *, once: str | None = None, grounds: Sequence[str] = ()
) -> None:
    """Declare "none" or "conflict" (with its ground). The officer is told either way. Raises as `declare`."""
    declare(who, number, "consultant", answer, ground, once or "", grounds, after=lambda c: _tell(c, answer, who))


def _tell(case: Case, answer: str, who: Viewer) -> None:
    clear = Text(
        "자문가가 이해충돌이 없다고 신고하였습니다. 컨설팅을 시작하실 수 있습니다.",
        "The consultant declared no conflict; consulting can begin.",
    )
    conflict = Text(
        "자문가가 이해충돌을 신고하여 사건 열람이 차단되었습니다. 다른 자문가를 지정하십시오.",
        "The consultant declared a conflict and the file is closed to him; assign another.",
    )
    subject = Text("자문가 이해관계 신고", "Consultant's declaration")
    body = conflict if answer == "conflict" else clear
    tell(case, group("officers", case), subject, body, f"/cases/{case.number}/consulting", who)
