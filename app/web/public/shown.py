"""Words and points for public pages: names of kinds, of places, and the dots of the map. Reads nothing."""

from collections.abc import Iterable
from typing import Any

from app import countries
from app.web.mapping import project
from workflows import schema
from workflows.text import Text

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
KINDS = {
    "planning": Text("계획수립형", "Planning type"),
    "planning_city": Text("계획수립형 (도시)", "Planning type (city)"),
    "planning_solution": Text("계획수립형 (솔루션)", "Planning type (solution)"),
    "overseas_demonstration": Text("해외실증형", "Overseas demonstration type"),
}
"""The kinds as sources name them; 2020 and 2021 were split into city and solution."""


def kind_of(row: Any) -> Text:
    """The kind of a project in words."""
    return KINDS.get(row.kind or "") or schema.newest(row.definition_id).label.text


def place_of(row: Any) -> Text:
    """City and country, in both languages as far as known."""
    country = countries.name_of(row.country)
    ko, en = row.place_ko or row.city, row.place_en or row.city
    return Text(f"{country.ko} {ko}".strip(), f"{en}, {country.en}" if en else country.en)


def title_of(row: Any) -> Text:
    """The title; says so where the source gives none."""
    if not (row.title_ko or row.title_en):
        return Text("사업명 미공개", "Title not published")
    return Text(row.title_ko or row.title_en, row.title_en or row.title_ko)


def month_of(text: str | None) -> Text | None:
    """A month such as "2027-01" in words."""
    if not text:
        return None
    year, month = text.split("-")
    return Text(f"{year}년 {int(month)}월", f"{MONTHS[int(month) - 1]} {year}")


def dots(places: Iterable[Any]) -> list[tuple[float, float, Text, str, str]]:
    """The places as dots of the map, each leading to its newest project; places off the map are left out."""
    found = []
    for row in places:
        try:
            x, y = project(float(row.lat), float(row.lon))
        except ValueError:
            continue
        name = place_of(row)
        several = row.n > 1
        label = Text(f"{name.ko} {row.n}건", f"{name.en}: {row.n} projects") if several else name
        address = f"/projects?country={row.country}" if several and row.country else f"/projects/{row.number}"
        found.append((x, y, label, "info", address))
    return found
