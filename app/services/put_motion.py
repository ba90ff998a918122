"""Put to the committee what it votes on. A motion is never changed; another replaces it in a new round."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import AgendaItem, Case, Motion
from app.queries.sittings import item_of, sitting_of, standing_motion
from app.queries.terms import terms_of
from app.services.act import act_once
from workflows import guards
from workflows.committee_rules import rule_of
from workflows.engine import Actor, Refused
from workflows.text import Text, because

OUTCOMES = ("approve", "approve_with_conditions", "reject", "reserve")


def put_motion(
    who: Viewer,
    number: str,
    outcome: str,
    text: str,
    amount_krw: int | None = None,
    conditions: Sequence[dict[str, str]] = (),
    revision: int | None = None,
    once: str = "",
    secret: bool = False,
    amends: bool = False,
) -> Case:
    """Put a motion: `outcome` one of OUTCOMES; an approval names its amount (KRW, at most the cap).

    `secret`: voted on in secret, where the committee's rule allows it. `amends`: an amendment to the motion that
    stands, in whose place this one would come; it is voted on first.

    `conditions`: rows of article, text, purpose, owner, due (ISO date or empty), wanted exactly for an approval with
    conditions. Raises as `act`; Invalid names the field; Refused for an amount over the cap.
    """
    rows = _conditions(outcome, conditions)
    amount = amount_krw if outcome.startswith("approve") else None
    _check(outcome, text, amount)

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = item_of(case)
        _within_cap(case, amount)
        before = standing_motion(item)
        if before is not None:
            item.round += 1
        motion = Motion(
            case_id=case.id,
            item_id=item.id,
            round=item.round,
            kind="amendment" if amends else "main",
            follows_id=before.id if amends and before else None,
            secret=_secrecy(item, before.secret if amends and before else secret),
            outcome=outcome,
            amount_krw=amount,
            text=text.strip(),
            conditions=rows,
            put_by=who.id,
            put_at=now,
        )
        db.session.add(motion)
        db.session.flush()
        return [motion]

    data = {"outcome": outcome, "amount_krw": amount}
    trigger = "amend_motion" if amends else "put_motion"
    return act_once(who, number, trigger, once, revision=revision, data=data, change=change)


def _secrecy(item: AgendaItem, secret: bool) -> bool:
    """Whether the ballot is secret; Refused where the rule, or the written form, allows none."""
    sitting = sitting_of(item)
    if secret and (sitting.form == "written" or rule_of(sitting.rule).secrecy != "secret_if_moved"):
        words = because(
            "no_secret_vote",
            "의결 규칙상 무기명으로 표결할 수 없습니다.",
            "The committee’s rule allows no secret vote.",
        )
        raise Refused(words)
    return secret


def _check(outcome: str, text: str, amount: int | None) -> None:
    if outcome not in OUTCOMES:
        raise Invalid("outcome", Text("의결안의 종류를 선택해 주십시오.", "Choose what is moved."))
    if outcome.startswith("approve") and (amount is None or amount <= 0):
        raise Invalid("amount", Text("지원금액을 적어 주십시오.", "Give the amount of support."))
    if not text.strip():
        raise Invalid("text", Text("의결 주문을 적어 주십시오.", "Write down what is to be resolved."))


def _within_cap(case: Case, amount: int | None) -> None:
    if amount is None:
        return
    cap = terms_of(case).cap_krw
    over = guards.amount_within_cap({"in_amount_krw": amount, "cap_krw": cap}, Actor(None, frozenset()))
    if over is not None:
        raise Refused(over)


def _conditions(outcome: str, given: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for i, row in enumerate(given):
        if not any(value.strip() for value in row.values() if value):
            continue
        if not row.get("text", "").strip():
            words = Text("조건의 내용을 적어 주십시오.", "Say what the condition is.")
            raise Invalid(f"conditions-{i}-text", words)
        if not (row.get("purpose") or "").strip():
            words = Text(
                "조건을 붙이는 목적을 적어 주십시오. 조건은 처분의 목적과 관련되어야 합니다.",
                "Say what the condition is for: it must serve the purpose of the decision.",
            )
            raise Invalid(f"conditions-{i}-purpose", words)
        due = (row.get("due") or "").strip()
        try:
            due = date.fromisoformat(due).isoformat() if due else ""
        except ValueError as fault:
            words = Text("기한을 연-월-일로 적어 주십시오.", "Write the due date as year-month-day.")
            raise Invalid(f"conditions-{i}-due", words) from fault
        rows.append({"article": row.get("article", "").strip(), "text": row["text"].strip(), "purpose": row["purpose"].strip(),
                     "owner": row.get("owner", "").strip(), "due": due or None})  # fmt: skip
    if outcome == "approve_with_conditions" and not rows:
        raise Invalid("conditions-0-text", Text("조건을 1건 이상 적어 주십시오.", "Write at least one condition."))
    if outcome != "approve_with_conditions" and rows:
        raise Refused(
            because(
                "conditions_unwanted",
                "조건은 ‘조건부 승인’ 의결안에만 붙일 수 있습니다.",
                "Conditions belong only to a motion to approve with conditions.",
            )
        )
    return rows
