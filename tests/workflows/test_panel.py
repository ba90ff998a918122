"""A balanced proposal fills gaps, keeps its limits and says why; the same people give the same proposal."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from workflows.panel import EXPERTISE, REGIONS, Person, Wanted, counted_load, institution_key, may_be_asked, propose
from workflows.text import Text, because


def person(id_: int, *expertise: str, institution: str = "", region: str = "", load: int = 0, cap: int | None = 9):
    return Person(id_, Text(f"위원{id_}", f"E{id_}"), frozenset(expertise), institution, region, load, cap)


def chosen(people, wanted):
    return [one.person.id for one in propose(people, wanted).chosen]


def test_the_first_to_fill_a_gap_comes_before_the_one_who_knows_what_is_known() -> None:
    people = [person(1, "transport"), person(2, "transport"), person(3, "water")]
    assert chosen(people, Wanted(2, frozenset({"transport", "water"}))) == [1, 3]


def test_one_institution_in_two_spellings_is_one() -> None:
    people = [
        person(1, institution="한빛 연구원"),
        person(2, institution="한빛연구원"),
        person(3, institution="다른 곳"),
    ]
    found = propose(people, Wanted(3, frozenset()))
    assert [one.person.id for one in found.chosen] == [1, 3] and found.short == 1
    assert {one.person.id: one.reason.code for one in found.left_out} == {2: "institution_full"}
    assert chosen(people, Wanted(3, frozenset(), most_per_institution=2)) == [1, 2, 3]
    assert institution_key("A&B Co., Ltd.") == institution_key("a b co ltd")


def test_who_sits_already_counts_for_institution_region_and_sectors() -> None:
    seated = (person(9, "water", institution="가", region="capital"),)
    people = [person(1, institution="가"), person(2, region="capital"), person(3, "water", region="honam")]
    found = propose(people, Wanted(3, frozenset({"water", "energy"}), 1, 1, seated))
    assert [one.person.id for one in found.chosen] == [3]
    assert {one.reason.code for one in found.left_out} == {"institution_full", "region_full"}
    assert found.sectors_open == ("energy",)


def test_load_and_bars_keep_out_and_say_so_in_words() -> None:
    full = person(1, load=2, cap=2)
    reason = may_be_asked(full)
    assert reason is not None and reason.code == "load_cap" and "2건" in reason.text.ko
    assert may_be_asked(person(1, load=99, cap=None)) is None, "who has given no limit has none"
    assert may_be_asked(person(1, cap=0)) is not None
    barred = Person(1, Text("가", "a"), barred=because("x", "가", "a"))
    assert may_be_asked(barred) == barred.barred


def test_fewer_duties_and_a_region_not_there_yet_come_first() -> None:
    people = [person(1, region="capital", load=3), person(2, region="capital"), person(3, region="jeju", load=8)]
    assert chosen(people, Wanted(3, frozenset())) == [2, 3, 1]


def test_each_choice_is_explained_also_what_could_not_be_checked() -> None:
    found = propose([person(1, "water", cap=None, load=1)], Wanted(1, frozenset({"water"})))
    said = " ".join(reason.ko for reason in found.chosen[0].reasons)
    assert "물관리" in said and "한도 미입력" in said and "확인하지 못함" in said
    (none,) = propose([person(2, "energy", institution="가", region="jeju")], Wanted(1, frozenset({"water"}))).chosen
    assert "일치하는 전문분야 없음" in none.reasons[0].ko and "제주의 첫 위원" in none.reasons[1].ko


def test_every_person_is_either_chosen_or_left_out_with_a_reason() -> None:
    people = [person(n, institution=f"기관{n % 3}") for n in range(1, 9)]
    found = propose(people, Wanted(5, frozenset()))
    everyone = [one.person.id for one in found.chosen] + [one.person.id for one in found.left_out]
    assert sorted(everyone) == list(range(1, 9))


people_given = st.lists(
    st.builds(
        lambda e, i, r, load, cap: (frozenset(e), i, r, load, cap),
        st.sets(st.sampled_from(sorted(EXPERTISE)), max_size=3),
        st.sampled_from(["", "가", "나", "다"]),
        st.sampled_from(["", *sorted(REGIONS)[:3]]),
        st.integers(0, 4),
        st.one_of(st.none(), st.integers(0, 4)),
    ),
    max_size=12,
)


@given(people_given, st.integers(1, 6), st.integers(1, 3), st.one_of(st.none(), st.integers(1, 3)), st.randoms())
def test_limits_hold_whoever_comes_in_whatever_order(given_, seats, inst, region, rng: Random) -> None:
    people = [Person(n, Text("가", "a"), *row) for n, row in enumerate(given_, 1)]
    wanted = Wanted(seats, frozenset({"water", "energy"}), inst, region)
    found = propose(people, wanted)
    shuffled = people[:]
    rng.shuffle(shuffled)
    assert propose(shuffled, wanted) == found
    seated = [one.person for one in found.chosen]
    assert len(seated) + found.short == seats
    for place in {p.institution for p in seated} - {""}:
        assert sum(p.institution == place for p in seated) <= inst
    for place in {p.region for p in seated} - {""} if region else ():
        assert sum(p.region == place for p in seated) <= region
    assert all(may_be_asked(p) is None for p in seated)
    assert len(seated) + len(found.left_out) == len(people)


def test_a_declined_or_excused_duty_is_no_load() -> None:
    assert counted_load([{"excused": None}, {"excused": "2026"}, {}]) == 2
