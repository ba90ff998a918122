"""Edit a cycle. Every edit is a revision with who, when and why; cases keep the one they were made under.

The envelope never falls below what has been committed from it, whoever asks.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound, Stale
from app.extensions import db
from app.models import Cycle, CycleRevision, Envelope, Programme
from app.queries.programmes import content_now, differences, values
from app.services.grant_role import must_administer
from app.services.load_programme import end_of, start_of
from workflows import words
from workflows.text import Text

UNCHANGED = Text("바뀐 내용이 없습니다.", "Nothing was changed.")
UNREASONED = Text("변경 사유를 적어 주십시오.", "Say why it is changed.")
NEVER_CLOSES = Text(
    "상시 접수에는 마감일이 없습니다. 회차 기준일을 정하십시오.",
    "What is always open does not close; set a cut-off instead.",
)
NEEDS_CLOSE = Text("마감일을 적거나 상시 접수로 정하십시오.", "Set the closing date, or make it always open.")
BACKWARDS = Text("시작일보다 앞설 수 없습니다.", "This is before the opening date.")
KEEPS_ENVELOPE = Text("한번 정한 총예산은 비울 수 없습니다.", "An envelope once set cannot be removed.")


def edit_cycle(who: Viewer, cycle_id: int, revision: int, new: Mapping[str, Any], reason: str) -> int:
    """Store the terms `new` (keys of `queries.programmes.values`; others stay); the new revision's number.

    Raises:
        NotFound, NotAllowed: not an administrator of this programme.
        Stale: somebody else saved since; carries both texts as {key: value}.
        Invalid: names the field that cannot be so.
    """
    if not reason.strip():
        raise Invalid("reason", UNREASONED)
    with unit_of_work():
        cycle = db.session.get(Cycle, cycle_id, with_for_update=True)
        if cycle is None:
            raise NotFound
        programme = db.session.get_one(Programme, cycle.programme_id).key
        must_administer(who, programme)
        envelope = db.session.get(Envelope, cycle_id, with_for_update=True)
        before = content_now(cycle, envelope)
        if cycle.revision != revision:
            raise _stale(values(before), new)
        terms = {**values(before), **new}
        _check(terms, cycle, envelope)
        _write(cycle, terms)
        envelope = _write_envelope(cycle, envelope, terms)
        if not differences(before, content_now(cycle, envelope), programme):
            raise Invalid("reason", UNCHANGED)
        cycle.revision = revision + 1
        row = CycleRevision(
            cycle_id=cycle_id,
            revision=cycle.revision,
            content=content_now(cycle, envelope),
            reason=reason.strip(),
            changed_by=who.id,
            changed_at=clock.now(),
        )
        db.session.add(row)
        number = cycle.revision
    log.note("cycle_edited", cycle=cycle_id, revision=number)
    return number


def _stale(stored: Mapping[str, Any], new: Mapping[str, Any]) -> Stale:
    """Only what differs, on both sides."""
    keys = [key for key, value in new.items() if value != stored.get(key)]
    return Stale(yours={key: new[key] for key in keys}, theirs={key: stored.get(key) for key in keys})


def _check(terms: Mapping[str, Any], cycle: Cycle, envelope: Envelope | None) -> None:
    opens, closes, cut_off = terms["opens"], terms["closes"], terms["cut_off"]
    if terms["always_open"] and closes:
        raise Invalid("closes", NEVER_CLOSES)
    if not terms["always_open"] and opens and not closes:
        raise Invalid("closes", NEEDS_CLOSE)
    for field, end in (("closes", closes), ("cut_off", cut_off)):
        if opens and end and end < opens:
            raise Invalid(field, BACKWARDS)
    _check_money(terms, envelope)
    _check_scoring(terms, cycle)


def _check_money(terms: Mapping[str, Any], envelope: Envelope | None) -> None:
    if envelope is None:
        return
    amount, awards = terms.get("envelope_krw"), terms["planned_awards"]
    if amount is None:
        raise Invalid("envelope_krw", KEEPS_ENVELOPE)
    if amount < envelope.committed_krw:
        held = words.money(envelope.committed_krw)
        raise Invalid(
            "envelope_krw",
            Text(
                f"이미 {held.ko}의 지원이 확정되어 그보다 적게 정할 수 없습니다.",
                f"{held.en} are already committed; the envelope cannot be less.",
            ),
        )
    if awards is not None and awards < envelope.awards:
        raise Invalid(
            "planned_awards",
            Text(
                f"이미 {envelope.awards}건이 확정되어 그보다 적게 정할 수 없습니다.",
                f"Awards already made: {envelope.awards}; fewer cannot be planned.",
            ),
        )


def _check_scoring(terms: Mapping[str, Any], cycle: Cycle) -> None:
    """Weights add up to what each scored part is worth; a panel is at least as large as the ranking needs."""
    parts = [p for p in (cycle.settings.get("ranking") or {}).get("parts", ()) if p["aggregate"] != "given"]
    weights = {key: value for key, value in terms.items() if key.startswith("weight_")}
    total = sum(weights.values())
    for part in parts:
        if weights and total != part["max"]:
            raise Invalid(
                next(iter(weights)),
                Text(
                    f"배점의 합이 {part['max']}점이어야 합니다. 지금은 {total}점입니다.",
                    f"The weights must add up to {part['max']}; they add up to {total}.",
                ),
            )
    least = max((p["min_ballots"] for p in parts), default=1)
    if terms.get("set_panel_minimum", least) < least:
        raise Invalid(
            "set_panel_minimum",
            Text(
                f"순위 산정에 평가표가 {least}부 이상 필요하므로 그보다 적게 정할 수 없습니다.",
                f"The ranking needs at least {least} score sheets; the panel cannot be smaller.",
            ),
        )


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _write(cycle: Cycle, terms: Mapping[str, Any]) -> None:
    cycle.opens_at = start_of(_date(terms["opens"]))
    cycle.closes_at = end_of(_date(terms["closes"]))
    cycle.always_open = terms["always_open"]
    cycle.cut_off_on = _date(terms["cut_off"])
    cycle.decision_month = terms["decision_month"]
    cycle.cap_krw = terms["cap_krw"]
    cycle.planned_awards = terms["planned_awards"]
    cycle.matching_rule = terms["matching_rule"]
    cycle.legal_regime = terms["regime"]
    settings = dict(cycle.settings)
    settings["criteria"] = [{**c, "max": terms[f"weight_{c['key']}"]} for c in settings.get("criteria") or ()]
    if terms["matching_rule"] is not None:
        settings["matching"] = {**(settings.get("matching") or {}), "rule": terms["matching_rule"]}
    settings |= _part(terms, "set_")
    settings["clocks"] = {k: v for k, v in _part(terms, "clock_").items() if v is not None}
    settings["samples"] = sorted(terms["samples"])
    cycle.settings = settings


def _part(terms: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {key.removeprefix(prefix): value for key, value in terms.items() if key.startswith(prefix)}


def _write_envelope(cycle: Cycle, envelope: Envelope | None, terms: Mapping[str, Any]) -> Envelope | None:
    amount = terms.get("envelope_krw")
    if envelope is None:
        if amount is None:
            return None
        envelope = Envelope(cycle_id=cycle.id, amount_krw=amount, committed_krw=0, awards=0)
        db.session.add(envelope)
    elif amount is not None:
        envelope.amount_krw = amount
    envelope.planned_awards = cycle.planned_awards
    return envelope
