"""The minutes of a sitting: written, reviewed, signed, corrected, published; and as a file."""

from collections.abc import Callable
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template

from app.authz import Viewer, roles, viewer
from app.documents.minutes import minutes_paper
from app.documents.paper_model import Paper
from app.errors import NotFound
from app.i18n import t, tr
from app.queries import sittings
from app.queries.minutes import STATUS, State, content_of, ruling_of, shown_to, state_of
from app.services.correct_minutes import correct_minutes
from app.services.publish_minutes import PUBLISHERS, publish_minutes
from app.services.review_minutes import REVIEWERS, review_minutes
from app.services.sign_minutes import capacity_of, refusal, sign_minutes
from app.services.write_minutes import save_draft, submit_minutes
from app.web.committee import blueprint
from app.web.committee.forms import choices
from app.web.committee.minutes_forms import (
    CorrectionForm,
    ReviewForm,
    SignForm,
    draft_form,
    publication_form,
    ruled_in,
)
from app.web.committee.pages import Answer, carried_out
from app.web.papers import download
from app.web.proof import proven
from workflows.minutes import parts
from workflows.text import Text

INSIDE = ("clerk", "officer", "auditor")
"""Who reads minutes that are still being written."""


def _state(number: int, only: str | None = None) -> State:
    return state_of(sittings.sitting_for(viewer(), number, only=only))


def _paper(who: Viewer, state: State) -> Paper | None:
    """The paper as this person may read it; None while it is being written and he has no part in that."""
    held = state.sitting.roll_called_at is not None or state.sitting.form == "written"
    inside = any(who.has(role, state.sitting.programme) for role in INSIDE)
    if not held or (state.writing and not inside):
        return None
    content = content_of(state)
    return minutes_paper(content, shown_to(who, state, content))


@blueprint.get("/sittings/<int:number>/minutes")
@roles(*sittings.READERS)
def minutes(number: int) -> Answer:
    """Where the minutes stand, what is this person's to do, and the minutes themselves."""
    return _page(number)


def _page(number: int, form: Any = None) -> Answer:
    who, state = viewer(), _state(number)
    capacity = capacity_of(who, state.sitting)
    programme = state.sitting.programme
    reviews = any(who.has(role, programme) for role in REVIEWERS)
    page = render_template(
        "committee/minutes.html",
        state=state,
        status=STATUS[state.status],
        steps=steps_of(state),
        paper=_paper(who, state),
        clerk=who.has("clerk", programme),
        capacity=capacity,
        signable=[
            correction
            for correction in (0, *(row.number for row in state.corrections))
            if capacity and refusal(state, who, capacity, correction) is None
        ],
        may_review=reviews and state.status == "submitted" and state.version and state.version.made_by != who.id,
        may_publish=any(who.has(role, programme) for role in PUBLISHERS) and state.complete(),
        form=form or ReviewForm(formdata=None),
        review=form if isinstance(form, ReviewForm) else ReviewForm(formdata=None),
    )
    return page, 422 if form is not None else 200


@blueprint.get("/sittings/<int:number>/minutes.<kind>")
@roles(*sittings.READERS)
def minutes_file(number: int, kind: str) -> FlaskResponse:
    """The minutes as PDF, HWPX or XLSX, as far as this person may read them."""
    paper = _paper(viewer(), _state(number))
    if paper is None:
        raise NotFound
    return download(paper, kind)


@blueprint.route("/sittings/<int:number>/minutes/edit", methods=["GET", "POST"])
@roles("clerk")
def edit_minutes(number: int) -> Answer:
    """What the clerk writes: who sat in, and the gist of each item."""
    who, state = viewer(), _state(number, "clerk")
    items = sittings.agenda_of(who, state.sitting)
    form = draft_form([row.item.id for row in items], _stored(state))

    def save() -> None:
        save_draft(
            who,
            number,
            {"ko": form.observers_ko.data or "", "en": form.observers_en.data or ""},
            {
                row.item.id: {lang: form[f"gist_{row.item.id}_{lang}"].data or "" for lang in ("ko", "en")}
                for row in items
            },
            int(form.revision.data) if str(form.revision.data or "").isdigit() else -1,
        )

    if form.validate_on_submit() and carried_out(form, save):
        flash(("회의록 초안을 저장하였습니다.", "The draft is saved."), "success")
        return redirect(f"/sittings/{number}/minutes", 303)
    page = render_template("committee/minutes_edit.html", state=state, form=form, items=items)
    return page, 422 if form.errors else 200


