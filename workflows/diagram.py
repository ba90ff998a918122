"""The state diagram as accessible SVG, and the same in words. Draws what it is told; decides nothing.

No style attribute and no style element, so that the strictest content security policy lets it through:
shape comes from attributes, colour from the classes in app/static/css/diagram.css. Without that file the
drawing is still readable, in the colour of the text around it. State is never told by colour alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from workflows.layout import Arrow, Band, Box, layout, main_line
from workflows.schema import Definition
from workflows.text import Text

LABEL, SMALL, NAME = 12.5, 12.0, 15.0
HERE = Text("현재 상태", "current state")
BEEN = Text("지나온 상태", "already passed")
OPEN = Text("지금 열린 길", "open now")


@dataclass(frozen=True, slots=True)
class _View:
    """Whose eyes: the language, and where the case stands (`current` None: the definition alone)."""

    definition: Definition
    lang: str
    current: str | None
    visited: tuple[str, ...]
    open_exits: frozenset[str]

    def label(self, state: str) -> str:
        return self.definition.states[state].label.text.pick(self.lang)

    def turn(self, state: str) -> str:
        role = self.definition.states[state].turn
        return self.definition.roles[role].text.pick(self.lang) if role else ""

    def is_open(self, arrow: Arrow) -> bool:
        return arrow.source == self.current and any(t.trigger in self.open_exits for t in arrow.transitions)

    def lived(self, arrow: Arrow) -> bool:
        way = [*self.visited, *([self.current] if self.current else [])]
        return (arrow.source, arrow.target) in pairwise(way)


def diagram(
    definition: Definition,
    lang: str,
    current: str | None = None,
    visited: Sequence[str] = (),
    open_exits: Collection[str] = (),
) -> str:
    """The whole diagram as an <svg> to stand inside a page.

    `visited` holds the states lived through in their order (the current one may be left out), `open_exits`
    the triggers that are open from `current`.
    """
    way = tuple(visited[:-1] if visited and visited[-1] == current else visited)
    view = _View(definition, lang, current, way, frozenset(open_exits))
    drawn = layout(definition)
    legend = _legend(view, drawn.height + 8) if current else ""
    height = drawn.height + (44 if current else 0)
    body = [_band(view, band, index, drawn.width) for index, band in enumerate(drawn.bands)]
    order = sorted(drawn.arrows, key=lambda arrow: (view.is_open(arrow), view.lived(arrow)))
    body += [_line(view, arrow) for arrow in order]
    body += [_box(view, box) for box in drawn.boxes.values()]
    body += [_arrow_label(view, arrow) for arrow in drawn.arrows if arrow.labelled or view.is_open(arrow)]
    title = Text(f"{definition.label.ko} 상태도", f"State diagram: {definition.label.en}").pick(lang)
    return _svg(view, "diagram", title, drawn.width, height, [*body, legend])


def mini(definition: Definition, lang: str, current: str, visited: Sequence[str] = ()) -> str:
    """The small one for the case page: phases below each other, a dot a state, the current state named."""
    view = _View(definition, lang, current, tuple(visited), frozenset())
    spine, here = main_line(definition), definition.states[current].phase
    keys = [phase.key for phase in definition.phases]
    body, y = [], 22.0
    for index, phase in enumerate(definition.phases):
        states = [n for n in spine if definition.states[n].phase == phase.key]
        states += [n for n in (*visited, current) if n not in states and definition.states[n].phase == phase.key]
        been = index < keys.index(here) or any(definition.states[n].phase == phase.key for n in visited)
        when = "current" if phase.key == here else "visited" if been else "ahead"
        step = 54.0 if when == "current" else 36.0
        if index < len(definition.phases) - 1:
            body.append(f'<path class="sd-rail sd-{when}" d="M20 {y + 12:g}V{y + step - 12:g}" {_STROKE}/>')
        body.append(_step(view, index, y, when, phase.label.text.pick(lang)))
        body.append(_dots(view, list(dict.fromkeys(states)), y))
        if when == "current":
            body.append(_text(view.label(current), 42, y + 23, SMALL + 1, "start", "sd-mini-state"))
        y += step
    title = Text(f"진행 단계: {view.label(current)}", f"Progress: {view.label(current)}").pick(lang)
    return _svg(view, "mini", title, 300, y - 8, body)


def describe(
    definition: Definition,
    current: str | None,
    visited: Sequence[str],
    open_exits: Collection[str],
    lang: str,
) -> list[str]:
    """The diagram in words: a line a state with the ways out of it, marked as passed, current and open."""
    view = _View(definition, lang, current, tuple(visited), frozenset(open_exits))
    return [_sentence(view, name) for name in definition.states]


def standalone(definition: Definition, lang: str, css: str) -> str:
    """The diagram as a file of its own; `css` is the text of the style sheets, which the caller has read."""
    drawn = diagram(definition, lang)
    start = drawn.index(">") + 1
    return f"{drawn[:start]}<style>{escape(css)}</style>{drawn[start:]}\n"


# Words ----------------------------------------------------------------------------------------------------


def _sentence(view: _View, name: str) -> str:
    ways = []
    for transition in view.definition.leaving(name):
        if transition.to and transition.to != name:
            label = transition.label.text.pick(view.lang)
            now = name == view.current and transition.trigger in view.open_exits
            mark = f" ({OPEN.pick(view.lang)})" if now else ""
            ways.append(f"{label} → {view.label(transition.to)}{mark}")
    mark = f" ({HERE.pick(view.lang)})" if name == view.current else ""
    if name in view.visited and not mark:
        mark = f" ({BEEN.pick(view.lang)})"
    end = Text("끝", "end").pick(view.lang)
    return f"{view.label(name)}{mark}: {'; '.join(ways) or end}"


def _summary(view: _View) -> str:
    if view.current is None:
        count = len(view.definition.states)
        first = view.label(view.definition.initial)
        return Text(f"상태 {count}개. ‘{first}’에서 시작합니다.", f"{count} states, beginning with “{first}”.").pick(
            view.lang
        )
    passed = ", ".join(view.label(name) for name in view.visited if name != view.current) or "–"
    ways = [t for t in view.definition.leaving(view.current) if t.to and t.trigger in view.open_exits]
    ahead = ", ".join(t.label.text.pick(view.lang) for t in ways) or "–"
    here = view.label(view.current)
    return Text(
        f"현재 상태: {here}. 지나온 상태: {passed}. 지금 열린 길: {ahead}.",
        f"Current state: {here}. Already passed: {passed}. Open now: {ahead}.",
    ).pick(view.lang)


# Shapes ---------------------------------------------------------------------------------------------------

_STROKE = 'fill="none" stroke="currentColor"'


def _svg(view: _View, kind: str, title: str, width: float, height: float, body: list[str]) -> str:
    key = f"sd-{kind}-{view.definition.id}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sd sd-{kind}" role="img" lang="{view.lang}" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-desc">{escape(_summary(view))}</desc>'
        f"{''.join(body)}</svg>"
    )


def _text(words: str, x: float, y: float, size: float, anchor: str, css: str) -> str:
    return (
        f'<text class="{css}" x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}" '
        f'fill="currentColor">{escape(words)}</text>'
    )


def _width(words: str, size: float) -> float:
    """About how wide `words` will be; wide letters count one em."""
    return size * sum(0.94 if east_asian_width(c) in "WF" else 0.52 for c in words)


def _wrap(words: str, size: float, room: float) -> list[str]:
    """`words` in as few lines as fit into `room`."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _band(view: _View, band: Band, index: int, width: float) -> str:
    phase = next(phase for phase in view.definition.phases if phase.key == band.phase)
    lines = _wrap(phase.label.text.pick(view.lang), 13, 88)
    words = "".join(
        _text(line, 20, band.top + 26 + 17 * row, 13, "start", "sd-phase") for row, line in enumerate(lines)
    )
    shade = "sd-band sd-band-odd" if index % 2 else "sd-band"
    return (
        f'<rect class="{shade}" x="0" y="{band.top:g}" width="{width:g}" height="{band.bottom - band.top:g}" '
        f'fill="none"/>{words}'
    )


