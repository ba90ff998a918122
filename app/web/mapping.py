"""Where a place lies on the world map of the house (`static/world.svg`).

Pure arithmetic; never reads a file or a request.

The map is drawn in the Natural Earth projection with the Pacific in the middle (central meridian 150 degrees
east, as Korean atlases do) and cropped to 60 degrees south, because no programme reaches Antarctica.
"""

from math import pi, radians

CENTRE_LON = 150.0
WIDTH = 1000.0
NORTH, SOUTH = 84.0, -60.0


def _parallel(lat: float) -> tuple[float, float]:
    """Half length and height of a parallel, polynomials of Šavrič, Patterson and Jenny (2011)."""
    phi = radians(lat)
    p2 = phi * phi
    p4 = p2 * p2
    length = 0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4))
    height = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return length, height


_SCALE = WIDTH / (2 * pi * 0.8707)
_TOP = _parallel(NORTH)[1] * _SCALE
HEIGHT = round(_TOP - _parallel(SOUTH)[1] * _SCALE, 1)
VIEW_BOX = f"0 0 {WIDTH:g} {HEIGHT:g}"


def project(lat: float, lon: float) -> tuple[float, float]:
    """The point of `lat`, `lon` (degrees, WGS 84) in the units of the map's viewBox, to one decimal.

    x runs from 0 (30 degrees west, going east) to WIDTH; y from 0 (84 north) to HEIGHT (60 south).
    Raises ValueError when the place lies outside the map or is no place at all.
    """
    if not (SOUTH <= lat <= NORTH and -180 <= lon <= 180):
        raise ValueError(f"not on the map: {lat}, {lon}")
    return project_unwrapped(lat, (lon - CENTRE_LON + 180) % 360 - 180)


def project_unwrapped(lat: float, east: float) -> tuple[float, float]:
    """The same for `east`, degrees from the central meridian (-180..180), so that both edges can be drawn."""
    length, height = _parallel(lat)
    return round(WIDTH / 2 + radians(east) * length * _SCALE, 1), round(_TOP - height * _SCALE, 1)
