"""Where the boxes and arrows of a state diagram stand. Knows no colour, no language and no XML.

The main line (the shortest way from the first state to a decided end) runs straight down, one row a state,
in bands by phase. What leaves it and comes back, and the ends without a decision, stand to the right of
it. An end that is left for from many states (withdraw) gets a rail of its own on the left. Units: px.
"""

from dataclasses import dataclass, field

from workflows.schema import Definition, Transition

Point = tuple[float, float]
BOX_W, BOX_H, GAP, TOP = 196.0, 58.0, 44.0, 20.0
SPINE_X, SIDE_X, RAIL_X, RAIL_W, WIDTH = 294.0, 688.0, 108.0, 116.0, 1000.0
PORT, SIDE_PORT, LANE, PAIR = 25.0, 18.0, 14.0, 30.0
BACK_X, BACK_FROM = 262.0, 4
"""Where a way far back up the main line runs (a new hearing), and from how many rows on it runs there."""
RAIL_FROM = 3
"""From how many sources on an end gets a rail."""


@dataclass(slots=True)
class Box:
    """One state; `x`, `y` is its middle."""

    name: str
    x: float
    y: float
    w: float = BOX_W
    h: float = BOX_H

    @property
    def left(self) -> float:
        return self.x - self.w / 2

    @property
    def right(self) -> float:
        return self.x + self.w / 2

    @property
    def top(self) -> float:
        return self.y - self.h / 2

    @property
    def bottom(self) -> float:
        return self.y + self.h / 2


@dataclass(slots=True)
class Arrow:
    """All transitions from one state to another as one line; the label hangs at `at`."""

    source: str
    target: str
    transitions: list[Transition]
    points: list[Point] = field(default_factory=list)
    at: Point = (0.0, 0.0)
    anchor: str = "middle"
    labelled: bool = True
    joins: bool = False
    """Whether it may end where it meets the rail, which another arrow draws to its end."""


@dataclass(frozen=True, slots=True)
class Band:
    """The rows of the main line that belong to one phase."""

    phase: str
    top: float
    bottom: float


@dataclass(slots=True)
class Layout:
    """A finished drawing."""

    boxes: dict[str, Box]
    arrows: list[Arrow]
    bands: list[Band]
    width: float
    height: float


def main_line(definition: Definition) -> list[str]:
    """The shortest way people can take from the first state to a decided end (or any, if there is none)."""
    ways: dict[str, list[str]] = {definition.initial: [definition.initial]}
    line = [definition.initial]
    for state in line:
        for transition in definition.leaving(state):
            by_hand = set(transition.who) != {"system"} and not transition.escape
            if transition.to and transition.to not in ways and by_hand:
                ways[transition.to] = [*ways[state], transition.to]
                line.append(transition.to)
    ends = [name for name in line if definition.states[name].final]
    decided = [name for name in ends if definition.states[name].decided]
    return ways[(decided or ends or line)[0]]


def layout(definition: Definition) -> Layout:
    """Places everything; expects a definition that `verify` lets pass."""
    return _Drawing(definition).draw()


