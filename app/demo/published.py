"""The 59 real projects as imported, decided cases with their source, and the ministry's totals as printed.

What a source does not say stays blank; nothing is added up or smoothed. Call inside a unit of work.
"""

from typing import Any

import sqlalchemy as sa

from app import clock
from app.demo.source import read
from app.extensions import db
from app.models import Case, Cycle, PublishedProject, PublishedTotal
from app.queries.search import pieces
from app.services.act import act_as_system
from app.services.submit import next_number
from workflows import schema


def load_published(created_by: int) -> None:
    """Add the projects and the totals. `created_by`: the administrator in whose name they were taken in."""
    for project in read("real_projects.yaml")["projects"]:
        case = _case(project, _cycle(project["cycle"]), created_by)
        db.session.add(case)
        db.session.flush()
        db.session.add(_record(case, project))
        act_as_system(case.number, "import_published", data={"source": project["source"]})
    db.session.add(PublishedTotal(key="kcity", content=read("published_totals.yaml")))


def _cycle(key: str) -> Cycle:
    kind, year = key.rsplit("-", 1)
    query = sa.select(Cycle).where(Cycle.definition_id == f"kcity-{kind}", Cycle.fiscal_year == int(year))
    return db.session.scalars(query).one()


def _case(project: dict[str, Any], cycle: Cycle, created_by: int) -> Case:
    definition = schema.newest(cycle.definition_id)
    place, title, now = project["coordinates"] or {}, project["title"], clock.now()
    case = Case(
        number=next_number(cycle),
        definition_id=definition.id,
        definition_version=definition.version,
        form_version=cycle.form_version,
        cycle_id=cycle.id,
        cycle_revision=cycle.revision,
        state=definition.initial,
        title_ko=title["ko"] or "",
        title_en=title["en"] or "",
        country=project["country"]["iso2"],
        city=project["place"]["en"] or "",
        lat=place.get("lat"),
        lon=place.get("lon"),
        created_at=now,
        created_by=created_by,
        turn=definition.states[definition.initial].turn,
        turn_since=now,
        outcome="approve",
        awarded_krw=project["amount_krw"],
        imported=True,
    )
    words = (project["country"]["ko"], project["country"]["en"], project["place"]["ko"] or "", case.city)
    case.search = pieces(" ".join((case.number, case.title_ko, case.title_en, *words)))
    return case


def _record(case: Case, project: dict[str, Any]) -> PublishedProject:
    return PublishedProject(
        case_id=case.id,
        year=project["year"],
        kind=project["type"],
        place_ko=project["place"]["ko"] or "",
        place_en=project["place"]["en"] or "",
        place_level=project["place_level"],
        source=project["source"],
    )
