"""Programmes and cycles: what each says, who changed it when and why, and a new edit."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import clock
from app.authz import roles, viewer
from app.errors import Invalid, Stale
from app.i18n import day, krw, number, t, tr
from app.queries import programmes as reading
from app.queries.programmes import Term
from app.services.edit_cycle import edit_cycle
from app.web.account.entry import Page, form_page
from app.web.account.forms import blame
from app.web.admin import blueprint
from app.web.admin.forms import UNITS, cycle_form
from workflows import schema

GROUPS = (
    (("opens", "closes", "always_open", "cut_off", "decision_month"), ("접수", "Reception")),
    (
        ("cap_krw", "envelope_krw", "planned_awards", "matching_rule", "regime"),
        ("예산과 법령", "Money and law"),
    ),
    (("weight_",), ("평가 배점", "Weights of the criteria")),
    (("set_",), ("절차", "Procedure")),
    (("clock_",), ("처리기간", "Clocks")),
    (("samples",), ("견본 표시", "What is a sample")),
)


def shown(term: Term, value: Any) -> str:
    """A value of a term in the reader's words."""
    if value is None or value == "" or value == []:
        return t("정하지 않음", "Not set")
    if term.kind == "flag":
        return t("예", "Yes") if value else t("아니요", "No")
    if term.kind == "samples":
        return ", ".join(tr(reading.SAMPLE_WORDS.get(key, key)) for key in value)
    plain = {
        "day": lambda: day(date.fromisoformat(value)),
        "krw": lambda: krw(value),
        "matching": lambda: tr(reading.MATCHING_WORDS[value]),
        "regime": lambda: tr(reading.REGIME_WORDS[value]),
    }
    if term.kind in plain:
        return plain[term.kind]()
    unit = {"days": t("일", " days"), "points": t("점", " points")}.get(term.kind, "")
    return f"{number(value)}{unit}" if isinstance(value, int) else str(value)


def grouped(terms: list[Term]) -> list[tuple[tuple[str, str], list[Term]]]:
    """The terms under their headings."""
    found = []
    for keys, heading in GROUPS:
        mine = [x for x in terms if x.key in keys or (keys[0].endswith("_") and x.key.startswith(keys[0]))]
        if mine:
            found.append((heading, mine))
    return found


def title_of(cycle: Any) -> tuple[str, str]:
    """The cycle's name in both languages."""
    kind = schema.newest(cycle.definition_id).label
    return f"{kind.ko} {cycle.fiscal_year}년도", f"{kind.en} {cycle.fiscal_year}"


@blueprint.get("/admin/cycles")
@roles("admin")
def cycles() -> str:
    """Every cycle of every programme."""
    return render_template("admin/cycles.html", rows=reading.cycles(viewer()), title_of=title_of, day_of=clock.day_of)


@blueprint.route("/admin/cycles/<int:cycle_id>", methods=["GET", "POST"])
@roles("admin")
def cycle(cycle_id: int) -> Page | Response:
    """Read and edit the terms of a cycle."""
    who = viewer()
    found, programme, envelope = reading.cycle_for(who, cycle_id)
    content = reading.content_now(found, envelope)
    terms = reading.terms(content, programme.key)
    stored = reading.values(content) | {"revision": found.revision}
    dates = {x.key: date.fromisoformat(stored[x.key]) for x in terms if x.kind == "day" and stored[x.key]}
    form = cycle_form(terms)(data={**stored, **dates})
    if form.validate_on_submit():
        try:
            edit_cycle(who, cycle_id, form.revision.data, _typed(terms, form), form.reason.data)
            flash(("저장하였습니다. 변경 이력에 남겼습니다.", "Saved and kept in the history."), "success")
            return redirect(url_for("admin.cycle", cycle_id=cycle_id), 303)
        except Stale as stale:
            return _conflict(cycle_id, terms, stale, form.reason.data)
        except Invalid as fault:
            blame(form, fault)
    return form_page(
        "admin/cycle.html",
        form,
        cycle=found,
        programme=programme,
        envelope=envelope,
        title=title_of(found),
        groups=grouped(terms),
        units=UNITS,
        shown=shown,
        note=reading.both(content["settings"].get("note") or ("", "")),
        source=content["settings"].get("source"),
        revisions=reading.revisions(who, cycle_id, programme.key),
    )


def _typed(terms: list[Term], form: Any) -> dict[str, Any]:
    """What was typed, as plain values."""
    typed = {}
    for term in terms:
        value = form[term.key].data
        typed[term.key] = value.isoformat() if isinstance(value, date) else value
        if term.kind == "samples":
            typed[term.key] = sorted(value or ())
    return typed


def _conflict(cycle_id: int, terms: list[Term], stale: Stale, reason: str) -> tuple[str, int]:
    """Both texts beside each other, in words."""
    by_key = {term.key: term for term in terms}

    def words(values: dict[str, Any] | None) -> dict[str, str]:
        return {tr(by_key[key].label): shown(by_key[key], value) for key, value in (values or {}).items()}

    yours = {**words(stale.yours), t("변경 사유", "Reason of the change"): reason}
    back = url_for("admin.cycle", cycle_id=cycle_id)
    return render_template("errors/409.html", yours=yours, theirs=words(stale.theirs), back_url=back), 409
