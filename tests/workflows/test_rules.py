"""The rules as JSON: the contract's examples, and every bad input by the name of its field."""

import json
from typing import Any

import pytest

from workflows import rules
from workflows.bad_input import BadInput
from workflows.rule_faults import KOREAN

DEADLINE: dict[str, Any] = {
    "rule": "civil",
    "start": "2026-11-23",
    "length": {"days": 30},
    "pauses": [{"sent": "2026-12-01", "received": "2026-12-14"}],
    "cap": {"days": 90},
    "holidays": {"add": ["2027-01-04"], "remove": []},
}
VERDICT: dict[str, Any] = {
    "seats": 24,
    "present": 20,
    "recused_present": 2,
    "yes": 10,
    "no": 8,
    "abstain": 0,
    "not_voting": 0,
}
RANKING: dict[str, Any] = {
    "parts": [
        {
            "key": "technical",
            "max": 80,
            "aggregate": "trimmed_mean",
            "drop_high": 1,
            "drop_low": 1,
            "min_ballots": 5,
        },
        {"key": "price", "max": 20, "aggregate": "given"},
    ],
    "cutoff": {"part": "technical", "percent": 85},
    "order": ["total", "technical"],
    "candidates": [{"id": "A", "technical": [68, 70.5, 71, 66, 72], "price": 13}],
}
ALLOCATION: dict[str, Any] = {
    "envelope_krw": 1_500_000_000,
    "cap_krw": 500_000_000,
    "max_awards": None,
    "misfit": "skip",
    "over_cap": "refuse",
    "tie_break": ["earlier_receipt"],
    "proposals": [
        {
            "id": "P1",
            "score": "84.5",
            "requested_krw": 480_000_000,
            "received_at": "2026-03-02T09:00:00+09:00",
        }
    ],
}
EXAMPLES = {"deadline": DEADLINE, "verdict": VERDICT, "ranking": RANKING, "allocation": ALLOCATION}


def ask(name: str, given: object) -> dict[str, Any]:
    answer = rules.run_rule(name, rules.parse(given if isinstance(given, str) else json.dumps(given)))
    json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
    return answer


def changed(name: str, path: str, value: object) -> dict[str, Any]:
    """The contract's example with one value replaced or added, by its dotted path."""
    given: dict[str, Any] = json.loads(json.dumps(EXAMPLES[name]))
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    spot: Any = given
    for step in way:
        spot = spot[step]
    spot[last] = value
    return given


def refused(name: str, given: object) -> BadInput:
    with pytest.raises(BadInput) as fault:
        ask(name, given)
    assert fault.value.text.ko and fault.value.text.en
    return fault.value


def test_there_are_four_rules() -> None:
    assert rules.NAMES == ("deadline", "verdict", "ranking", "allocation")


def test_the_contracts_deadline() -> None:
    answer = ask("deadline", DEADLINE)
    assert (answer["due"], answer["cap_due"]) == ("2027-01-06", "2027-02-22")
    assert ask("deadline", changed("deadline", "cap", None))["cap_due"] is None
    short = {"rule": "backward", "start": "2026-12-18", "length": {"days": 7}}
    assert ask("deadline", short)["due"] == "2026-12-10"


def test_the_contracts_verdict() -> None:
    answer = ask("verdict", VERDICT)
    words = answer.pop("words")
    assert answer == {
        "quorum_needed": 13,
        "quorum_met": True,
        "base": 18,
        "needed": 10,
        "passed": True,
        "void": False,
    }
    assert "가결되었습니다" in words["ko"] and "carried" in words["en"]
    other = VERDICT | {"rule": {"base": "seats", "threshold": "two_thirds"}}
    assert ask("verdict", other)["needed"] == 16


def test_the_contracts_ranking() -> None:
    answer = ask("ranking", RANKING)
    assert answer["ranked"] == [
        {"id": "A", "rank": 1, "total": "82.8333", "parts": {"technical": "69.8333", "price": "13.0000"}}
    ]
    assert (answer["excluded"], answer["ties"]) == ([], [])