def _state_class(view: _View, name: str) -> str:
    state = view.definition.states[name]
    marks = ["sd-state", f"sd-tone-{state.tone}"]
    if state.final:
        marks.append("sd-final")
    if name == view.current:
        marks.append("sd-current")
    elif name in view.visited:
        marks.append("sd-visited")
    ways = view.definition.leaving(view.current) if view.current else ()
    if any(t.to == name and t.trigger in view.open_exits for t in ways):
        marks.append("sd-open")
    return " ".join(marks)


def _box(view: _View, box: Box) -> str:
    final = view.definition.states[box.name].final
    round_ = box.h / 2 if final or box.name == view.definition.initial else 8
    shape = f'x="{box.left:g}" y="{box.top:g}" width="{box.w:g}" height="{box.h:g}" rx="{round_:g}"'
    thick = 3 if box.name == view.current else 1.5
    parts = [f'<rect class="sd-shape" {shape} {_STROKE} stroke-width="{thick}"/>']
    if final:
        parts.append(
            f'<rect class="sd-inner" x="{box.left + 4:g}" y="{box.top + 4:g}" width="{box.w - 8:g}" '
            f'height="{box.h - 8:g}" rx="{round_ - 4:g}" {_STROKE}/>'
        )
    if box.name == view.current:
        parts.append(_badge(box.left + 4, box.top + 4, "current"))
    elif box.name in view.visited:
        parts.append(_badge(box.left + 4, box.top + 4, "visited"))
    turn = view.turn(box.name)
    lines = _wrap(view.label(box.name), NAME, box.w - 28)
    y = box.y + 5 - 9 * (len(lines) - 1) - (9 if turn else 0)
    for line in lines:
        parts.append(_text(line, box.x, y, NAME, "middle", "sd-name"))
        y += 18
    if turn:
        parts.append(_text(turn, box.x, y, SMALL, "middle", "sd-turn"))
    return f'<g class="{_state_class(view, box.name)}">{"".join(parts)}</g>'


