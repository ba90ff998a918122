"""The grounds of interests over time, names made comparable, and the checks in their three states."""

import re
from datetime import date

import pytest
import yaml
from pydantic import ValidationError

from workflows import citations, interest_alarm, interest_names
from workflows.interest_checks import Party, Person, Tie, check, needs_look, years_before
from workflows.interest_rules import INTERESTS, Rules, in_force, named, rules_of
from workflows.text import Text
from workflows.verdict import VotingRule

DAY = date(2026, 11, 22)
RULES = in_force("kcity", DAY)
APPLICANT = Text("신청기관", "Applicant")
CITYLAB = Party(APPLICANT, ("주식회사 시티랩", "CityLab Co., Ltd."), "110-81-12345", ("김하늘",))


def person(*ties: Tie, **more: object) -> Person:
    known: dict[str, object] = {"names": ("이바다",), "stated": True, "adviser": False, "reciprocal": False}
    return Person(**{**known, "ties": ties, **more})  # type: ignore[arg-type]


def states(who: Person, *parties: Party, day: date = DAY) -> dict[str, str]:
    return {one.key: one.state for one in check(who, parties or (CITYLAB,), in_force("kcity", day), day)}


def grounds(who: Person, key: str, *parties: Party) -> tuple[str, ...]:
    return next(one.grounds for one in check(who, parties or (CITYLAB,), RULES, DAY) if one.key == key)


# the sets -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name", "count"),
    [
        (date(2022, 5, 18), "kcity:none", 0),
        (date(2022, 5, 19), "kcity:2022-05-19", 8),
        (date(2023, 12, 31), "kcity:2022-05-19", 8),
        (date(2024, 1, 1), "kcity:2024-01-01", 13),
        (DAY, "kcity:2024-01-01", 13),
    ],
)
def test_the_set_of_the_day_applies_and_is_found_again_by_its_name(day: date, name: str, count: int) -> None:
    found = in_force("kcity", day)
    assert (found.name, len(found.grounds)) == (name, count)
    assert named(name) == found


def test_a_ground_ends_on_the_day_of_its_until() -> None:
    raw = yaml.safe_load((INTERESTS / "kcity.yaml").read_text("utf-8"))
    raw["layers"][0]["grounds"][0]["until"] = date(2025, 1, 1)
    ground = Rules.model_validate(raw).layers[0].grounds[0]
    assert [ground.holds_on(day) for day in (date(2024, 12, 31), date(2025, 1, 1))] == [True, False]


def test_every_ground_names_its_article_and_what_is_no_published_rule_is_called_a_sample() -> None:
    rules = rules_of("kcity")
    assert [(layer.key, layer.sample, len(layer.grounds)) for layer in rules.layers] == [
        ("act", False, 8),
        ("bylaws", True, 5),
    ]
    for layer in rules.layers:
        for ground in layer.grounds:
            assert "제" in ground.article and not ground.label.ko.endswith(".")
            assert not re.search("[가-힣]", ground.label.en + citations.english(ground.article)), ground.key
    for way in (rules.ways.exclusion, rules.ways.challenge, rules.ways.recusal):
        assert not re.search("[가-힣]", way.label.en + way.meaning.en + citations.english(way.article))
    assert {g.key: g.look_back_years for g in RULES.grounds.values() if g.look_back_years} == {
        "act_past_employer": 2,
        "act_past_client": 2,
        "act_former_colleague": 2,
        "house_employed": 3,
    }


@pytest.mark.parametrize(
    "fault",
    [
        {"look_back_years": None},
        {"until": date(2020, 1, 1)},
        {"key": "act_officer"},
        {"key": "own_words"},
        {"friend": True},
        {"article": ""},
    ],
)
def test_a_faulty_file_is_refused(fault: dict[str, object]) -> None:
    raw = yaml.safe_load((INTERESTS / "kcity.yaml").read_text("utf-8"))
    raw["layers"][0]["grounds"][3].update(fault)
    with pytest.raises(ValidationError):
        Rules.model_validate(raw)


