"""A05: the consultant declares his interests before the file opens (이해충돌방지법 제5조). A conflict shuts it."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Declaration
from app.services.act import act_once
from app.services.tell import group, tell
from workflows.text import Text


def declare_consulting(who: Viewer, number: str, answer: str, ground: str, *, once: str | None = None) -> None:
    """Declare "none" or "conflict" (with its ground). The officer is told either way.

    Raises:
        Invalid: neither, or a conflict without its ground.
    """
    if answer not in ("none", "conflict"):
        raise Invalid("answer", Text("이해관계 여부를 선택해 주십시오.", "Choose one of the two."))
    if answer == "conflict" and not ground.strip():
        raise Invalid("ground", Text("이해충돌의 내용을 적어 주십시오.", "Say what the conflict is."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        mine = (Declaration.case_id == case.id, Declaration.user_id == who.id, Declaration.capacity == "consultant")
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Declaration).where(*mine)) or 0
        said = Declaration(
            case_id=case.id,
            user_id=who.id,
            capacity="consultant",
            number=before + 1,
            answer=answer,
            ground=ground,
            declared_at=now,
        )
        db.session.add(said)
        db.session.flush()
        return [said]

    data = {"answer": answer, "ground": ground}
    act_once(
        who, number, "declare_consulting", once=once, data=data, change=change, after=lambda c: _tell(c, answer, who)
    )


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