def _badge(x: float, y: float, when: str) -> str:
    """A round mark that tells by its shape: a dot for where the case is, a tick for where it has been."""
    shape = (
        f'<circle class="sd-dot" cx="{x:g}" cy="{y:g}" r="4" fill="currentColor"/>'
        if when == "current"
        else f'<path class="sd-check" d="M{x - 4:g} {y:g}l3 3 5-6" {_STROKE} stroke-width="2"/>'
    )
    ring = f'<circle class="sd-ring" cx="{x:g}" cy="{y:g}" r="10" {_STROKE} stroke-width="1.5"/>'
    return f'<g class="sd-badge sd-{when}">{ring}{shape}</g>'


def _edge_class(view: _View, arrow: Arrow) -> str:
    marks = ["sd-edge"]
    if all(transition.escape for transition in arrow.transitions):
        marks.append("sd-escape")
    if view.lived(arrow):
        marks.append("sd-edge-visited")
    if view.is_open(arrow):
        marks.append("sd-edge-open")
    return " ".join(marks)


def _line(view: _View, arrow: Arrow) -> str:
    """A line with soft corners and its head; a way out without a decision is dashed."""
    marks = _edge_class(view, arrow)
    bold = "sd-edge-" in marks
    whole = bold or not arrow.joins
    points = arrow.points if whole else arrow.points[:2]
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _toward(corner, before, 8), _toward(corner, after, 8)
        path += f"L{near[0]:g} {near[1]:g}Q{corner[0]:g} {corner[1]:g} {far[0]:g} {far[1]:g}"
    tip, back = points[-1], _toward(points[-1], points[-2], 9 if whole else 0)
    path += f"L{back[0]:g} {back[1]:g}"
    sideways = (4.5, 0) if tip[0] == back[0] else (0, 4.5)
    head = (
        f"M{tip[0]:g} {tip[1]:g}L{back[0] + sideways[0]:g} {back[1] + sideways[1]:g}"
        f"L{back[0] - sideways[0]:g} {back[1] - sideways[1]:g}Z"
    )
    dashes = ' stroke-dasharray="5 4"' if "sd-escape" in marks else ""
    wide = 3 if bold else 1.5
    end = f'<path class="sd-head" d="{head}" fill="currentColor"/>' if whole else ""
    return f'<g class="{marks}"><path class="sd-line" d="{path}" {_STROKE} stroke-width="{wide}"{dashes}/>{end}</g>'


