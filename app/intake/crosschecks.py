"""What must agree between answers: amounts that add up, months in order, shares that leave room, a public partner.

Each check is named by the field of the form it belongs to and runs where that field is asked.
"""

from collections.abc import Callable, Mapping
from typing import Any

from workflows import words
from workflows.form_schema import Section
from workflows.text import Text

Answers = Mapping[str, Any]
Faults = dict[str, Text]
LABOUR_PERCENT = 40
PUBLIC = {"central_government", "local_government", "public_institution", "university"}


def crosscheck(section: Section, answers: Answers) -> Faults:
    """The faults between the answers of a section whose single answers are all good."""
    faults: Faults = {}
    for field in section.fields:
        if field.key in CHECKS and field.key in answers:
            faults |= CHECKS[field.key](answers)
    return faults


def _months(answers: Answers) -> Faults:
    if answers.get("start_month", "") <= answers["end_month"]:
        return {}
    return {"end_month": Text("완료 시기가 시작 시기보다 빠릅니다.", "The end is before the start.")}


def _schedule(answers: Answers) -> Faults:
    text = Text("완료 월이 시작 월보다 빠릅니다.", "It ends before it begins.")
    rows = enumerate(answers["schedule"])
    return {f"schedule-{i}-to_month": text for i, row in rows if row["to_month"] < row["from_month"]}


def _costs(answers: Answers) -> Faults:
    """The items add up to the subsidy, and labour is at most 40 % of it."""
    asked = answers.get("amount_requested", 0)
    total = sum(row["amount"] for row in answers["cost_plan"])
    labour = sum(row["amount"] for row in answers["cost_plan"] if row["item"] == "labour")
    if total != asked:
        sum_, wanted, gap = (words.money(amount) for amount in (total, asked, abs(asked - total)))
        more = total > asked
        return {
            "cost_plan": Text(
                f"비목의 합계는 {sum_.ko}으로 신청액 {wanted.ko}보다 {gap.ko} {'많습니다' if more else '적습니다'}.",
                f"The items add up to {sum_.en}: {gap.en} {'more' if more else 'less'} than the {wanted.en} asked for.",
            )
        }
    if labour * 100 > asked * LABOUR_PERCENT:
        most = words.money(asked * LABOUR_PERCENT // 100)
        return {
            "cost_plan": Text(
                f"인건비는 지원금의 {LABOUR_PERCENT}%인 {most.ko}까지 쓸 수 있습니다.",
                f"Labour may be at most {LABOUR_PERCENT} % of the subsidy: {most.en}.",
            )
        }
    return {}


def _shares(answers: Answers) -> Faults:
    total = sum(row["share_percent"] for row in answers["consortium_members"])
    if total < 100:
        return {}
    return {
        "consortium_members": Text(
            f"참여기관의 비중이 모두 {total}%입니다. 주관기관의 몫이 남아야 합니다.",
            f"The members' shares add up to {total} %; something must be left for the lead company.",
        )
    }


def _public_partner(answers: Answers) -> Faults:
    if any(row["type"] in PUBLIC for row in answers["partner_institutions"]):
        return {}
    return {
        "partner_institutions": Text(
            "중앙·지방정부, 공공기관, 대학 가운데 한 곳 이상이 있어야 합니다.",
            "One of them must be a government, a public institution or a university.",
        )
    }


CHECKS: dict[str, Callable[[Answers], Faults]] = {
    "end_month": _months,
    "schedule": _schedule,
    "cost_plan": _costs,
    "consortium_members": _shares,
    "partner_institutions": _public_partner,
}


def over_cap(amount: Any, cap_krw: int | None, refused: bool) -> Text | None:
    """Why an amount asked for is over the cycle's cap per project, where the cycle refuses such proposals."""
    if not refused or cap_krw is None or not isinstance(amount, int) or amount <= cap_krw:
        return None
    cap = words.money(cap_krw)
    return Text(f"이 회차의 사업당 한도는 {cap.ko}입니다.", f"The cap per project of this cycle is {cap.en}.")
