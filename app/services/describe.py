"""What the case itself says of its proposal: title, place, amount, and the words it is found by."""

from collections.abc import Mapping
from typing import Any

from app import countries
from app.models import Case, Organisation
from app.queries.search import pieces


def describe(case: Case, answers: Mapping[str, Any]) -> None:
    """Copy from the good answers. On record only an act may do this: the case is sealed with every event."""
    case.title_ko = answers.get("title_ko") or ""
    case.title_en = answers.get("title_en") or ""
    case.country = answers.get("country")
    case.city = answers.get("city") or ""
    place = answers.get("coordinates") or {}
    case.lat, case.lon = place.get("lat"), place.get("lon")
    case.requested_krw = answers.get("amount_requested")


def index(case: Case, applicant: Organisation | None) -> None:
    """Write the words the case is found by: number, titles, place, country and applicant in both languages."""
    country = countries.name_of(case.country)
    names = (applicant.name_ko, applicant.name_en) if applicant else ()
    found_by = (case.number, case.title_ko, case.title_en, case.city, *country, *names)
    case.search = pieces(" ".join(found_by))