def test_the_contracts_allocation() -> None:
    answer = ask("allocation", ALLOCATION)
    assert answer["funded"] == [{"id": "P1", "amount_krw": 480_000_000}]
    assert (answer["not_funded"], answer["remaining_krw"]) == ([], 1_020_000_000)
    over = ask("allocation", changed("allocation", "proposals.0.requested_krw", 500_000_001))
    assert over["not_funded"] == [{"id": "P1", "reason": "over_cap"}]


def test_numbers_are_read_exactly() -> None:
    def total(score: str) -> dict[str, Any]:
        part = '{"parts": [{"key": "x", "max": 1, "aggregate": "given"}], "candidates": [%s]}'
        return ask("ranking", part % f'{{"id": "A", "x": {score}}}, {{"id": "B", "x": "0.3"}}')

    assert total("0.3")["ties"] == [["A", "B"]]
    assert total("3e-1")["ties"] == [["A", "B"]]
    assert total("0.30000000000000000001")["ties"] == []
    assert total("null")["excluded"] == [{"id": "A", "reason": "too_few_ballots"}]


def test_a_trimmed_mean_needs_its_drops_and_zero_is_one() -> None:
    for drop in ("drop_high", "drop_low"):
        given = json.loads(json.dumps(RANKING))
        del given["parts"][0][drop]
        assert refused("ranking", given).field == f"parts.0.{drop}"
        given["parts"][0][drop] = 0
        assert ask("ranking", given)["ranked"]


WRONG: list[tuple[str, str, object]] = [
    ("deadline", "rule", "civilian"),
    ("deadline", "start", "2026-02-30"),
    ("deadline", "start", "20261123"),
    ("deadline", "start", "２０２６-11-23"),
    ("deadline", "start", 20261123),
    ("deadline", "start", None),
    ("deadline", "length", 30),
    ("deadline", "length", {}),
    ("deadline", "length", {"days": 1, "months": 1}),
    ("deadline", "length.days", 0),
    ("deadline", "length.days", -1),
    ("deadline", "length.days", True),
    ("deadline", "length.days", 30.0),
    ("deadline", "length.days", "30"),
    ("deadline", "length.weeks", 1),
    ("deadline", "length.days", 10**30),
    ("deadline", "length.days", 10**15),
    ("deadline", "pauses", {}),
    ("deadline", "pauses.0.received", "2026-11-30"),
    ("deadline", "pauses.0.received", None),
    ("deadline", "pauses.0.reason", "x"),
    ("deadline", "cap", {}),
    ("deadline", "cap.days", 0),
    ("deadline", "holidays.add.0", "x"),
    ("deadline", "holidays.remove", ["2027-01-04"]),
    ("deadline", "working_days", True),
    ("verdict", "yes", 11.0),
    ("verdict", "yes", "10"),
    ("verdict", "yes", True),
    ("verdict", "no", -1),
    ("verdict", "no", 9),
    ("verdict", "present", 25),
    ("verdict", "recused_present", 21),
    ("verdict", "seats", 0),
    ("verdict", "seats", None),
    ("verdict", "chair", 1),
    ("verdict", "rule", {"quorum": "half"}),
    ("ranking", "parts", []),
    ("ranking", "parts.0.max", True),
    ("ranking", "parts.0.max", 0),
    ("ranking", "parts.0.max", "eighty"),
    ("ranking", "parts.1.aggregate", "sum"),
    ("ranking", "parts.1.key", "technical"),
    ("ranking", "parts.1.drop_high", 1),
    ("ranking", "cutoff.part", "merit"),
    ("ranking", "cutoff.percent", 101),
    ("ranking", "order", []),
    ("ranking", "order.0", "merit"),
    ("ranking", "candidates", None),
    ("ranking", "candidates.0", "A"),
    ("ranking", "candidates.0.id", ""),
    ("ranking", "candidates.0.id", 1),
    ("ranking", "candidates.0.id", "\ud800"),
    ("ranking", "candidates.0.name", "x"),
    ("ranking", "candidates.0.technical", 70),
    ("ranking", "candidates.0.technical", None),
    ("ranking", "candidates.0.technical.0", 81),
    ("ranking", "candidates.0.technical.0", -1),
    ("ranking", "candidates.0.technical.0", True),
    ("ranking", "candidates.0.technical.0", "7_0"),
    ("ranking", "candidates.0.technical.0", "NaN"),
    ("ranking", "candidates.0.technical.0", "1e400"),
    ("ranking", "candidates.0.technical.0", "1e-9999"),
    ("ranking", "candidates.0.technical.0", 10**30),
    ("ranking", "candidates.0.price", [13]),
    ("ranking", "candidates.0.price", "９"),
    ("allocation", "envelope_krw", 1.5e9),
    ("allocation", "envelope_krw", "1500000000"),
    ("allocation", "envelope_krw", -1),
    ("allocation", "envelope_krw", True),
    ("allocation", "cap_krw", 0),
    ("allocation", "max_awards", 1.5),
    ("allocation", "misfit", "pass"),
    ("allocation", "over_cap", None),
    ("allocation", "tie_break.0", "lottery"),
    ("allocation", "proposals", {}),
    ("allocation", "proposals.0.id", ""),
    ("allocation", "proposals.0.score", "high"),
    ("allocation", "proposals.0.score", -1),
    ("allocation", "proposals.0.requested_krw", 0),
    ("allocation", "proposals.0.requested_krw", 480000000.5),
    ("allocation", "proposals.0.received_at", "2026-03-02T09:00:00"),
    ("allocation", "proposals.0.received_at", "2026-03-02T25:00:00+09:00"),
    ("allocation", "proposals.0.received_at", None),
    ("allocation", "proposals.0.rank", 1),
]


