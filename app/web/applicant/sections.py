"""One section of the form: shown, saved, saved by itself, and merged when two people wrote at once."""

from dataclasses import dataclass
from json import JSONDecodeError, dumps, loads
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.authz import on_case, viewer
from app.errors import Invalid, NotFound, Stale
from app.i18n import lang
from app.intake.check import check_section
from app.intake.forms import SectionForm, form_class, mark, show, typed_in
from app.intake.shown import as_lines
from app.models import Case
from app.queries.applications import editable_sections, saved_by
from app.queries.outside import draft_seen_whole
from app.queries.proposal import Draft, draft_of, removed_files
from app.services.attach import attach
from app.services.detach import detach, restore
from app.services.save_section import Saved, save_section
from app.web.applicant import blueprint
from app.web.applicant.applications import my_case
from workflows.form_schema import Section, load_form
from workflows.text import Text

Answer = BaseResponse | str | tuple[str, int]
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Step:
    """Where one is: the section, its neighbours, and how many there are."""

    section: Section
    place: int
    total: int
    before: str | None
    after: str | None


def step_of(draft: Draft, key: str, editable: frozenset[str]) -> Step:
    """The place of a section among those that may be edited."""
    keys = [section.key for section in draft.form.sections if section.key in editable]
    if key not in keys:
        raise NotFound
    i = keys.index(key)
    before = keys[i - 1] if i else None
    return Step(draft.form.section(key), i + 1, len(keys), before, keys[i + 1] if i + 1 < len(keys) else None)


@blueprint.get("/applications/<number>/sections/<key>")
@on_case("check", "rows")
def section(number: str, key: str) -> Answer:
    """A section as it stands; with `check`, also what is still wrong or missing."""
    return _page(my_case(number), key, faulty=request.args.get("check") == "1")


def _page(case: Case, key: str, faulty: bool = False, more: dict[str, Text] | None = None) -> str:
    draft, editable = draft_seen_whole(case), editable_sections(case)
    step = step_of(draft, key, editable)
    stored = draft.sections.get(key)
    form = form_class(case.definition_id, case.form_version, key)(formdata=None)
    form.revision.data = str(stored.revision if stored else 0)
    show(form, step.section, stored.answers if stored else {}, _rows_asked(step.section))
    checked = draft.checked.sections[key]
    faults = {**(checked.faults if faulty else {}), **(more or {})}
    if faulty or more:
        faults |= draft.faults_outside(key)
    slots = [field.key for field in step.section.fields if field.kind == "files"]
    return render_template(
        "applicant/section.html",
        case=case, draft=draft, editable=editable, step=step, form=form, summary=mark(form, faults),
        stored=stored, saver=saved_by(stored), answers=draft.answers, removed=removed_files(case, slots),
    )  # fmt: skip


def _rows_asked(section: Section) -> dict[str, int]:
    """`?rows=partners:3`: how many rows to show of a field, so that adding one needs no script."""
    key, _, count = request.args.get("rows", "").partition(":")
    known = any(field.key == key and field.kind == "rows" for field in section.fields)
    return {key: min(int(count), MOST_ROWS)} if known and count.isdecimal() and count.isascii() else {}


@blueprint.post("/applications/<number>/sections/<key>")
@on_case()
def save(number: str, key: str) -> Answer:
    """Save what was typed, and do what the button says. Nothing typed is ever thrown away."""
    case = my_case(number)
    form, typed, revision = _bound(case, key)
    section = load_form(case.definition_id, case.form_version).section(key)
    _without_removed_row(typed, form)
    try:
        saved = save_section(viewer(), number, key, typed, revision)
    except Stale as stale:
        return _conflict(case, key, stale), 409
    problems = _files(number, section)
    if problems:
        return _page(my_case(number), key, more=problems), 422
    return _onward(case, key, form, saved)


def _bound(case: Case, key: str) -> tuple[SectionForm, dict[str, Any], int]:
    sections = {section.key: section for section in load_form(case.definition_id, case.form_version).sections}
    if key not in sections:
        raise NotFound
    form = form_class(case.definition_id, case.form_version, key)()
    form.validate_on_submit()
    revision = str(form.revision.data or "0")
    return form, typed_in(form, sections[key]), int(revision) if revision.isdecimal() and len(revision) < 10 else -1


def _without_removed_row(typed: dict[str, Any], form: SectionForm) -> None:
    name = request.form.get("remove", "")
    key = name.rpartition("-")[0]
    if isinstance(typed.get(key), list):
        keep = [entry.name != name for entry in form[key].entries]
        typed[key] = [row for row, stays in zip(typed[key], keep, strict=True) if stays]


def _files(number: str, section: Section) -> dict[str, Text]:
    """Attach what was chosen, whichever button was pressed; take away or put back one."""
    problems: dict[str, Text] = {}
    for field in section.fields:
        if field.kind != "files":
            continue
        for file in request.files.getlist(field.key):
            if isinstance(file, FileStorage) and file.filename:
                try:
                    attach(viewer(), number, field.key, file.stream, file.filename)
                except Invalid as fault:
                    problems[field.key] = Text(f"{file.filename}: {fault.text.ko}", f"{file.filename}: {fault.text.en}")
    for name, act in (("detach", detach), ("restore", restore)):
        if request.form.get(name, "").isdecimal():
            act(viewer(), number, int(request.form[name]))
    return problems


