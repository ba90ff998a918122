"""What the files say of a person and the parties of a case, side by side. Three states, never two.

Each check answers "found", "none" or "unknown": where there is nothing to compare it could not be checked, and that
is never shown as "none". A check finds ties; whether they are a conflict is said by the person or decided at the desk.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows import interest_names as names
from workflows.interest_rules import RuleSet
from workflows.text import Text

State = Literal["found", "none", "unknown"]
KINDS: dict[str, Text] = {
    "employment": Text("재직", "Employment"),
    "officer": Text("임원·대표자·사외이사", "Officer, representative or outside director"),
    "advisory": Text("자문·고문·대리", "Adviser, counsel or agent"),
    "holding": Text("주식·지분 보유", "Shares or equity"),
    "family": Text("가족의 재직·임원", "Family member employed or officer"),
    "account": Text("이 시스템의 기관 구성원", "Acts for the organisation here"),
}
STATES: dict[State, Text] = {
    "found": Text("해당 사항 발견", "Match found"),
    "none": Text("해당 사항 없음", "None found"),
    "unknown": Text("확인할 수 없음", "Could not be checked"),
}


@dataclass(frozen=True, slots=True)
class Tie:
    """A bond of a person with an organisation. `until` is the last day, None while it lasts."""

    organisation: tuple[str, ...]
    """Its names, as written, in any language."""
    kind: str
    register_number: str = ""
    since: date | None = None
    until: date | None = None

    def lasts_on(self, day: date) -> bool:
        """Whether the bond is alive on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Party:
    """The applicant, a consortium member or a partner, with the people named for it."""

    part: Text
    names: tuple[str, ...]
    register_number: str = ""
    people: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The first of its names."""
        return next((name for name in self.names if name), "")


@dataclass(frozen=True, slots=True)
class Person:
    """What is on file of a person. `stated`: he has said what his ties are (or that there are none)."""

    names: tuple[str, ...]
    ties: tuple[Tie, ...]
    stated: bool
    appointed_on: date | None = None
    adviser: bool | None = None
    """Whether he advises or advised on this very case; None where that is not on file."""
    reciprocal: bool | None = None
    """Whether people of the applicant judge a case of his own organisation in this cycle."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the evidence: what was compared, what came out, by which grounds it would be a conflict."""

    key: str
    label: Text
    state: State
    details: tuple[Text, ...] = ()
    grounds: tuple[str, ...] = ()

    @property
    def words(self) -> Text:
        """The state in words."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class _Matter:
    person: Person
    parties: Sequence[Party]
    rules: RuleSet
    day: date

    def matches(self, ties: Iterable[Tie], by: Callable[[Tie, Party], bool]) -> list[tuple[Tie, Party]]:
        return [(tie, party) for tie in ties for party in self.parties if by(tie, party)]

    def ties(self, *kinds: str, live: bool) -> list[Tie]:
        return [t for t in self.person.ties if t.kind in kinds and t.lasts_on(self.day) is live]


def same_number(tie: Tie, party: Party) -> bool:
    """Whether both carry the same number in the register."""
    ours = names.register_number(tie.register_number)
    return bool(ours) and ours == names.register_number(party.register_number)


def same_name(tie: Tie, party: Party) -> bool:
    """Whether any of their names are the same, legal forms and spelling aside."""
    return bool(_names(tie.organisation) & _names(party.names))


def alike_name(tie: Tie, party: Party) -> bool:
    """Whether a name of one stands inside a name of the other, without being the same."""
    if same_name(tie, party):
        return False
    return any(names.alike(a, b) for a in _names(tie.organisation) for b in _names(party.names))


def same_body(tie: Tie, party: Party) -> bool:
    """The same by number or by name."""
    return same_number(tie, party) or same_name(tie, party)


def _names(given: Iterable[str]) -> set[str]:
    return {key for name in given if (key := names.organisation(name))}


def check(person: Person, parties: Sequence[Party], rules: RuleSet, day: date) -> tuple[Check, ...]:
    """Every check on `day`, in the order in which they are shown. Only grounds of `rules` are named."""
    matter = _Matter(person, parties, rules, day)
    found = (
        _affiliation(matter),
        _register(matter),
        _similar(matter),
        _advisory(matter),
        _holding(matter),
        _past(matter),
        _own_name(matter),
        _adviser(matter),
        _reciprocal(matter),
    )
    held = rules.grounds
    return tuple(
        Check(one.key, one.label, one.state, one.details, tuple(g for g in one.grounds if g in held)) for one in found
    )


def needs_look(checks: Iterable[Check]) -> State:
    """The worst of them: found before unknown before none."""
    states = {one.state for one in checks}
    return "found" if "found" in states else "unknown" if "unknown" in states else "none"


def _state(matter: _Matter, found: bool) -> State:
    if found:
        return "found"
    return "none" if matter.person.stated and any(party.shown for party in matter.parties) else "unknown"


def _said(tie: Tie, party: Party) -> Text:
    kind, mine = KINDS[tie.kind], next((name for name in tie.organisation if name), "")
    span = f"{tie.since.isoformat() if tie.since else ''}~{tie.until.isoformat() if tie.until else ''}".strip("~")
    when = f", {span}" if span else ""
    return Text(
        f"{mine} ({kind.ko}{when}) ↔ {party.part.ko}: {party.shown}",
        f"{mine} ({kind.en}{when}) ↔ {party.part.en}: {party.shown}",
    )


def _told(pairs: Sequence[tuple[Tie, Party]]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(_said(tie, party) for tie, party in pairs))


def _affiliation(matter: _Matter) -> Check:
    pairs = matter.matches(matter.ties("employment", "officer", "family", "account", live=True), same_body)
    return Check(
        "affiliation",
        Text("현재 소속", "Present affiliation"),
        _state(matter, bool(pairs)),
        _told(pairs),
        ("act_officer", "house_employed"),
    )


def _register(matter: _Matter) -> Check:
    pairs = matter.matches(matter.person.ties, same_number)
    ours = [names.register_number(tie.register_number) for tie in matter.person.ties]
    theirs = [names.register_number(party.register_number) for party in matter.parties]
    comparable = any(ours) and all(theirs) and bool(theirs) and matter.person.stated
    label = Text("등록번호", "Register number")
    if pairs:
        return Check("register", label, "found", _told(pairs), ("act_officer", "house_employed"))
    return Check("register", label, "none" if comparable else "unknown", _lacking(ours, theirs, comparable))


def _lacking(ours: list[str], theirs: list[str], comparable: bool) -> tuple[Text, ...]:
    if comparable:
        return ()
    ours_missing = Text("본인이 적은 소속에 등록번호가 없습니다.", "No affiliation on file carries a number.")
    missing = sum(not number for number in theirs)
    theirs_missing = Text(
        f"신청기관·참여기관 {missing}곳의 등록번호가 없습니다.",
        f"{missing} of the parties {'has' if missing == 1 else 'have'} no number on file.",
    )
    return (*((ours_missing,) if not any(ours) else ()), *((theirs_missing,) if missing else ()))


def _similar(matter: _Matter) -> Check:
    pairs = matter.matches(matter.person.ties, alike_name)
    return Check(
        "similar",
        Text("비슷한 기관명", "Similar names"),
        _state(matter, bool(pairs)),
        _told(pairs),
        ("act_officer", "house_employed"),
    )


def _advisory(matter: _Matter) -> Check:
    live = matter.matches(matter.ties("advisory", live=True), same_body)
    past = [pair for pair in matter.matches(matter.ties("advisory", live=False), same_body) if _recent(matter, pair[0])]
    return Check(
        "advisory",
        Text("자문·대리 관계", "Adviser or agent"),
        _state(matter, bool(live or past)),
        _told([*live, *past]),
        (*(("act_client", "house_agent") if live else ()), *(("act_past_client",) if past else ())),
    )


def _holding(matter: _Matter) -> Check:
    pairs = matter.matches(matter.ties("holding", live=True), same_body)
    return Check(
        "holding",
        Text("주식·지분 보유", "Shares or equity"),
        _state(matter, bool(pairs)),
        _told(pairs),
        ("act_holding",),
    )


def _past(matter: _Matter) -> Check:
    ties = [t for t in matter.ties("employment", "officer", "account", live=False) if _recent(matter, t)]
    pairs = matter.matches(ties, same_body)
    years = max((g.look_back_years or 0 for g in matter.rules.grounds.values()), default=0)
    return Check(
        "past",
        Text(f"과거 재직 ({years}년 이내)", f"Past employment (within {years} years)"),
        _state(matter, bool(pairs)),
        _told(pairs),
        tuple(key for key in ("act_past_employer", "house_employed") if any(_within(matter, key, t) for t, _ in pairs)),
    )


def _recent(matter: _Matter, tie: Tie) -> bool:
    """Whether it ended within the look-back of any ground (one without dates may have)."""
    return any(_within(matter, key, tie) for key in ("act_past_employer", "act_past_client", "house_employed"))


def _within(matter: _Matter, key: str, tie: Tie) -> bool:
    ground = matter.rules.grounds.get(key)
    if ground is None or ground.look_back_years is None:
        return False
    if tie.until is None:
        return True
    start = matter.day if ground.counted_from == "today" else (matter.person.appointed_on or matter.day)
    return tie.until >= years_before(start, ground.look_back_years)


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _own_name(matter: _Matter) -> Check:
    mine = {key for name in matter.person.names if (key := names.person(name))}
    named = [(party, name) for party in matter.parties for name in party.people if names.person(name)]
    hits = [(party, name) for party, name in named if names.person(name) in mine]
    state: State = "found" if hits else "none" if mine and named else "unknown"
    told = tuple(
        Text(f"{party.part.ko} {party.shown}: {name}", f"{party.part.en} {party.shown}: {name}") for party, name in hits
    )
    label = Text("같은 이름의 관계자", "People of the same name")
    return Check("own_name", label, state, told, ("act_family", "house_party", "house_relative"))


def _adviser(matter: _Matter) -> Check:
    was = matter.person.adviser
    state: State = "unknown" if was is None else "found" if was else "none"
    told = (Text("이 사건의 사전컨설팅 자문가입니다.", "Advised on this case in pre-consulting."),) if was else ()
    return Check("adviser", Text("이 사건의 자문가", "Adviser of this case"), state, told, ("house_adviser",))


def _reciprocal(matter: _Matter) -> Check:
    was = matter.person.reciprocal
    state: State = "unknown" if was is None else "found" if was else "none"
    told = (
        Text(
            "신청기관의 구성원이 이 사람이 속한 기관의 사건을 평가하고 있습니다.",
            "People of the applicant are judging a case of this person's organisation.",
        ),
    )
    return Check(
        "reciprocal",
        Text("상호 평가", "Judging each other"),
        state,
        told if was else (),
        ("act_other",),
    )
