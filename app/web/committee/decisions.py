"""The Minister's decision and the money behind it."""

from typing import Any

from flask import flash, redirect, render_template

from app.authz import on_case, viewer
from app.i18n import Label, t, tr
from app.queries import decisions
from app.queries.case_page import CasePage
from app.services.decide import approve, reject
from app.services.reserve import reserve
from app.web.act_pages import act_page
from app.web.committee import blueprint
from app.web.committee.forms import DecideForm, choices
from app.web.committee.pages import Answer, acts, carried_out, open_case, refused
from app.web.committee.room import OUTCOMES
from app.web.proof import proven
from workflows import words
from workflows.engine import Refused, refusal
from workflows.facts import FACTS
from workflows.text import Text, because

TRIGGERS = ("approve", "reject", "reserve", "approve_reserved")
for trigger in TRIGGERS:
    act_page(trigger, "committee.decide")


@blueprint.get("/cases/<number>/money")
@on_case()
def money_tab(number: str) -> str:
    """Decision and money: the inside always, everybody else on the case once announced."""
    page = open_case(number)
    sees = page.sees_outcome
    decision, *earlier = (decisions.decisions_of(page.case) if sees else []) or [None]
    return render_template(
        "committee/money.html",
        page=page,
        money=decisions.money_of(page.case),
        resolution=decisions.resolution_of(page.case) if sees else None,
        decision=decision,
        earlier=earlier if sees else [],
        outcomes=OUTCOMES,
        actions=acts(page, *TRIGGERS, "lapse"),
    )


@blueprint.get("/cases/<number>/decide")
@on_case()
def decide(number: str) -> Answer:
    """Resolution, money and the form; nothing preselected."""
    page = open_case(number, "minister")
    form = DecideForm(revision=str(page.case.seq))
    return _page(page, form)


@blueprint.post("/cases/<number>/decide")
@on_case()
@proven
def take_decision(number: str) -> Answer:
    """First what is decided, in numbers and names; then, confirmed, the decision itself."""
    form = DecideForm()
    form.outcome.choices = _outcomes("RESOLVED")
    confirmed = form.confirmed.data == "yes"
    if not form.validate_on_submit() or not carried_out(form, lambda: _decide(number, form, confirmed)):
        return _page(open_case(number, "minister"), form), 422
    if not confirmed:
        page = open_case(number, "minister")
        return _page(page, form, _sentence(page, form))
    flash(("결정하였습니다.", "The decision is on record."), "success")
    return redirect(f"/cases/{number}/money", 303)


def _decide(number: str, form: DecideForm, confirmed: bool) -> None:
    """Carry the decision out, or (not yet confirmed) only ask whether it could be."""
    who, amount, reason = viewer(), form.amount.data or 0, form.reason.data or ""
    once = form.once.data or ""
    if not confirmed:
        _ask(number, form)
    elif form.outcome.data == "approve":
        approve(who, number, amount, reason, form.seen, once)
    elif form.outcome.data == "approve_reserved":
        approve(who, number, amount, reason, form.seen, once, from_reserve=True)
    elif form.outcome.data == "reject":
        reject(who, number, reason, form.seen, once)
    else:
        reserve(who, number, form.rank.data or 0, reason, form.seen)


def _ask(number: str, form: DecideForm) -> None:
    """Whether the guards would let it pass, before anything is confirmed. Raises Refused with the reason."""
    page = open_case(number, "minister")
    trigger = form.outcome.data
    transition = page.definition.find(page.case.state, trigger)
    if transition is None:
        reason = refused(page, trigger)
        raise Refused(reason or because("not_now", "처리할 수 없습니다.", "Not possible now."))
    from app.queries.facts import CaseFacts

    inputs: dict[str, Any] = {
        "in_outcome": "approve" if trigger.startswith("approve") else "reject",
        "in_amount_krw": form.amount.data or 0,
        "in_reason": form.reason.data or "",
        "in_reserve_rank_taken": False,
    }
    assert set(inputs) <= set(FACTS)
    who = viewer()
    no = refusal(transition, CaseFacts(page.case, who, inputs), page.standing.actor(who))
    if no is None and trigger == "reserve" and (form.rank.data or 0) < 1:
        no = because("no_rank", "예비 순위를 1 이상으로 적어 주십시오.", "Give a reserve rank of 1 or more.")
    if no is not None:
        raise Refused(no)


def _sentence(page: CasePage, form: DecideForm) -> Text:
    """What the decision will do, in numbers and names."""
    title = page.case.title_ko or page.case.title_en, page.case.title_en or page.case.title_ko
    if form.outcome.data.startswith("approve"):
        amount = words.money(form.amount.data)
        left = words.money(decisions.money_of(page.case).left_krw - form.amount.data)
        return Text(
            f"‘{title[0]}’에 {amount.ko}을 지원하기로 결정합니다. 이 회차의 예산 잔액은 {left.ko}이 됩니다.",
            f"“{title[1]}” is approved with {amount.en}. {left.en} of the cycle's envelope will be left.",
        )
    if form.outcome.data == "reserve":
        return Text(
            f"‘{title[0]}’을(를) 예비 {form.rank.data}순위로 둡니다.",
            f"“{title[1]}” is put on the reserve list, rank {form.rank.data}.",
        )
    return Text(
        f"‘{title[0]}’을(를) 선정하지 않기로 결정합니다. 사유와 불복 절차가 통지서에 실립니다.",
        f"“{title[1]}” is rejected. The letter carries the reasons and the ways to contest it.",
    )


def _outcomes(state: str) -> list[Any]:
    words_of = {
        "approve": Label("승인", "Approve"),
        "reject": Label("불승인", "Reject"),
        "reserve": Label("예비 순위 지정", "Put on the reserve list"),
        "approve_reserved": Label("예비 사업 승인", "Approve from the reserve"),
    }
    return choices(*words_of.items())


def _page(page: CasePage, form: DecideForm, confirm: Text | None = None) -> str:
    here = [trigger for trigger in TRIGGERS if page.definition.find(page.case.state, trigger)]
    form.outcome.choices = [choice for choice in _outcomes(page.case.state) if choice.value in here]
    blocked = None if here else refused(page, "approve")
    resolution = decisions.resolution_of(page.case)
    return render_template(
        "committee/decide.html",
        page=page,
        form=form,
        confirm=confirm,
        blocked=blocked,
        resolution=resolution,
        conditions=decisions.conditions_of(resolution),
        money=decisions.money_of(page.case),
        rank=decisions.free_rank(page.case),
        outcomes=OUTCOMES,
        offers=acts(page, *TRIGGERS),
        tr_text=tr,
        t_text=t,
    )
