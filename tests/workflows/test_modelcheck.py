"""Conditions are tried, not believed: what can never be met, and committees that can never decide."""

from typing import Any

import pytest

from tests.workflows.toys import changed, extra_guard
from workflows.modelcheck import assumptions, check, refusing, samples
from workflows.schema import GuardUse
from workflows.text import because


def lamp_with(guards: list[Any], assume: dict[str, list[Any]] | None = None, **parts: Any):
    def change(data: dict) -> None:
        data["transitions"][1].update(guards=guards, **parts)
        data["assume"] = assume or {}

    return changed(change)


def found(definition) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in check(definition)]


def test_a_lamp_whose_conditions_can_be_met_has_no_fault():
    assert check(lamp_with(["roll_called"])) == []
    assert check(lamp_with([])) == []


def test_a_condition_that_no_fact_can_meet_is_named():
    faults = check(lamp_with([{"supplement_date_reasonable": {"least": 400}}, "roll_called"]))
    assert "never_met" in [fault.code for fault in faults]
    assert "supplement_date_reasonable" in faults[1].text.en and "roll_called" not in faults[1].text.en


def test_two_conditions_that_exclude_each_other_are_named_together():
    """A second demand only, and a first demand only, can both be met, but never at once."""
    faults = check(lamp_with(["both_demands_missed", "roll_called", "first_demand_only"]))
    assert faults[0].code == "never_met"
    assert "both_demands_missed, first_demand_only" in faults[0].text.en


def test_guards_on_different_facts_are_tried_apart_and_joined_when_a_third_reads_both():
    uses = [GuardUse(name=name) for name in ("first_demand_only", "supplement_overdue", "both_demands_missed")]
    world = samples({})
    assert refusing(tuple(uses[:2]), world) is None
    assert refusing(tuple(uses), world) == ("first_demand_only", "supplement_overdue", "both_demands_missed")


@pytest.mark.parametrize(("limit", "sound"), [(10, True), (9, False), (100, False), (0, False)])
def test_a_limit_must_be_tried_on_both_its_sides(limit, sound):
    codes = [code for code, _ in found(lamp_with([{"supplement_date_within": {"most": limit}}]))]
    assert ("limit_untried" not in codes) is sound


# Committees -----------------------------------------------------------------------------------------------


def test_three_members_of_whom_one_is_recused_starve_a_quorum_of_three():
    """The class of fault a look at the graph alone does not find."""
    assume = {"seats": [3], "recused": [0, 1], "recused_count_for_quorum": [False], "quorum_needed": [3]}
    faults = check(lamp_with(["quorum_present"], assume))
    assert [(fault.code, fault.where) for fault in faults] == [("starved", "LIT")]
    text = faults[0].text
    assert "recused = 1" in text.en and "“keep” is blocked by “quorum_present”" in text.en
    assert "recused = 1" in text.ko and "quorum_present" in text.ko


@pytest.mark.parametrize(
    ("seats", "recused", "count", "starves"),
    [
        (3, 1, False, False),
        (3, 2, False, True),
        (3, 2, True, False),
        (24, 11, False, False),
        (24, 12, False, True),
        (24, 12, True, False),
    ],
)
def test_a_quorum_starves_when_too_few_are_left_to_count(seats, recused, count, starves):
    assume = {"seats": [seats], "recused": [recused], "recused_count_for_quorum": [count]}
    codes = [code for code, _ in found(lamp_with(["quorum_present"], assume))]
    assert codes == (["never_met", "starved"] if starves else [])


def test_nobody_left_to_vote_starves_the_ballot():
    assume = {"seats": [3], "recused": [0, 3]}
    assert found(lamp_with(["ballots_cast"], assume)) == [("starved", "LIT")]


def test_the_law_of_the_committee_gives_the_facts():
    world = samples({"seats": 24, "recused": 6})
    assert (world["quorum_needed"], world["quorum_present"]) == ((13,), (0, 13, 24))
    assert world["ballots_cast"] == (0, 18)
    world = samples({"seats": 24, "recused": 6, "recused_count_for_quorum": False})
    assert world["quorum_present"] == (0, 13, 18)


def test_a_fact_that_is_assumed_stands_fixed():
    assert samples({"roll_called": False})["roll_called"] == (False,)
    assert found(lamp_with(["roll_called"], {"roll_called": [True, False]})) == [("starved", "LIT")]


def test_every_combination_of_what_is_assumed_is_tried():
    definition = lamp_with([], {"seats": [3, 5], "recused": [0, 1]})
    assert len(assumptions(definition)) == 4
    assert assumptions(lamp_with([])) == [{}]


@pytest.mark.parametrize("assume", [{"seats": [0]}, {"seats": [3], "recused": [4]}, {"seats": [3], "recused": [-1]}])
def test_an_assumption_that_cannot_be_is_told(assume):
    assert found(lamp_with([], assume)) == [("assumption_impossible", "assume")]


def test_a_state_that_can_only_be_left_without_a_decision_is_told():
    def change(data: dict) -> None:
        data["states"]["KEPT"]["decided"] = False
        data["transitions"][1]["escape"] = True

    assert found(changed(change)) == [("no_decision", "OFF"), ("no_decision", "LIT")]


def test_ways_out_do_not_count_as_decisions():
    """Breaking the lamp stays possible, yet the check must not be content with that."""
    assert ("starved", "LIT") in found(lamp_with(["roll_called"], {"roll_called": [False]}))


def test_a_guard_may_ask_who_acts():
    def only_number_one(facts: Any, actor: Any) -> Any:
        return None if actor.id == 1 else because("no", "아니요.", "No.")

    with extra_guard(only_number_one):
        assert check(lamp_with(["only_number_one"])) == []


def test_what_only_the_system_does_is_no_way_to_a_decision():
    """Cases taken over from a publication end decided at once; that must not hide a starved draft."""

    def change(data: dict) -> None:
        data["roles"]["system"] = {"ko": "시스템", "en": "the system"}
        taken_over = {
            **data["transitions"][1],
            "code": "T5",
            "trigger": "take_over",
            "from": ["OFF"],
            "who": ["system"],
        }
        data["transitions"].append(taken_over)
        data["assume"] = {"in_reason": [""]}

    assert ("starved", "OFF") in found(changed(change))