def _toward(start: tuple[float, float], end: tuple[float, float], distance: float) -> tuple[float, float]:
    """The point `distance` from `start` on the level or upright way to `end`, at most half way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = abs(dx) + abs(dy)
    share = min(distance, length / 2) / length
    return start[0] + dx * share, start[1] + dy * share


def _arrow_label(view: _View, arrow: Arrow) -> str:
    now = [t for t in arrow.transitions if view.is_open(arrow) and t.trigger in view.open_exits]
    marks = "sd-label sd-label-open" if now else "sd-label"
    words = " / ".join(transition.label.text.pick(view.lang) for transition in arrow.transitions)
    return _text(words, arrow.at[0], arrow.at[1], LABEL, arrow.anchor, marks)


def _legend(view: _View, top: float) -> str:
    y = top + 14
    dashed = f'{_STROKE} stroke-width="1.5" stroke-dasharray="5 4"'
    parts = [
        _badge(28, y, "current"),
        _badge(166, y, "visited"),
        f'<path class="sd-legend-open" d="M300 {y:g}h26" {_STROKE} stroke-width="3"/>',
        f'<path class="sd-legend-escape" d="M450 {y:g}h26" {dashed}/>',
    ]
    escape_ = Text("결정 없이 끝나는 길", "way to an end without a decision")
    for x, words in ((46, HERE), (184, BEEN), (334, OPEN), (484, escape_)):
        parts.append(_text(words.pick(view.lang), x, y + 4, LABEL, "start", "sd-legend-text"))
    return f'<g class="sd-legend">{"".join(parts)}</g>'


# The small one --------------------------------------------------------------------------------------------


def _step(view: _View, index: int, y: float, when: str, label: str) -> str:
    inside = (
        f'<path class="sd-check" d="M15 {y:g}l4 4 7-8" {_STROKE} stroke-width="2"/>'
        if when == "visited"
        else _text(str(index + 1), 20, y + 4, SMALL, "middle", "sd-number")
    )
    ring = f'<circle class="sd-ring" cx="20" cy="{y:g}" r="11" {_STROKE} stroke-width="1.5"/>'
    name = _text(label, 42, y + 5, NAME, "start", "sd-name")
    return f'<g class="sd-step sd-{when}">{ring}{inside}{name}</g>'


def _dots(view: _View, states: list[str], y: float) -> str:
    """One dot a state, from right to left so that they end flush: ring ahead, full passed, larger current."""
    parts = []
    for place, name in enumerate(reversed(states)):
        x, current = 286 - 18 * place, name == view.current
        if current or name in view.visited:
            marks, shape = ("sd-current", 6.5) if current else ("sd-visited", 4.5)
            parts.append(f'<circle class="sd-dot {marks}" cx="{x}" cy="{y:g}" r="{shape}" fill="currentColor"/>')
        else:
            parts.append(f'<circle class="sd-dot sd-ahead" cx="{x}" cy="{y:g}" r="4" {_STROKE}/>')
    return "".join(parts)