def _onward(case: Case, key: str, form: SectionForm, saved: Saved) -> Answer:
    here = {"number": case.number, "key": key}
    if (field := request.form.get("add", "")) in form:
        rows = {"rows": f"{field}:{len(form[field].entries) + 1}"}
        return redirect(url_for("applicant.section", **here, **rows, _anchor=f"{field}-rows"), 303)
    for button in ("remove", "attach", "detach", "restore"):
        if name := request.form.get(button):
            anchor = name.rpartition("-")[0] if button == "remove" else request.form.get("slot") or name
            return redirect(url_for("applicant.section", **here, _anchor=f"{anchor}-rows"), 303)
    if saved.newly_asked:
        flash(("저장하였습니다. 답변에 따라 질문이 더 있습니다.", "Saved. Your answer opens another question."), "info")
        return redirect(url_for("applicant.section", **here, _anchor=saved.newly_asked[0]), 303)
    if "next" not in request.form:
        flash(("저장하였습니다.", "Saved."), "success")
        return redirect(url_for("applicant.section", **here), 303)
    return _next(case, key)


def _next(case: Case, key: str) -> Answer:
    """On to the next section once this one is complete; else it shows what is still open."""
    draft, editable = draft_seen_whole(case), editable_sections(case)
    step = step_of(draft, key, editable)
    if not draft.complete(key):
        return redirect(url_for("applicant.section", number=case.number, key=key, check=1), 303)
    if step.after:
        return redirect(url_for("applicant.section", number=case.number, key=step.after), 303)
    return redirect(url_for(AFTER_LAST[case.state], number=case.number), 303)


AFTER_LAST = {
    "DRAFT": "applicant.check",
    "SUPPLEMENT": "applicant.supplement",
    "CONSULTING": "applicant.check",
}


@blueprint.post("/applications/<number>/sections/<key>/autosave")
@on_case()
def autosave(number: str, key: str) -> Answer:
    """Save while one types. A conflict is answered with the page that shows both texts."""
    case = my_case(number)
    _, typed, revision = _bound(case, key)
    try:
        saved = save_section(viewer(), number, key, typed, revision)
    except Stale as stale:
        return _conflict(case, key, stale), 409
    if "X-Autosave" not in request.headers:
        return redirect(url_for("applicant.section", number=number, key=key), 303)
    response: Response = make_response("", 204)
    response.headers["X-Saved-At"] = f"{clock.seoul(saved.at):%H:%M:%S}"
    response.headers["X-Revision"] = str(saved.revision)
    return response


# Two people at once ---------------------------------------------------------------------------------------


def _conflict(case: Case, key: str, stale: Stale) -> str:
    """Both texts beside each other, field by field, with a choice for each."""
    draft = draft_of(case)
    section = draft.form.section(key)
    yours, theirs = stale.yours or {}, stale.theirs or {}
    differing = [
        (field, as_lines(field, theirs.get(field.key), lang()), as_lines(field, yours.get(field.key), lang()))
        for field in section.fields
        if field.kind != "files" and theirs.get(field.key) != yours.get(field.key)
    ]
    stored = draft.sections.get(key)
    return render_template(
        "applicant/conflict.html",
        case=case, section=section, differing=differing, yours=dumps(yours, ensure_ascii=False),
        revision=stored.revision if stored else 0, saver=saved_by(stored),
    )  # fmt: skip


@blueprint.post("/applications/<number>/sections/<key>/merge")
@on_case()
def merge(number: str, key: str) -> Answer:
    """Store what was chosen of both texts; if somebody saved again, the choice is offered anew."""
    case = my_case(number)
    draft = draft_of(case)
    if key not in {section.key for section in draft.form.sections}:
        raise NotFound
    section = draft.form.section(key)
    stored = draft.sections.get(key)
    yours, theirs = _yours(section), dict(stored.answers) if stored else {}
    merged = {field.key: _picked(field, yours, theirs) for field in section.fields if field.kind != "files"}
    revision = request.form.get("revision", "")
    try:
        save_section(
            viewer(), number, key, merged, int(revision) if revision.isdecimal() and len(revision) < 10 else -1
        )
    except Stale:
        return _conflict(case, key, Stale(yours=yours, theirs=theirs)), 409
    flash(("고르신 대로 저장하였습니다.", "Saved as you chose."), "success")
    return redirect(url_for("applicant.section", number=number, key=key), 303)


def _yours(section: Section) -> dict[str, Any]:
    """What the page carried along of my text, in the shape that answers have."""
    try:
        carried = loads(request.form.get("yours", "{}"))
    except JSONDecodeError:
        raise NotFound from None
    if not isinstance(carried, dict):
        raise NotFound
    shaped = {field.key: _shaped(field.kind, carried.get(field.key)) for field in section.fields}
    return check_section(section, shaped, {}).stored


def _shaped(kind: str, value: Any) -> Any:
    if kind == "rows":
        rows = value if isinstance(value, list) else []
        return [{str(k): _plain(v) for k, v in row.items()} for row in rows[:MOST_ROWS] if isinstance(row, dict)]
    if kind == "choices":
        return [str(item) for item in value] if isinstance(value, list) else []
    if kind == "coordinates":
        return {str(k): _plain(v) for k, v in value.items()} if isinstance(value, dict) else {}
    return value is True if kind == "declaration" else _plain(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def _picked(field: Any, yours: dict[str, Any], theirs: dict[str, Any]) -> Any:
    pick = request.form.get(f"pick-{field.key}", "theirs")
    mine, other = yours.get(field.key), theirs.get(field.key)
    if "mine" in request.form or pick == "yours":
        return mine
    if pick == "both" and mine and other:
        if field.kind == "text":
            return f"{other}\n\n{mine}"
        if field.kind in ("rows", "choices"):
            return [*other, *(item for item in mine if item not in other)]
    return other
