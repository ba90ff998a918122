"""Supported projects: the list with its map and chart, the record of one, and the file for spreadsheets."""

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Response, render_template, request, stream_with_context

from app import clock, countries
from app.authz import public
from app.errors import NotFound
from app.i18n import lang, t
from app.queries import public as query
from app.web.mapping import VIEW_BOX
from app.web.public import blueprint
from app.web.public.shown import dots, kind_of, month_of, place_of, title_of
from app.web.public.spreadsheet import line
from workflows import schema
from workflows.text import Text

FILTERS = ("year", "country", "type")
FIRST_LINE = (
    "number", "year", "type", "country_code", "country_ko", "country_en", "place_ko", "place_en", "title_ko",
    "title_en", "amount_krw", "decided_on", "announced_on", "source",
)  # fmt: skip


@blueprint.context_processor
def words() -> dict[str, object]:
    """What the public templates say projects with."""
    return {
        "day_of": clock.day_of,
        "kind_of": kind_of,
        "month_of": month_of,
        "place_of": place_of,
        "title_of": title_of,
        "VIEW_BOX": VIEW_BOX,
    }


@blueprint.get("/projects")
@public(*FILTERS, "after", "before")
def projects() -> str:
    """How many, where, when; then each of them with its source."""
    asked, tally = _asked(), query.tally()
    page = query.projects(asked, request.args.get("after", "")[:24], request.args.get("before", "")[:24])
    return render_template(
        "public/projects.html",
        asked=asked,
        tally=tally,
        page=page,
        chips=_chips(asked),
        dots=dots(query.places(asked)),
        totals=query.published_totals(),
        types={d.id: d.label.text for d in schema.all_published()},
        names=_by_name(tally.countries),
        newer=_address(asked, before=page.newer) if page.newer else None,
        older=_address(asked, after=page.older) if page.older else None,
        csv=_address(asked, path="/projects.csv"),
    )


@blueprint.get("/projects/<number>")
@public()
def project(number: str) -> str:
    """The public record of one project; anything that is not announced is not found."""
    row = query.project(number)
    if row is None:
        raise NotFound
    here = dots([_Place(row)]) if row.lat and row.lon else []
    return render_template("public/project.html", row=row, dots=here)


@blueprint.get("/projects.csv")
@public(*FILTERS)
def projects_csv() -> Response:
    """The list as it is filtered, for spreadsheets."""
    rows = stream_with_context(_lines(_asked()))
    answer = Response(rows, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="kcity-projects.csv"'
    return answer


class _Place:
    """One project as the one place of a map."""

    def __init__(self, row: object) -> None:
        self._row = row
        self.n = 1

    def __getattr__(self, name: str) -> object:
        return getattr(self._row, name)


def _lines(asked: query.Asked) -> Iterator[str]:
    yield "\ufeff" + line(FIRST_LINE)
    for row in query.every_project(asked):
        country, announced = countries.name_of(row.country), row.announced_at
        place_ko = row.place_ko if row.imported else row.city
        yield line((
            row.number, row.year, kind_of(row).en, row.country, country.ko, country.en, place_ko,
            row.place_en or row.city, row.title_ko, row.title_en,
            row.awarded_krw, row.decided_on, clock.day_of(announced) if announced else None,
            row.source or "K-City Casework",
        ))  # fmt: skip


def _by_name(codes: list[str]) -> dict[str, Text]:
    """Countries in the order of their names in the reader's language."""
    names = {code: countries.name_of(code) for code in codes}
    return dict(sorted(names.items(), key=lambda item: item[1].pick(lang())))


def _asked() -> query.Asked:
    """The filters of the address; what is no filter value finds nothing rather than everything."""
    year, country, type_ = (request.args.get(name, "") for name in FILTERS)
    known = int(year) if year.isdecimal() and len(year) == 4 else -1
    return query.Asked(known if year else 0, country[:2], type_[:60])


def _address(asked: query.Asked, path: str = "/projects", **more: str | None) -> str:
    values = {"year": asked.year or "", "country": asked.country, "type": asked.type, **more}
    found = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{found}" if found else path


def _chips(asked: query.Asked) -> list[tuple[str, str]]:
    """Each filter in force with the address without it."""
    found = []
    if asked.year:
        label = t(f"{asked.year}년", str(asked.year)) if asked.year > 0 else t("없는 연도", "No such year")
        found.append((label, _address(query.Asked(0, asked.country, asked.type))))
    if asked.country:
        name = countries.name_of(asked.country)
        found.append((t(name.ko, name.en), _address(query.Asked(asked.year, "", asked.type))))
    if asked.type:
        labels = {d.id: d.label.text for d in schema.all_published()}
        label = labels[asked.type].pick(lang()) if asked.type in labels else asked.type
        found.append((label, _address(query.Asked(asked.year, asked.country, ""))))
    return found