def _stored(state: State) -> dict[str, Any]:
    draft = state.draft
    found: dict[str, Any] = {"revision": str(draft.revision if draft else 0)}
    if draft is not None:
        found |= {f"observers_{lang}": words for lang, words in draft.observers.items()}
        for item_id, gist in draft.gists.items():
            found |= {f"gist_{item_id}_{lang}": words for lang, words in gist.items()}
    return found


def _done(number: int, form: Any, step: Callable[[], object], ko: str, en: str) -> Answer:
    """Carry one act of the page out, or show the page again with what is wrong."""
    if form.validate_on_submit() and carried_out(form, step):
        flash((ko, en), "success")
        return redirect(f"/sittings/{number}/minutes", 303)
    return _page(number, form)


@blueprint.post("/sittings/<int:number>/minutes/submit")
@roles("clerk")
def send_minutes(number: int) -> Answer:
    """Freeze them and put them to review."""
    return _done(
        number,
        SignForm(),
        lambda: submit_minutes(viewer(), number),
        "회의록을 검토에 부쳤습니다.",
        "The minutes are put to review.",
    )


@blueprint.post("/sittings/<int:number>/minutes/review")
@roles(*REVIEWERS)
def check_minutes(number: int) -> Answer:
    """Found right, or sent back."""
    form = ReviewForm()
    return _done(
        number,
        form,
        lambda: review_minutes(viewer(), number, form.verdict.data == "pass", form.reason.data or ""),
        "검토 결과를 기록하였습니다.",
        "The review is recorded.",
    )


@blueprint.post("/sittings/<int:number>/minutes/sign")
@roles("clerk", "member")
@proven
def put_signature(number: int) -> Answer:
    """Sign the minutes or a correction."""
    form = SignForm()
    text = form.correction.data or "0"
    if not text.isdigit():
        raise NotFound
    return _done(number, form, lambda: sign_minutes(viewer(), number, int(text)), "서명하였습니다.", "Signed.")


@blueprint.route("/sittings/<int:number>/minutes/correct", methods=["GET", "POST"])
@roles("clerk")
def add_correction(number: int) -> Answer:
    """An addition to signed minutes."""
    who, state = viewer(), _state(number, "clerk")
    if not state.complete():
        raise NotFound
    content = content_of(state)
    hidden = shown_to(who, state, content).hidden
    form = CorrectionForm()
    open_parts = [(part.key, tr(part.name)) for part in parts(content) if part.key not in hidden]
    form.part.choices = choices(("", t("선택하십시오", "Choose")), *open_parts)
    if form.validate_on_submit() and carried_out(
        form,
        lambda: correct_minutes(
            who, number, form.part.data or "", form.text_ko.data or "", form.text_en.data or "", form.reason.data or ""
        ),
    ):
        flash(
            ("정정을 추가하였습니다. 위원장과 간사의 서명이 필요합니다.", "Added; chair and clerk sign it."), "success"
        )
        return redirect(f"/sittings/{number}/minutes", 303)
    page = render_template("committee/minutes_correct.html", state=state, form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/sittings/<int:number>/minutes/publish", methods=["GET", "POST"])
@roles(*PUBLISHERS)
def publication(number: int) -> Answer:
    """A ruling for each part."""
    who, state = viewer(), _state(number)
    if not state.complete() or not any(who.has(role, state.sitting.programme) for role in PUBLISHERS):
        raise NotFound
    found = parts(content_of(state))
    form = publication_form(found, {part.key: ruling_of(state, part.key) for part in found})
    if form.validate_on_submit() and carried_out(form, lambda: publish_minutes(who, number, ruled_in(form, found))):
        flash(("회의록을 공개하였습니다.", "The minutes are published."), "success")
        return redirect(f"/sittings/{number}/minutes", 303)
    page = render_template("committee/minutes_publish.html", state=state, form=form, parts=found)
    return page, 422 if form.errors else 200


STEPS = (
    ("draft", Text("초안", "Draft")),
    ("review", Text("검토", "Review")),
    ("signature", Text("서명", "Signatures")),
    ("publication", Text("공개", "Publication")),
)
REACHED = {"none": 0, "draft": 0, "returned": 0, "submitted": 1, "reviewed": 2, "signed": 3, "published": 4}


def steps_of(state: State) -> list[tuple[Text, str]]:
    """The way of the minutes and how far they have come."""
    at = REACHED[state.status]
    return [
        (words, "done" if place < at else "current" if place == at else "todo")
        for place, (_, words) in enumerate(STEPS)
    ]
