"""The queue: its address is the view. Filters, counts, keyset pages, export, and assigning several at once."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import (
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    stream_with_context,
)
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from app import clock
from app.authz import Viewer, roles, viewer
from app.i18n import day, lang, t, tr
from app.queries import queue as queries
from app.queries.consulting import people
from app.queries.people import holders
from app.queries.queue import CycleLine, Filters, Line, Summary, Tally
from app.services.assign_officer import assign_many
from app.web import unread
from app.web.desk import blueprint, forms
from app.web.desk.common import View, choose
from app.web.desk.rows import csv_lines, shown
from workflows import schema

FIELDS = ("state", "turn", "late", "mine", "unassigned", "type", "cycle", "q")
FLAGS = ("late", "mine", "unassigned")


def asked() -> Filters:
    """The view that the address asks for; nonsense is refused."""
    args = request.args
    if any(args.get(flag, "1") != "1" for flag in FLAGS if args.get(flag)):
        abort(400)
    cycle = args.get("cycle", "")
    if cycle and not (cycle.isdigit() and len(cycle) < 10):
        abort(400)
    on = {flag: args.get(flag) == "1" for flag in FLAGS}
    return Filters(
        state=args.get("state", "")[:20],
        turn=args.get("turn", "")[:20],
        type=args.get("type", "")[:60],
        cycle=int(cycle or 0),
        words=args.get("q", "").strip()[:100],
        **on,
    )


@lru_cache(maxsize=4096)
def address(view: Filters, path: str = "/desk", **more: str) -> str:
    """The address of a view."""
    values = {"state": view.state, "turn": view.turn, "type": view.type, "q": view.words}
    values |= {flag: "1" for flag in FLAGS if getattr(view, flag)}
    if view.cycle:
        values["cycle"] = str(view.cycle)
    query = urlencode({key: value for key, value in {**values, **more}.items() if value})
    return f"{path}?{query}" if query else path


def _key(text: str | None) -> queries.Key | None:
    if not text:
        return None
    try:
        due, number = text[:40].split(".")
        return date.fromisoformat(due), int(number[:15])
    except ValueError:
        abort(400)


def _turn_page(view: Filters, name: str, key: queries.Key | None) -> str | None:
    return address(view, **{name: f"{key[0].isoformat()}.{key[1]}"}) if key else None


@blueprint.get("/desk")
@roles(*queries.STAFF, query=(*FIELDS, "after", "before"))
def queue() -> View | Response:
    """The list. Answers 304 while nothing that it shows has changed."""
    who, view = viewer(), asked()
    found = queries.page(who, view, _key(request.args.get("after")), _key(request.args.get("before")))
    facts = Facts(lang(), clock.today(), queries.definitions_of(who), who.has("officer"))
    content, mark = _content(view, tuple(found.rows), found.newer, found.older, queries.summary(who, view), facts)
    generate_csrf()  # the token is in the page: it has to be in the session before it is compared
    tag = sha256(f"{mark} {who.session_id} {unread(who)} {session['csrf_token']}".encode()).hexdigest()[:24]
    if request.if_none_match.contains_weak(tag) and "_flashes" not in session:
        response = make_response("", 304)
    else:
        response = make_response(render_template("desk/queue.html", content=content, may_assign=facts.may_assign))
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


class Facts(NamedTuple):
    """What else the list depends on."""

    language: str
    today: date
    types: tuple[str, ...]
    may_assign: bool


@lru_cache(maxsize=256)
def _content(
    view: Filters,
    found: tuple[Line, ...],
    newer: queries.Key | None,
    older: queries.Key | None,
    counts: Summary,
    facts: Facts,
) -> tuple[Markup, str]:
    """The list as it is written, and its fingerprint. It depends on nothing but what is given here, so that
    colleagues who look at the same list share it: writing it took 2.0 of the page's 4.3 ms, finding it 0.05."""
    html = render_template(
        "desk/list.html",
        rows=shown(found),
        view=view,
        newer=_turn_page(view, "before", newer),
        older=_turn_page(view, "after", older),
        states=_states(view, counts.states),
        heads=_heads(),
        since=t("부터", ""),
        turns=_turns(facts.language).items(),
        types=_types(facts.types),
        cycles=_cycles(counts.cycles),
        chips=_chips(view, counts.cycles),
        saved=_saved(view, counts.late),
        export=address(view, "/desk.csv"),
        may_assign=facts.may_assign,
    )
    return Markup(html), sha256(html.encode()).hexdigest()  # noqa: S704  (our own template wrote and escaped it)


@cache
def _labels(language: str) -> dict[str, str]:
    """Every state's name, made once for each language: with the turns 64 us a page."""
    return {name: state.label.text.pick(language) for d in schema.all_published() for name, state in d.states.items()}


