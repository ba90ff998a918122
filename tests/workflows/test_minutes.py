"""Times of recusal, parts, and the rules under which a part is disclosed."""

from datetime import UTC, date, datetime

import pytest

from workflows.bad_input import BadInput
from workflows.disclosure import Choice, check, choice_of, kind_of, withheld
from workflows.minutes import Span, away, parts, spans

TODAY = date(2026, 11, 22)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


def test_an_item_is_deliberated_from_each_opening_to_each_end() -> None:
    steps = [("open_item", at(14, 5)), ("close_round", at(14, 22)), ("void_vote", at(14, 30)), ("open_item", at(15))]
    assert spans(steps) == [Span(at(14, 5), at(14, 22)), Span(at(15), None)]
    assert spans([]) == [] and spans([("close_ballot", at(14))]) == []


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([Span(at(14), None)], [Span(at(14, 5), at(14, 22))]),
        ([Span(at(14), at(16))], [Span(at(14, 5), at(14, 22))]),
        ([Span(at(14), at(14, 10))], [Span(at(14, 5), None)]),
        ([Span(at(14), at(14, 10)), Span(at(14, 15), at(16))], [Span(at(14, 5), at(14, 22))]),
        ([Span(at(14), at(14, 10)), Span(at(14, 40), at(16))], [Span(at(14, 5), at(14, 40))]),
        ([Span(at(14, 10), at(16))], []),
        ([Span(at(13), at(14))], []),
        ([], []),
    ],
)
def test_a_recused_member_leaves_at_the_opening_and_is_back_when_he_is_back(
    stays: list[Span], expected: list[Span]
) -> None:
    assert away([Span(at(14, 5), at(14, 22))], stays) == expected


def test_an_item_that_never_ended_has_no_return() -> None:
    assert away([Span(at(14, 5), None)], [Span(at(14), None)]) == [Span(at(14, 5), None)]


def test_parts_are_attendance_and_for_each_item_gist_vote_and_what_dissents_there_are() -> None:
    content = {
        "items": [
            {"position": 1, "rounds": [{"dissents": []}, {"dissents": [{}]}]},
            {"position": 3, "rounds": []},
        ]
    }
    keys = [part.key for part in parts(content)]
    assert keys == ["attendance", "item-1-gist", "item-1-vote", "item-1-dissent", "item-3-gist", "item-3-vote"]
    assert [kind_of(key) for key in keys] == ["attendance", "gist", "vote", "dissent", "gist", "vote"]


GOOD = Choice("closed", "5", date(2027, 1, 31), "협의 중")


@pytest.mark.parametrize(
    ("part", "choice", "field"),
    [
        ("item-1-gist", Choice(""), "rule"),
        ("item-1-gist", Choice("closed", "", date(2027, 1, 1), "사유"), "ground"),
        ("item-1-gist", Choice("closed", "9", date(2027, 1, 1), "사유"), "ground"),
        ("attendance", Choice("closed", "6", date(2027, 1, 1), "성명"), "ground"),
        ("item-1-vote", Choice("on_request", "6", None, "성명"), "ground"),
        ("item-1-gist", Choice("closed", "5", date(2027, 1, 1), " "), "reason"),
        ("item-1-gist", Choice("closed", "5", None, "사유"), "until"),
        ("item-1-gist", Choice("closed", "5", date(2026, 11, 21), "사유"), "until"),
    ],
)
def test_a_ruling_the_law_does_not_allow_names_its_field(part: str, choice: Choice, field: str) -> None:
    with pytest.raises(BadInput) as wrong:
        check(part, choice, TODAY)
    assert wrong.value.field == field


def test_personal_data_may_be_a_ground_where_members_do_not_stand_by_name() -> None:
    choice = Choice("closed", "6", TODAY, "민원인의 성명")
    assert check("item-1-gist", choice, TODAY) == choice
    assert check("attendance", Choice("public", "5", None, "남은 말"), TODAY) == Choice()
    assert check("item-1-gist", Choice("on_request", "7", None, "영업비밀"), TODAY).until is None


def test_a_closed_part_opens_the_day_after_its_last_day() -> None:
    assert withheld(GOOD, date(2027, 1, 31)) is not None
    assert withheld(GOOD, date(2027, 2, 1)) is None
    why = withheld(GOOD, TODAY)
    assert why and "제5호" in why.ko and "2027. 1. 31.까지" in why.ko and "until 2027-01-31" in why.en
    assert withheld(Choice(), TODAY) is None
    asked = withheld(Choice("on_request", "7", None, "영업비밀"), date(2040, 1, 1))
    assert asked and "청구" in asked.ko


def test_a_part_nobody_ruled_on_stays_closed() -> None:
    why = withheld(choice_of(None), TODAY)
    assert why and "정해지지" in why.ko
    assert choice_of(GOOD.row()) == GOOD and choice_of(Choice().row()) == Choice()
