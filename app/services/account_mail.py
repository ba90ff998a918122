"""The mails about accounts: rows of the delivery table, written with the act, sent after commit.

Links carry the configured address of this installation, never the host a request asked for.
"""

from datetime import datetime
from typing import Any

from flask import current_app

from app.extensions import db
from app.models import Delivery
from workflows.text import Text

SUBJECTS = {
    "confirm": Text("전자우편 주소를 확인해 주십시오", "Please confirm your e-mail address"),
    "already": Text("이미 등록된 주소입니다", "This address already has an account"),
    "reset": Text("비밀번호를 다시 정하십시오", "Set a new password"),
    "changed": Text("비밀번호가 바뀌었습니다", "Your password was changed"),
    "invite_member": Text("기관 구성원으로 초대합니다", "You are invited to act for an organisation"),
    "invite_role": Text("업무 담당자로 초대합니다", "You are invited to take up a role"),
}


def write(kind: str, address: str, lang: str, now: datetime, user_id: int | None = None, **facts: Any) -> None:
    """One mail of a kind in one language; `link` is a path of ours. Inside a unit of work only."""
    if "link" in facts:
        facts["link"] = current_app.config["BASE_URL"].rstrip("/") + facts["link"]
    template = current_app.jinja_env.get_template(f"email/{kind}.txt")
    body = template.render(t=lambda ko, en: en if lang == "en" else ko, pick=lambda x: x.pick(lang), **facts)
    row = Delivery(
        case_id=None,
        user_id=user_id,
        address=address,
        channel="mail",
        lang=lang,
        subject=f"[K-City] {SUBJECTS[kind].pick(lang)}",
        body=body,
        status="due",
        try_at=now,
        created_at=now,
    )
    db.session.add(row)