def _states(view: Filters, tallies: Iterable[Tally]) -> list[tuple[str, str, bool, int, str]]:
    """(label, address, current, count, key) of every state that holds cases."""
    counts = dict(tallies)
    every = (t("전체", "All"), address(queries.without(view, state="")), not view.state, sum(counts.values()), "")
    return [every] + [
        (label, address(queries.without(view, state=name)), view.state == name, counts.get(name, 0), name)
        for name, label in _labels(lang()).items()
        if counts.get(name) or view.state == name
    ]


def _heads() -> list[str]:
    """The columns after the first, as a card names them on a phone."""
    return [
        t("신청기관", "Applicant"), t("지역", "Place"), t("단계", "State"), t("차례", "Whose turn"), t("기한", "Due"),
        t("담당자", "Officer"),
    ]  # fmt: skip


@cache
def _turns(language: str) -> dict[str, str]:
    found = {s.turn: d.roles[s.turn] for d in schema.all_published() for s in d.states.values() if s.turn}
    return {key: words.text.pick(language) for key, words in found.items()}


def _types(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, tr(schema.newest(name).label)) for name in names]


def _cycles(found: Iterable[CycleLine]) -> list[tuple[int, str]]:
    return [(line.id, f"{line.year} {tr(schema.newest(line.definition_id).label)}") for line in found]


def _saved(view: Filters, late: int) -> list[tuple[str, str, bool, str | None]]:
    """The views most asked for, as tabs."""
    many = f"{queries.MANY - 1}+" if late >= queries.MANY else str(late)
    plain = Filters()
    return [
        (t("전체", "All"), address(plain), view == plain, None),
        (t("내 사건", "Mine"), address(Filters(mine=True)), view == Filters(mine=True), None),
        (t("미지정", "Unassigned"), address(Filters(unassigned=True)), view == Filters(unassigned=True), None),
        (t("기한 지남", "Out of time"), address(Filters(late=True)), view == Filters(late=True), many),
        (t("담당자 차례", "Officer's turn"), address(Filters(turn="officer")), view == Filters(turn="officer"), None),
    ]


def _chips(view: Filters, lines: Iterable[CycleLine]) -> list[tuple[str, str]]:
    """The filters in force, each with the address without it."""
    if view == Filters():
        return []
    labels, cycles, turns = _labels(lang()), dict(_cycles(lines)), _turns(lang())
    out: list[tuple[str, dict[str, Any]]] = []
    if view.state:
        out.append((labels.get(view.state, view.state), {"state": ""}))
    if view.turn:
        out.append((t("차례", "Turn") + ": " + turns.get(view.turn, view.turn), {"turn": ""}))
    for flag, ko, en in (
        ("late", "기한 지남", "Out of time"),
        ("mine", "내 사건", "Mine"),
        ("unassigned", "미지정", "Unassigned"),
    ):
        if getattr(view, flag):
            out.append((t(ko, en), {flag: False}))
    if view.type:
        out.append(({d.id: tr(d.label) for d in schema.all_published()}.get(view.type, view.type), {"type": ""}))
    if view.cycle:
        out.append((cycles.get(view.cycle, str(view.cycle)), {"cycle": 0}))
    if view.words:
        out.append((f"“{view.words}”", {"words": ""}))
    return [(label, address(queries.without(view, **change))) for label, change in out]


@blueprint.get("/desk.csv")
@roles(*queries.STAFF, query=FIELDS)
def export() -> Response:
    """The same list as a file: same filters, same visibility, streamed."""
    who, view = viewer(), asked()
    lines: Callable[[], Any] = lambda: csv_lines(queries.every_row(who, view))  # noqa: E731
    response = Response(stream_with_context(lines()), content_type="text/csv; charset=utf-8")
    name = f"kcity-{clock.today().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/desk/assign")
@roles("officer")
def assign_several() -> View:
    """First shows what will be done and what not and why; does it when confirmed."""
    who, form = viewer(), forms.AssignMany()
    numbers = list(dict.fromkeys(form.number.data or []))
    form.officer.choices = [SelectChoice(*choose()), *_officers(who)]
    chosen = form.officer.data if (form.officer.data or "").isdigit() else None
    if form.confirmed.data == "1" and form.validate_on_submit() and chosen:
        done, refused = assign_many(who, numbers, int(chosen))
        flash((f"{len(done)}건에 담당자를 지정하였습니다.", f"An officer is assigned to {len(done)}."), "success")
        for number, words in refused:
            flash((f"{number}: {words.ko}", f"{number}: {words.en}"), "warning")
        return redirect("/desk", 303)
    if form.confirmed.data != "1":
        form.officer.errors = []
    picks = queries.picks(who, numbers, int(chosen) if chosen else None)
    status = 422 if form.confirmed.data == "1" else 200
    return render_template("desk/assign_many.html", form=form, picks=picks, today=day(clock.today())), status


def _officers(who: Viewer) -> list[SelectChoice]:
    programmes = {schema.newest(name).programme for name in queries.definitions_of(who, ("officer",))}
    ids = sorted({person for programme in programmes for person in holders("officer", programme)})
    return [SelectChoice(str(i), tr(name)) for i, name in people(ids)]