@pytest.mark.parametrize("name", ["", "kcity", "nowhere:2024-01-01", "kcity:soon"])
def test_a_name_that_says_nothing_is_no_set(name: str) -> None:
    assert named(name) is None


# names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("주식회사 시티랩", "(주)시티랩"),
        ("㈜ 시티랩", "시티랩"),
        ("시티랩 주식회사", "(주) 시티 랩"),
        ("CityLab Co., Ltd.", "CITYLAB"),
        ("The City-Lab Company Limited", "citylab inc."),
        ("ＣｉｔｙＬａｂ", "citylab"),
        ("재단법인 한국도시연구원", "한국 도시연구원"),
        ("Smith & Sons LLC", "Smith and Sons"),
    ],
)
def test_the_same_organisation_in_other_spelling_is_the_same(first: str, second: str) -> None:
    assert interest_names.organisation(first) == interest_names.organisation(second) != ""


@pytest.mark.parametrize(
    ("first", "second"), [("시티랩", "시티랜드"), ("CityLab", "City Land"), ("Inc", "Co"), ("주식회사", "")]
)
def test_other_organisations_stay_apart(first: str, second: str) -> None:
    ours, theirs = interest_names.organisation(first), interest_names.organisation(second)
    assert ours != theirs or not ours


def test_a_name_inside_another_is_alike_only_if_it_is_long_enough() -> None:
    assert interest_names.alike("서울대학교", "서울대학교산학협력단")
    assert not interest_names.alike("서울", "서울대학교")
    assert not interest_names.alike("", "서울대학교")


def test_people_are_compared_without_titles_and_the_order_of_latin_names() -> None:
    assert interest_names.person("김하늘 교수") == interest_names.person("김 하늘")
    assert interest_names.person("Haneul Kim") == interest_names.person("KIM, Haneul")
    assert interest_names.person("김하늘") != interest_names.person("김하")


# checks ---------------------------------------------------------------------------------------------------


def test_nothing_on_file_is_not_checked_and_never_none() -> None:
    silent = person(stated=False, adviser=None, reciprocal=None)
    assert set(states(silent).values()) == {"unknown", "none"} and states(silent)["own_name"] == "none"
    assert states(silent)["affiliation"] == states(silent)["register"] == states(silent)["adviser"] == "unknown"
    assert states(person(), Party(APPLICANT, ("",)))["affiliation"] == "unknown"


def test_a_person_without_ties_who_said_so_has_none_except_what_numbers_cannot_tell() -> None:
    found = states(person())
    assert found.pop("register") == "unknown", "without a number on our side there is nothing to compare"
    assert set(found.values()) == {"none"}


def test_an_affiliation_is_found_by_name_or_by_number() -> None:
    by_name = person(Tie(("(주)시티랩",), "employment"))
    assert states(by_name)["affiliation"] == "found"
    assert grounds(by_name, "affiliation") == ("act_officer", "house_employed")
    by_number = person(Tie(("아무개 상사",), "officer", "1108112345"))
    assert (states(by_number)["affiliation"], states(by_number)["register"]) == ("found", "found")
    other = person(Tie(("다른회사",), "employment", "220-81-54321"))
    assert (states(other)["affiliation"], states(other)["register"], states(other)["similar"]) == ("none",) * 3


def test_a_number_that_one_of_the_parties_lacks_is_not_checked() -> None:
    who = person(Tie(("다른회사",), "employment", "220-81-54321"))
    assert states(who, CITYLAB, Party(APPLICANT, ("하노이시",)))["register"] == "unknown"


def test_a_similar_name_is_shown_apart_from_an_equal_one() -> None:
    who = person(Tie(("서울대학교",), "employment"))
    found = states(who, Party(APPLICANT, ("서울대학교 산학협력단",)))
    assert (found["affiliation"], found["similar"]) == ("none", "found")
    assert states(person(Tie(("시티랩",), "employment")))["similar"] == "none"


