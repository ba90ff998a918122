"""Draw the world map of the house from world-atlas (Natural Earth, 1:110 million). Used by update.py alone.

Countries are joined to one shape of land; borders are drawn only where two countries meet, so that neither
coasts nor the cut at the edge of the map get a line. Antarctica is left out.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "web"))
from mapping import CENTRE_LON, HEIGHT, SOUTH, VIEW_BOX, WIDTH, project_unwrapped

Point = tuple[float, float]
ANTARCTICA = "010"


def arcs_of(topology: dict) -> list[list[Point]]:
    """The arcs in degrees: TopoJSON keeps them as whole-number steps."""
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * kx + x0, y * ky + y0))
        arcs.append(line)
    return arcs


def rings_of(topology: dict) -> Iterator[list[int]]:
    """Every ring as its list of arc numbers (negative: walked backwards)."""
    for shape in topology["objects"]["countries"]["geometries"]:
        if shape.get("id") == ANTARCTICA:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            yield from polygon


def unwrapped(line: list[Point]) -> list[Point]:
    """The same line with longitudes that run on past 180 instead of jumping to the other side of the map."""
    run = line[:1]
    for lon, lat in line[1:]:
        run.append((lon + 360 * round((run[-1][0] - lon) / 360), lat))
    return run


def cut(ring: list[Point], edge: float, keep_east: bool) -> list[Point]:
    """The part of a ring east (or west) of a meridian, with the points where it crosses."""
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in zip([ring[-1], *ring], ring, strict=False):
        inside0, inside1 = (x0 >= edge) == keep_east, (x1 >= edge) == keep_east
        if inside0 != inside1:
            kept.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
        if inside1:
            kept.append((x1, y1))
    return kept


def path(points: list[Point], closed: bool) -> str:
    """An SVG path of points in degrees from the central meridian, in relative steps of a tenth of a unit."""
    tenths = [tuple(round(v * 10) for v in project_unwrapped(max(lat, SOUTH), east)) for east, lat in points]
    tenths = [p for i, p in enumerate(tenths) if i == 0 or p != tenths[i - 1]]
    if len(tenths) < (4 if closed else 2):
        return ""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(tenths)]
    words = "".join(f"{dx / 10:+g}{dy / 10:+g}" for dx, dy in steps)
    return f"M{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}l{words}{'z' if closed else ''}"


def draw_world(source: Path) -> str:
    """The map as one SVG file, from `countries-110m.json`."""
    topology = json.loads(source.read_text())
    arcs = arcs_of(topology)
    used = Counter(a if a >= 0 else ~a for ring in rings_of(topology) for a in ring)
    land = []
    for ring in rings_of(topology):
        points = unwrapped([p for a in ring for p in (arcs[a] if a >= 0 else arcs[~a][::-1])[:-1]])
        for turn in (-720, -360, 0, 360):
            moved = [(lon - CENTRE_LON + turn, lat) for lon, lat in points]
            inside = cut(moved, -180, True) if moved else []
            land.append(path(cut(inside, 180, False), True) if inside else "")
    borders = []
    for number, times in used.items():
        for turn in (-360, 0):
            moved = [(lon - CENTRE_LON + turn, lat) for lon, lat in unwrapped(arcs[number])]
            if times > 1 and all(-180 <= east <= 180 for east, _ in moved):
                borders.append(path(moved, False))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW_BOX}" width="{WIDTH:g}" height="{HEIGHT:g}">'
        f'<path fill="#8a9db5" fill-opacity=".5" d="{"".join(land)}"/>'
        f'<path fill="none" stroke="#fff" stroke-opacity=".7" stroke-width=".7" '
        f'd="{"".join(borders)}"/></svg>\n'
    )
