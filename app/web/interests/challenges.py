"""Challenges: the applicant files one, the clerk records what the committee decided on it."""

from flask import flash, redirect, render_template

from app import clock
from app.authz import on_case, viewer
from app.errors import Invalid, NotFound
from app.i18n import Label, t, tr
from app.queries.case_page import case_page
from app.queries.cases import case_for
from app.queries.challenges import LISTS, challenges_of, committee_rule, may_be_challenged, seats_filled
from app.queries.interests import programme_of, rules_for
from app.services.challenge import challenge, decide_challenge
from app.web.act_pages import act_page
from app.web.committee.forms import choices
from app.web.committee.pages import Answer, act_page_of, carried_out
from app.web.interests import blueprint
from app.web.interests.forms import ChallengeForm, RulingForm
from workflows.text import Text

act_page("challenge", "interests.file_challenge")
act_page("decide_challenge", "interests.rule")


@blueprint.route("/cases/<number>/challenge", methods=["GET", "POST"])
@on_case()
def file_challenge(number: str) -> Answer:
    """Name a person of the published list, say why; below, what was filed and what was decided."""
    who = viewer()
    page = case_page(who, case_for(who, number))
    if not page.standing.applicant or page.case.received_at is None:
        raise NotFound
    offer = next((one for one in page.offers if one.trigger == "challenge" and one.mine), None)
    form = ChallengeForm()
    form.person.choices = _people(programme_of(page.case))
    if form.is_submitted() and (
        form.validate_on_submit()
        and carried_out(
            form,
            lambda: challenge(
                who,
                number,
                form.person.data or 0,
                form.reason.data or "",
                form.evidence.data or "",
                form.once.data or "",
            ),
        )
    ):
        flash(("기피신청이 접수되었습니다.", "Your challenge is filed."), "success")
        return redirect(f"/cases/{number}/challenge", 303)
    return render_template(
        "interests/challenge.html",
        page=page,
        form=form,
        offer=offer,
        filed=challenges_of(page.case),
        way=rules_for(page.case, clock.today()).ways.challenge,
    ), (422 if form.is_submitted() else 200)


def _people(programme: str) -> dict[str, list[tuple[int, str]]]:
    grouped: dict[str, list[tuple[int, str]]] = {"": [(0, f"– {t('선택하십시오', 'Choose')} –")]}
    for person, name, kind in may_be_challenged(programme):
        grouped.setdefault(tr(LISTS[kind]), []).append((person, tr(name)))
    return grouped


@blueprint.route("/cases/<number>/challenge/decide", methods=["GET", "POST"])
@on_case()
def rule(number: str) -> Answer:
    """Record the committee's decision with its counts; the verdict follows from the rule in force."""
    who = viewer()
    form = RulingForm()
    case = case_for(who, number)
    programme = programme_of(case)
    waiting = [one for one in challenges_of(case) if one.ruling is None]
    form.challenge.choices = choices(
        (0, Label("선택하십시오", "Choose")), *((one.challenge.id, tr(one.name)) for one in waiting)
    )

    def step(sent: RulingForm) -> None:
        decide_challenge(
            who,
            number,
            sent.challenge.data or 0,
            present=_count(sent, "present"),
            yes=_count(sent, "yes"),
            no=_count(sent, "no"),
            abstain=_count(sent, "abstain"),
            reason=sent.reason.data or "",
            decided_on=sent.decided_on.data,
            revision=sent.seen,
            once=sent.once.data or "",
        )

    held = committee_rule(programme, clock.today())
    return act_page_of(
        number,
        "decide_challenge",
        form,
        step,
        tab="interests",
        template="interests/rule.html",
        waiting=waiting,
        held=held,
        seats=seats_filled(programme),
        intro=Text(
            "대상 위원은 이 의결에 참여하지 않으며 출석위원에도 넣지 않습니다. 가부동수이면 기각됩니다.",
            "The member challenged takes no part and is not among those present. A tie dismisses.",
        ),
    )


def _count(form: RulingForm, name: str) -> int:
    value = form._fields[name].data
    if value is None:
        raise Invalid(name, Text("숫자로 적어 주십시오.", "Write a whole number."))
    return int(value)
