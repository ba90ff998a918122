"""The programme and its cycles: what is fact, what is sample, and what a faulty file is refused for."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from workflows.programme_schema import PROGRAMMES, Programme, Ranking, Setting, load_programme


def test_the_programme_has_every_cycle_of_2020_to_2027() -> None:
    keys = {cycle.key for cycle in load_programme("kcity").cycles}
    assert {f"planning-{year}" for year in range(2020, 2028)} <= keys
    assert {f"demonstration-{year}" for year in range(2021, 2028)} <= keys
    assert load_programme("kcity").type_("kcity-planning").form.version == 1


# Domain paper, table 1.2.
PUBLISHED = [
    ("planning-2020", "opens", date(2020, 1, 31)),
    ("planning-2020", "closes", date(2020, 3, 20)),
    ("planning-2023", "closes", date(2023, 5, 10)),
    ("demonstration-2023", "closes", date(2023, 5, 30)),
    ("planning-2024", "cut_off", date(2024, 4, 30)),
    ("demonstration-2024", "closes", date(2024, 3, 18)),
    ("demonstration-2025", "opens", date(2025, 2, 6)),
    ("demonstration-2025", "closes", date(2025, 3, 11)),
    ("planning-2026", "cap_krw", 700_000_000),
    ("planning-2026", "decision_month", "2026-01"),
    ("demonstration-2026", "closes", date(2026, 3, 17)),
    ("demonstration-2026", "cap_krw", 400_000_000),
    ("planning-2027", "decision_month", "2027-01"),
]


@pytest.mark.parametrize(("key", "field", "value"), PUBLISHED)
def test_a_published_fact_stands_and_is_not_called_a_sample(key: str, field: str, value: object) -> None:
    cycle = load_programme("kcity").cycle(key)
    assert getattr(cycle, field) == value
    assert field not in cycle.samples


@pytest.mark.parametrize("field", ["cap_krw", "envelope_krw", "planned_awards", "cut_off"])
def test_what_nobody_published_for_2027_is_marked_as_sample(field: str) -> None:
    cycle = load_programme("kcity").cycle("planning-2027")
    assert getattr(cycle, field) is not None
    assert field in cycle.samples


def test_a_proposal_of_today_meets_a_cap_of_five_hundred_million() -> None:
    cycle = load_programme("kcity").cycle("planning-2027")
    today = date(2026, 11, 22)
    assert cycle.opens and cycle.cut_off and cycle.opens <= today <= cycle.cut_off
    assert cycle.always_open and cycle.cap_krw == 500_000_000


def test_a_proposal_after_the_cut_off_finds_a_next_cycle() -> None:
    programme = load_programme("kcity")
    after, before = programme.cycle("planning-2028"), programme.cycle("planning-2027")
    assert before.cut_off and after.opens and (after.opens - before.cut_off).days == 1


def test_what_was_not_found_stays_blank() -> None:
    assert load_programme("kcity").cycle("planning-2022").opens is None
    assert load_programme("kcity").cycle("planning-2025").cap_krw is None
    assert load_programme("kcity").cycle("demonstration-2026").published.selected is None


def test_the_kinds_of_2020_sum_to_77_of_80_and_nobody_smoothed_it() -> None:
    cycle = load_programme("kcity").cycle("planning-2020")
    assert [track.published.applications for track in cycle.tracks] == [31, 46]
    assert cycle.published.applications == 80


def test_weights_are_always_samples() -> None:
    weighed = [cycle for cycle in load_programme("kcity").cycles if cycle.criteria]
    assert weighed
    assert all("criteria_weights" in cycle.samples for cycle in weighed)


def test_criteria_add_up_to_the_part_they_are_scored_in() -> None:
    for cycle in load_programme("kcity").cycles:
        assert sum(criterion.max for criterion in cycle.criteria) == 100, cycle.key


def test_a_cycle_with_live_cases_has_all_it_needs_to_decide() -> None:
    for cycle in load_programme("kcity").cycles:
        if cycle.year >= 2026:
            needed = (cycle.ranking, cycle.committee, cycle.allocation, cycle.cap_krw, cycle.envelope_krw)
            assert None not in needed, cycle.key
            assert cycle.committee and cycle.committee.seats == 24


def _file() -> dict[str, Any]:
    read = yaml.safe_load((PROGRAMMES / "kcity.yaml").read_text(encoding="utf-8"))
    read.pop("shared")
    return deepcopy(read)


def _break_cycle(**change: Any) -> dict[str, Any]:
    read = _file()
    read["cycles"][-1].update(change)
    return read


FAULTS: dict[str, dict[str, Any]] = {
    "a sample that names no field": _break_cycle(samples=["criteria_weights", "fee"]),
    "weights passed off as published": _break_cycle(samples=[]),
    "always open and yet closing": _break_cycle(closes="2027-06-30"),
    "ending before it opens": _break_cycle(cut_off="2026-01-01"),
    "a cycle given twice": _break_cycle(key="planning-2027"),
    "a type that does not exist": _break_cycle(type="kcity-festival"),
    "a cap of nothing": _break_cycle(cap_krw=0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_programme_does_not_load(fault: str) -> None:
    Programme.model_validate(_file())
    with pytest.raises(ValidationError):
        Programme.model_validate(FAULTS[fault])


def test_a_ranking_may_only_name_its_own_parts() -> None:
    part = {"key": "evaluation", "max": 100, "aggregate": "mean"}
    Ranking.model_validate({"parts": [part], "cutoff": None, "order": ["total"]})
    elsewhere = {"part": "price", "percent": 70}
    with pytest.raises(ValidationError):
        Ranking.model_validate({"parts": [part], "cutoff": elsewhere, "order": ["total"]})
    with pytest.raises(ValidationError):
        Ranking.model_validate({"parts": [part], "cutoff": None, "order": ["price"]})


def test_days_are_counted_by_a_calculator_and_counts_are_not() -> None:
    words = {"ko": "기간", "en": "Length"}
    Setting.model_validate({"value": 14, "unit": "days", "rule": "civil", "name": words, "source": "x"})
    with pytest.raises(ValidationError):
        Setting.model_validate({"value": 14, "unit": "days", "rule": None, "name": words, "source": "x"})
    with pytest.raises(ValidationError):
        Setting.model_validate({"value": 2, "unit": "count", "rule": "civil", "name": words, "source": "x"})