@pytest.mark.parametrize(("name", "path", "value"), WRONG)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(name: str, path: str, value: object) -> None:
    fault = refused(name, changed(name, path, value))
    assert fault.field == path or fault.field.startswith((f"{path}.", f"{path}["))


@pytest.mark.parametrize(
    ("name", "key"),
    [(name, key) for name, example in EXAMPLES.items() for key in example]
    + [("ranking", "parts.0.key"), ("ranking", "candidates.0.price"), ("allocation", "proposals.0.score")],
)
def test_what_is_missing_is_named_unless_it_may_be_left_out(name: str, key: str) -> None:
    given = changed(name, key, None)
    *way, last = [int(step) if step.isdigit() else step for step in key.split(".")]
    spot: Any = given
    for step in way:
        spot = spot[step]
    del spot[last]
    optional = {"pauses", "cap", "holidays", "cutoff", "order", "cap_krw", "max_awards", "tie_break"}
    if key in optional:
        assert ask(name, given)["words"]
    else:
        assert refused(name, given).field == key


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1e99999999999999999999", "9" * 5000])
def test_numbers_beyond_measure_are_refused_by_their_field(number: str) -> None:
    score = json.dumps(ALLOCATION).replace('"84.5"', number)
    assert refused("allocation", score).field == "proposals.0.score"
    amount = json.dumps(ALLOCATION).replace("1500000000", number)
    assert refused("allocation", amount).field == "envelope_krw"


def test_no_float_gets_in_past_the_parser() -> None:
    with pytest.raises(BadInput) as fault:
        rules.run_rule("ranking", changed("ranking", "candidates.0.price", 13.5))
    assert fault.value.field.startswith("candidates.0.")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "input"),
        ("{", "input"),
        ("[]", "input"),
        ("null", "input"),
        ("[" * 100_000, "input"),
        ('{"seats": 24, "seats": 25}', "seats"),
        ('{"\\ud800": 1}', "input"),
    ],
)
def test_what_is_no_input_at_all(text: str, field: str) -> None:
    assert refused("verdict", text).field == field


def test_an_unknown_rule_is_refused() -> None:
    assert refused("lottery", {}).field == "name"


def test_every_fault_of_shape_speaks_korean() -> None:
    seen = {refused(name, changed(name, path, value)).text.ko for name, path, value in WRONG}
    assert "값이 올바르지 않습니다." not in seen
    assert set(KOREAN.values()) & seen
