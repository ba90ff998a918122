"""The desk of interests of one case: what people said beside what the files say, and the judgement on each."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app import clock
from app.authz import on_case, viewer
from app.errors import NotFound
from app.i18n import Label
from app.queries import interest_history, interests
from app.queries.case_page import CasePage
from app.queries.challenges import challenges_of
from app.services.judge_interest import TRIGGERS, judge
from app.web.act_pages import act_page
from app.web.committee.forms import choices
from app.web.committee.pages import Answer, carried_out, open_case
from app.web.interests import blueprint
from app.web.interests.forms import JudgeForm

READERS = ("officer", "clerk", "auditor")
DONE = {
    "excluded": ("제척으로 기록하였습니다. 이 사건은 그 사람에게 더 이상 보이지 않습니다.",
                 "The exclusion is on record; nothing of the case is shown to the person any more."),
    "clear": ("이해충돌이 없음을 확인하였습니다.", "Recorded: no conflict."),
    "unsure": ("판단을 유보하고 다시 신고하도록 요청하였습니다.", "Recorded as unsure; the person is asked to declare again."),
}  # fmt: skip
for trigger in TRIGGERS.values():
    act_page(trigger, "interests.desk")


def _page(number: str) -> CasePage:
    return open_case(number, *READERS)


@blueprint.get("/cases/<number>/interests")
@on_case("person")
def desk(number: str) -> Answer:
    """Everybody who takes part, those first who need a look; with `person`, the evidence on one of them."""
    page = _page(number)
    if request.args.get("person"):
        return _one(page, _asked_for())
    return render_template(
        "interests/desk.html",
        page=page,
        rows=interests.evidence(page.case),
        history=interest_history.of_case(page.case),
        filed=challenges_of(page.case),
        capacities=interest_history.CAPACITIES,
        rules=interests.rules_for(page.case, clock.today()),
        may_decide="decide_challenge" in {o.trigger for o in page.offers if o.allowed and o.mine},
    )


def _asked_for() -> int:
    text = request.args.get("person", "")
    if not text.isdigit() or len(text) > 17:
        raise NotFound
    return int(text)


def _one(page: CasePage, person: int, form: JudgeForm | None = None) -> Answer:
    rows = interests.evidence(page.case)
    row = next((one for one in rows if one.part.user_id == person), None)
    if row is None:
        raise NotFound
    rules = interests.rules_for(page.case, clock.today())
    shown = form or JudgeForm(formdata=None, revision=str(page.case.seq), person=str(person))
    shown.ground.choices = choices(
        ("", Label("선택하십시오", "Choose")), *((key, Label(*one.text)) for key, one in rules.grounds.items())
    )
    place = rows.index(row)
    may = {offer.trigger for offer in page.offers if offer.mine and offer.allowed}
    return render_template(
        "interests/person.html",
        page=page,
        row=row,
        form=shown,
        rules=rules,
        may=bool(may & set(TRIGGERS.values())),
        history=interest_history.of_case(page.case, person),
        capacities=interest_history.CAPACITIES,
        place=place + 1,
        count=len(rows),
        before=rows[place - 1].part.user_id if place else None,
        after=rows[place + 1].part.user_id if place + 1 < len(rows) else None,
    ), (422 if form else 200)


@blueprint.post("/cases/<number>/interests")
@on_case()
def judge_one(number: str) -> Answer | Response:
    """Record the judgement, and on to the next who needs a look."""
    page = _page(number)
    form = JudgeForm()
    form.ground.choices = []
    answer = form.answer.data if form.validate_on_submit() else None
    if answer and carried_out(
        form,
        lambda: judge(
            viewer(),
            number,
            form.person_id,
            answer,
            form.reason.data or "",
            form.ground.data or "",
            form.seen,
            form.once.data or "",
        ),
    ):
        flash(DONE[answer], "success")
        left = [row.part.user_id for row in interests.evidence(page.case) if row.apart]
        return redirect(f"/cases/{number}/interests" + (f"?person={left[0]}" if left else ""), 303)
    return _one(page, form.person_id, form)