@pytest.mark.parametrize(
    ("until", "appointed", "state", "why"),
    [
        (date(2023, 11, 22), None, "found", ("house_employed",)),
        (date(2023, 11, 21), None, "none", ()),
        (date(2023, 11, 21), date(2025, 11, 21), "found", ("act_past_employer",)),
        (date(2024, 6, 1), date(2025, 1, 1), "found", ("act_past_employer", "house_employed")),
        (date(2022, 12, 31), date(2025, 1, 1), "none", ()),
    ],
)
def test_past_employment_counts_within_the_look_back_of_each_ground(
    until: date, appointed: date | None, state: str, why: tuple[str, ...]
) -> None:
    who = person(Tie(("시티랩",), "employment", since=date(2010, 1, 1), until=until), appointed_on=appointed)
    assert states(who)["past"] == state and states(who)["affiliation"] == "none"
    assert grounds(who, "past") == why


def test_before_a_ground_was_in_force_it_is_not_named() -> None:
    who = person(Tie(("시티랩",), "employment"))
    (line,) = [
        one for one in check(who, (CITYLAB,), in_force("kcity", date(2023, 1, 1)), DAY) if one.key == "affiliation"
    ]
    assert (line.state, line.grounds) == ("found", ("act_officer",))


def test_advice_and_holdings_are_their_own_lines() -> None:
    assert grounds(person(Tie(("시티랩",), "advisory")), "advisory") == ("act_client", "house_agent")
    past = person(Tie(("시티랩",), "advisory", until=date(2025, 6, 1)), appointed_on=date(2026, 1, 1))
    assert grounds(past, "advisory") == ("act_past_client",)
    assert states(person(Tie(("시티랩",), "holding")))["holding"] == "found"
    assert states(person(Tie(("시티랩",), "holding", until=date(2020, 1, 1))))["holding"] == "none"


def test_a_namesake_the_adviser_and_mutual_judging_are_found() -> None:
    assert states(person(names=("김하늘",)))["own_name"] == "found"
    assert states(person(), Party(APPLICANT, ("시티랩",)))["own_name"] == "unknown", "nobody is named there"
    assert states(person(adviser=True))["adviser"] == "found"
    assert states(person(reciprocal=True))["reciprocal"] == "found"


def test_the_worst_of_the_lines_is_what_calls_for_a_look() -> None:
    assert needs_look(check(person(), (CITYLAB,), RULES, DAY)) == "unknown"
    assert needs_look(check(person(Tie(("시티랩",), "holding")), (CITYLAB,), RULES, DAY)) == "found"
    assert needs_look(()) == "none"


def test_each_state_has_its_words_in_both_languages() -> None:
    words = {one.words for one in check(person(Tie(("시티랩",), "holding")), (CITYLAB,), RULES, DAY)}
    assert len(words) == 3 and all(text.ko and text.en for text in words)


def test_a_leap_day_looks_back_to_the_28th() -> None:
    assert years_before(date(2024, 2, 29), 3) == date(2021, 2, 28)


# alarms ---------------------------------------------------------------------------------------------------


def test_a_panel_alarms_below_its_minimum_and_not_at_it() -> None:
    assert interest_alarm.panel(5, 5) is None
    alarm = interest_alarm.panel(4, 5)
    assert alarm is not None and (alarm.left, alarm.needed) == (4, 5) and "4" in alarm.words.en


@pytest.mark.parametrize(
    ("out", "counted", "kind"),
    [
        (11, False, None),
        (12, False, "quorum"),
        (12, True, None),
        (21, True, None),
        (22, True, "voters"),
        (24, True, "voters"),
    ],
)
def test_a_sitting_alarms_when_those_who_can_come_are_no_quorum(out: int, counted: bool, kind: str | None) -> None:
    alarm = interest_alarm.sitting(24, 24, out, VotingRule(recused_count_for_quorum=counted))
    assert (alarm.kind if alarm else None) == kind


def test_a_committee_with_empty_chairs_can_lack_its_quorum_without_a_conflict() -> None:
    alarm = interest_alarm.sitting(24, 12, 0, VotingRule())
    assert alarm is not None and (alarm.kind, alarm.left, alarm.needed) == ("quorum", 12, 13)