class _Drawing:
    """The steps of one drawing, in the order in which they depend on each other."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.spine = main_line(definition)
        self.row = {name: index for index, name in enumerate(self.spine)}
        self.arrows = _arrows(definition)
        self.rails = self._rails()
        self.side = self._side_rows()
        self.boxes: dict[str, Box] = {}

    def draw(self) -> Layout:
        self._place_rows()
        self._place_rails()
        for arrow in self.arrows:
            if self._far_back(arrow):
                self._back(arrow)
            elif arrow.target not in self.rails:
                self._straight(arrow)
        self._lanes([arrow for arrow in self.arrows if not arrow.points and arrow.target not in self.rails])
        for target in self.rails:
            self._rail(target)
        bottom = max(box.bottom for box in self.boxes.values())
        width = max([WIDTH, *(x + 24 for arrow in self.arrows for x, _ in arrow.points)])
        return Layout(self.boxes, self.arrows, self._bands(bottom + GAP / 2), width, bottom + GAP / 2)

    # Rows -------------------------------------------------------------------------------------------------

    def _rails(self) -> list[str]:
        sources: dict[str, int] = {}
        for arrow in self.arrows:
            if self.definition.states[arrow.target].final and arrow.target not in self.row:
                sources[arrow.target] = sources.get(arrow.target, 0) + 1
        return [name for name, count in sources.items() if count >= RAIL_FROM]

    def _side_rows(self) -> dict[str, int]:
        """The row of each state beside the main line: that of the last state that leads to it, or below."""
        rows: dict[str, int] = {}
        waiting = [n for n in self.definition.states if n not in self.row and n not in self.rails]
        while waiting:
            ready = [name for name in waiting if self._known_sources(name, rows)] or waiting
            name = min(ready, key=lambda n: max(self._known_sources(n, rows), default=0))
            row = max(self._known_sources(name, rows), default=0)
            while row in rows.values():
                row += 1
            rows[name] = row
            waiting.remove(name)
        return rows

    def _known_sources(self, name: str, rows: dict[str, int]) -> list[int]:
        known = {**self.row, **rows}
        return [known[a.source] for a in self.arrows if a.target == name and a.source in known]

    def _place_rows(self) -> None:
        top = TOP
        last = max([*self.row.values(), *self.side.values()])
        beside = {row: name for name, row in self.side.items()}
        for row in range(last + 1):
            name = self.spine[row] if row < len(self.spine) else None
            height = max(BOX_H, PORT * len(self._ports(name)) + 6) if name else BOX_H
            middle = top + height / 2
            if name:
                self.boxes[name] = Box(name, SPINE_X + BOX_W / 2, middle, BOX_W, height)
            if row in beside:
                offset = self._side_offset(name, beside[row]) if name else 0.0
                self.boxes[beside[row]] = Box(beside[row], SIDE_X + BOX_W / 2, middle + offset)
            top += height + GAP

    def _ports(self, name: str) -> list[Arrow]:
        """The arrows on the right of a main state from top to bottom: going up, across, going down."""
        mine = [arrow for arrow in self.arrows if name in (arrow.source, arrow.target) and self._on_right(arrow)]
        return sorted(mine, key=lambda arrow: (self._other_row(arrow, name), arrow.source != name))

    def _on_right(self, arrow: Arrow) -> bool:
        """Whether it is drawn between the main line and what stands to its right."""
        if arrow.target in self.rails or arrow.source == arrow.target or self._far_back(arrow):
            return False
        if arrow.source in self.row and arrow.target in self.row:
            return not self._neighbours(arrow)
        return arrow.source in self.row or arrow.target in self.row

    def _far_back(self, arrow: Arrow) -> bool:
        """Whether it leads from one main state far up to another: drawn on the left, where nothing stands."""
        if arrow.source not in self.row or arrow.target not in self.row:
            return False
        return self.row[arrow.source] - self.row[arrow.target] >= BACK_FROM

    def _neighbours(self, arrow: Arrow) -> bool:
        return abs(self.row[arrow.source] - self.row[arrow.target]) == 1

    def _other_row(self, arrow: Arrow, name: str) -> int:
        other = arrow.target if arrow.source == name else arrow.source
        return {**self.row, **self.side}[other]

    def _port_y(self, name: str, arrow: Arrow) -> float:
        box = self.boxes[name]
        if name in self.side:
            rise = self._other_row(arrow, name) - self.side[name]
            return box.y + SIDE_PORT * ((rise > 0) - (rise < 0))
        ports = self._ports(name)
        return box.y + PORT * (ports.index(arrow) - (len(ports) - 1) / 2)

    def _side_offset(self, name: str, side: str) -> float:
        """How far a side box is moved so that the arrows between it and its neighbour run level."""
        ports = self._ports(name)
        level = [i - (len(ports) - 1) / 2 for i, arrow in enumerate(ports) if side in (arrow.source, arrow.target)]
        return PORT * sum(level) / len(level) if level else 0.0

    # Lines ------------------------------------------------------------------------------------------------

    def _straight(self, arrow: Arrow) -> None:
        """Neighbours: down or up the main line, across a row, or down the side."""
        source, target = self.boxes[arrow.source], self.boxes[arrow.target]
        if arrow.source in self.row and arrow.target in self.row:
            if self._neighbours(arrow):
                self._upright(arrow, source, target)
        elif arrow.source in self.side and arrow.target in self.side:
            if abs(self.side[arrow.source] - self.side[arrow.target]) == 1:
                self._upright(arrow, source, target)
        elif self._other_row(arrow, arrow.source) == {**self.row, **self.side}[arrow.source]:
            y = self._port_y(arrow.source if arrow.source in self.row else arrow.target, arrow)
            ends = (source.right, target.left) if source.x < target.x else (source.left, target.right)
            arrow.points = [(ends[0], y), (ends[1], y)]
            arrow.at = (sum(ends) / 2, y - 6)

    def _back(self, arrow: Arrow) -> None:
        """Up on the left of the main line, a little below the middle of its boxes, where the ticks to a rail start."""
        source, target = self.boxes[arrow.source], self.boxes[arrow.target]
        y1, y2 = source.y + LANE, target.y + LANE
        arrow.points = [(source.left, y1), (BACK_X, y1), (BACK_X, y2), (target.left, y2)]
        arrow.at, arrow.anchor = (BACK_X - 6, y1 + 4), "end"

    def _upright(self, arrow: Arrow, source: Box, target: Box) -> None:
        paired = any(a.source == arrow.target and a.target == arrow.source for a in self.arrows)
        down = source.y < target.y
        x = source.x + (0 if not paired else -PAIR if down else PAIR)
        ends = (source.bottom, target.top) if down else (source.top, target.bottom)
        arrow.points = [(x, ends[0]), (x, ends[1])]
        arrow.anchor = "end" if paired and down else "start"
        arrow.at = (x + (-9 if paired and down else 9), sum(ends) / 2 + 4)

    def _lanes(self, arrows: list[Arrow]) -> None:
        """What is left runs along upright lanes: between the columns, beside the side, or around all."""
        taken: list[tuple[str, int, float, float]] = []
        for arrow in sorted(arrows, key=lambda a: abs(self.boxes[a.source].y - self.boxes[a.target].y)):
            where = self._lane_kind(arrow)
            source, target = self.boxes[arrow.source], self.boxes[arrow.target]
            y1 = source.y if where == "beside" else self._port_y(arrow.source, arrow)
            y2 = target.y if where == "beside" else self._port_y(arrow.target, arrow)
            low, high = min(y1, y2) - 4, max(y1, y2) + 4
            lane = 0
            while any(t[:2] == (where, lane) and t[2] < high and low < t[3] for t in taken):
                lane += 1
            taken.append((where, lane, low, high))
            x = {"between": SIDE_X - 18, "beside": SIDE_X + BOX_W + 16, "around": WIDTH}[where]
            x += LANE * lane * (-1 if where == "between" else 1)
            start, end = _facing(source, x), _facing(target, x)
            arrow.points = [(start, y1), (x, y1), (x, y2), (end, y2)]
            self._lane_label(arrow, where, x)

    def _lane_kind(self, arrow: Arrow) -> str:
        if arrow.source in self.side and arrow.target in self.side:
            return "beside"
        rows = {**self.row, **self.side}
        far = arrow.source in self.row and arrow.target in self.row
        free = not {rows[arrow.source], rows[arrow.target]} & set(self.side.values())
        return "around" if far and free else "between"

    def _lane_label(self, arrow: Arrow, where: str, x: float) -> None:
        if where == "beside":
            arrow.at, arrow.anchor = (x + 6, (arrow.points[1][1] + arrow.points[2][1]) / 2), "start"
            return
        end = arrow.points[0] if arrow.source in self.row else arrow.points[-1]
        middle = (end[0] + (SIDE_X if where == "around" else x)) / 2
        arrow.at, arrow.anchor = (middle, end[1] - 6), "middle"

    # Rails ------------------------------------------------------------------------------------------------

    def _place_rails(self) -> None:
        for index, name in enumerate(self.rails):
            phase = self.definition.states[name].phase
            home = next((s for s in self.spine if self.definition.states[s].phase == phase), self.spine[-1])
            y = self.boxes[home].y + index * (BOX_H + GAP)
            self.boxes[name] = Box(name, RAIL_X + RAIL_W / 2, y, RAIL_W)

    def _rail(self, target: str) -> None:
        """Ticks from the main line to an upright rail; from the side only a stub that names where it goes."""
        end = self.boxes[target]
        x = end.x + LANE * self.rails.index(target)
        arrows = [arrow for arrow in self.arrows if arrow.target == target]
        for arrow in arrows:
            source = self.boxes[arrow.source]
            if arrow.source in self.side:
                arrow.points = [(source.right, source.y), (source.right + 20, source.y)]
                arrow.at, arrow.anchor = (source.right + 26, source.y + 4), "start"
            elif abs(source.y - end.y) < BOX_H / 2:
                arrow.points = [(source.left, end.y), (end.right, end.y)]
                arrow.at, arrow.anchor = ((source.left + end.right) / 2, end.y - 6), "middle"
            else:
                into = end.bottom if source.y > end.y else end.top
                arrow.points = [(source.left, source.y), (x, source.y), (x, into)]
                arrow.at, arrow.anchor = (source.left - 10, source.y - 6), "end"
                arrow.labelled = False
        level = [arrow for arrow in arrows if arrow.source in self.row]
        if level and not any(arrow.labelled for arrow in level):
            level[0].labelled = True
        for arrow in level:
            on_rail = [a for a in level if (self.boxes[a.source].y > end.y) == (self.boxes[arrow.source].y > end.y)]
            farthest = max(on_rail, key=lambda a: abs(self.boxes[a.source].y - end.y))
            arrow.joins = len(arrow.points) == 3 and arrow is not farthest

    # Bands ------------------------------------------------------------------------------------------------

    def _bands(self, bottom: float) -> list[Band]:
        bands: list[Band] = []
        for name in self.spine:
            phase, top = self.definition.states[name].phase, self.boxes[name].top - GAP / 2
            if bands and bands[-1].phase == phase:
                continue
            top = top if bands else 0.0
            if bands:
                bands[-1] = Band(bands[-1].phase, bands[-1].top, top)
            bands.append(Band(phase, top, bottom))
        return bands


def _facing(box: Box, x: float) -> float:
    return box.right if x > box.x else box.left


def _arrows(definition: Definition) -> list[Arrow]:
    """One arrow for each pair of states, in the order of the definition.

    Acts are not drawn, nor what only the system does: no person ever takes that way.
    """
    found: dict[tuple[str, str], Arrow] = {}
    for transition in definition.transitions:
        for source in transition.sources:
            if transition.to and transition.to != source and transition.who != ("system",):
                pair = (source, transition.to)
                found.setdefault(pair, Arrow(*pair, [])).transitions.append(transition)
    return list(found.values())
