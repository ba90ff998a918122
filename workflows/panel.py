"""Forming a panel: a balanced proposal that explains itself, and what each person may be asked.

A proposal is advice: an officer invites. Nothing is hidden in a weight: each choice names what spoke for it, each
person left out the rule that did it. Pure; equal data gives the equal proposal.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workflows.text import Reason, Text, because
from workflows.words import listing

EXPERTISE: dict[str, Text] = {
    "transport": Text("교통", "Transport"),
    "environment": Text("환경", "Environment"),
    "energy": Text("에너지", "Energy"),
    "safety": Text("방범·방재", "Safety"),
    "water": Text("물관리", "Water"),
    "e_government": Text("행정", "E-government"),
    "health": Text("보건·의료", "Health"),
    "welfare": Text("복지", "Welfare"),
    "culture": Text("문화·관광", "Culture and tourism"),
    "employment": Text("고용·산업", "Employment and industry"),
}
"""The sectors of the application form: what a case is about and what an evaluator knows are one list."""

REGIONS: dict[str, Text] = {
    "capital": Text("수도권", "Capital region"),
    "gangwon": Text("강원권", "Gangwon"),
    "chungcheong": Text("충청권", "Chungcheong"),
    "honam": Text("호남권", "Honam"),
    "daegyeong": Text("대경권", "Daegu and North Gyeongsang"),
    "dongnam": Text("동남권", "Busan, Ulsan and South Gyeongsang"),
    "jeju": Text("제주", "Jeju"),
    "abroad": Text("국외", "Abroad"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One who may be asked. `cap` None: he has given none. `barred`: why he may not be on this panel at all."""

    id: int
    name: Text
    expertise: frozenset[str] = frozenset()
    institution: str = ""
    region: str = ""
    load: int = 0
    """Duties of this year: declined and excused ones do not count."""
    cap: int | None = None
    barred: Reason | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the panel should be: how many, for which sectors, at most how many of one institution and region."""

    seats: int
    sectors: frozenset[str]
    most_per_institution: int = 1
    most_per_region: int | None = None
    seated: tuple[Person, ...] = ()
    """Who is on the panel already; their institutions and regions count."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the proposal and what spoke for him."""

    person: Person
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One who is not proposed, and the rule."""

    person: Person
    reason: Reason


@dataclass(frozen=True, slots=True)
class Proposal:
    """`short` is how many seats nobody could be found for."""

    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    short: int
    sectors_open: tuple[str, ...]
    """Sectors of the case that nobody on the panel knows."""


@dataclass(slots=True)
class _Table:
    """Who sits already, while the panel is filled."""

    institutions: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)

    def seat(self, person: Person) -> None:
        self.institutions[institution_key(person.institution)] += 1
        self.regions[person.region] += 1
        self.known |= person.expertise


def institution_key(name: str) -> str:
    """Two spellings of one institution are one: letters and digits only, in lower case; empty for none."""
    return "".join(c for c in name.casefold() if c.isalnum())


def may_be_asked(person: Person) -> Reason | None:
    """Why this person cannot be asked for any seat, or None."""
    if person.barred is not None:
        return person.barred
    if person.cap is not None and person.load >= person.cap:
        return because(
            "load_cap",
            f"올해 위촉 {person.load}건으로 본인이 정한 한도 {person.cap}건에 이르렀습니다.",
            f"Has {person.load} dut{'y' if person.load == 1 else 'ies'} this year, the most agreed to is {person.cap}.",
        )
    return None


def propose(people: Iterable[Person], wanted: Wanted) -> Proposal:
    """Fill the seats one by one: next is who adds a sector nobody knows yet, then who knows most of the case's
    sectors, then whose region is represented least, then who has the fewest duties this year, then the lowest id.
    """
    table = _Table()
    for person in wanted.seated:
        table.seat(person)
    left_out: list[LeftOut] = []
    able: list[Person] = []
    for person in sorted(people, key=lambda p: p.id):
        reason = may_be_asked(person)
        if reason is None:
            able.append(person)
        else:
            left_out.append(LeftOut(person, reason))
    chosen: list[Chosen] = []
    while len(chosen) < wanted.seats:
        fits = [p for p in able if _crowded(p, wanted, table) is None]
        if not fits:
            break
        best = min(fits, key=lambda p: _merit(p, wanted, table))
        chosen.append(Chosen(best, _said_for(best, wanted, table)))
        table.seat(best)
        able.remove(best)
    for person in able:
        reason = _crowded(person, wanted, table) or because(
            "seats_filled", "다른 후보가 먼저 선정되어 자리가 찼습니다.", "The seats went to others first."
        )
        left_out.append(LeftOut(person, reason))
    left_out.sort(key=lambda one: one.person.id)
    return Proposal(
        tuple(chosen), tuple(left_out), wanted.seats - len(chosen), tuple(sorted(wanted.sectors - table.known))
    )


def _merit(person: Person, wanted: Wanted, table: _Table) -> tuple[int, int, int, int, int]:
    mine = person.expertise & wanted.sectors
    return (-len(mine - table.known), -len(mine), table.regions[person.region], person.load, person.id)


def _crowded(person: Person, wanted: Wanted, table: _Table) -> Reason | None:
    key = institution_key(person.institution)
    if key and table.institutions[key] >= wanted.most_per_institution:
        return because(
            "institution_full",
            f"같은 기관의 위원이 이미 {table.institutions[key]}명입니다(한도 {wanted.most_per_institution}명).",
            f"{table.institutions[key]} of the same institution already (at most {wanted.most_per_institution}).",
        )
    most = wanted.most_per_region
    if person.region and most is not None and table.regions[person.region] >= most:
        return because(
            "region_full",
            f"같은 권역의 위원이 이미 {table.regions[person.region]}명입니다(한도 {most}명).",
            f"{table.regions[person.region]} of the same region already (at most {most}).",
        )
    return None


def _said_for(person: Person, wanted: Wanted, table: _Table) -> tuple[Text, ...]:
    """What spoke for the person at the moment of the choice, the strongest first."""
    said: list[Text] = []
    mine = person.expertise & wanted.sectors
    new = mine - table.known
    if new:
        said.append(
            Text(f"새로 보태는 전문분야: {_names(new).ko}", f"Adds what nobody on the panel knows: {_names(new).en}")
        )
    if mine - new:
        said.append(Text(f"사업 분야 일치: {_names(mine - new).ko}", f"Knows the sector: {_names(mine - new).en}"))
    if not mine:
        said.append(Text("사업 분야와 일치하는 전문분야 없음", "No expertise in the sectors of the case"))
    if person.region and not table.regions[person.region]:
        region = REGIONS.get(person.region, Text(person.region, person.region))
        said.append(Text(f"권역 균형: {region.ko}의 첫 위원", f"Region: the first from {region.en}"))
    load = Text(f"올해 위촉 {person.load}건", f"{person.load} dut{'y' if person.load == 1 else 'ies'} this year")
    if person.cap is not None:
        load = Text(f"{load.ko}(한도 {person.cap}건)", f"{load.en} (at most {person.cap})")
    else:
        load = Text(f"{load.ko}(한도 미입력)", f"{load.en} (no limit given)")
    said.append(load)
    if not person.institution:
        said.append(
            Text("소속 기관 미입력: 기관 편중을 확인하지 못함", "No institution given: its share could not be checked")
        )
    return tuple(said)


def _names(keys: Iterable[str]) -> Text:
    found: Sequence[Text] = [EXPERTISE.get(key, Text(key, key)) for key in sorted(keys)]
    return Text(listing([one.ko for one in found]).ko, listing([one.en for one in found]).en)


def counted_load(duties: Iterable[Mapping[str, object]]) -> int:
    """How many duties count against a yearly cap: those taken up or still open, not those declined or excused."""
    return sum(not duty.get("excused") for duty in duties)
