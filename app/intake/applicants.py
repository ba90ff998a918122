"""Who may apply for which type: the kind and the country of the organisation, and why it does not fit."""

from dataclasses import dataclass

from workflows.text import Reason, because


@dataclass(frozen=True, slots=True)
class Applicants:
    """The organisations one type is for."""

    kinds: frozenset[str]
    korean: bool
    why_not: Reason


FIT: dict[str, Applicants] = {
    "kcity-planning": Applicants(
        frozenset({"central_government", "local_government", "public_institution", "international_organisation"}),
        False,
        because(
            "organisation_does_not_fit",
            "계획수립형은 외국의 중앙·지방정부, 공공기관 또는 국제기구만 신청할 수 있습니다.",
            "Only foreign governments, public institutions and international organisations may propose a plan.",
        ),
    ),
    "kcity-demonstration": Applicants(
        frozenset({"company"}),
        True,
        because(
            "organisation_does_not_fit",
            "해외실증형은 국내 기업만 신청할 수 있습니다.",
            "Only a Korean company may apply for a demonstration.",
        ),
    ),
}


def misfit(definition_id: str, kind: str, country: str) -> Reason | None:
    """Why an organisation of this kind and country may not apply for the type, or None."""
    rule = FIT[definition_id]
    fits = kind in rule.kinds and (country == "KR") == rule.korean
    return None if fits else rule.why_not
