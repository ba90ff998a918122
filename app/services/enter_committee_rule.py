"""Enter a new dated version of a committee's rule. Versions are never changed; sittings keep the one they froze."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import CommitteeRule
from app.services.grant_role import must_administer
from workflows.bad_input import BadInput
from workflows.committee_rules import KEYS, SETTING, rule_of, shipped_for
from workflows.text import Text


def enter_committee_rule(
    who: Viewer,
    programme: str,
    in_force_on: date,
    rule: Mapping[str, Any],
    basis: Mapping[str, Mapping[str, str]],
    reason: str,
) -> int:
    """Store the version; its number. `basis`: key -> article ("setting" where the law is silent), ko and en.

    Raises:
        NotFound, NotAllowed: not an administrator of this programme.
        Invalid: names the key that cannot be so, or a day that has passed, or no reason.
    """
    must_administer(who, programme)
    try:
        checked = rule_of(rule)
    except BadInput as fault:
        raise Invalid(fault.field.split(".")[0] or "rule", fault.text) from fault
    if in_force_on < clock.today():
        words = Text("지난 날부터 시행할 수 없습니다.", "It cannot come into force on a day that has passed.")
        raise Invalid("in_force_on", words)
    if not reason.strip():
        raise Invalid("reason", Text("개정 사유를 적어 주십시오.", "Say why it is changed."))
    told = {key: _basis(basis.get(key) or {}) for key in KEYS}
    with unit_of_work():
        number = add_version(programme, in_force_on, checked.model_dump(mode="json"), told, reason.strip(), who.id)
    log.note("committee_rule", programme=programme, number=number)
    return number


def _basis(given: Mapping[str, str]) -> dict[str, str]:
    ko, en = (given.get("ko") or "").strip(), (given.get("en") or "").strip()
    return {"article": (given.get("article") or "").strip() or SETTING, "ko": ko or en, "en": en or ko}


def add_shipped_rule(programme: str) -> None:
    """The rule the programme ships with, where it has none yet. Call inside a unit of work."""
    shipped = shipped_for(programme)
    query = sa.select(CommitteeRule.id).where(CommitteeRule.programme == programme).limit(1)
    if shipped is None or db.session.scalar(query) is not None:
        return
    basis = {key: one.model_dump(mode="json") for key, one in shipped.basis.items()}
    add_version(programme, shipped.in_force_on, shipped.rule.model_dump(mode="json"), basis, "", None)


def add_version(
    programme: str, day: date, rule: dict[str, Any], basis: dict[str, Any], reason: str, entered_by: int | None
) -> int:
    """The next version; its number. Two at one moment meet the unique number, and one is refused."""
    query = sa.select(sa.func.max(CommitteeRule.number)).where(CommitteeRule.programme == programme)
    number = (db.session.scalar(query) or 0) + 1
    db.session.add(
        CommitteeRule(
            programme=programme,
            number=number,
            in_force_on=day,
            rule=rule,
            basis=basis,
            reason=reason,
            entered_by=entered_by,
            entered_at=clock.now(),
        )
    )
    db.session.flush()
    return number
