"""The shape of a workflow definition: YAML in, frozen objects out. Anything unknown is refused."""

from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from workflows import plain_yaml
from workflows.text import Text

DEFINITIONS = Path(__file__).parent / "definitions"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
StateName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]*$")]


class Strict(BaseModel):
    """Base of every part: unknown keys are refused, nothing can be changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """A label in both languages."""

    ko: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def text(self) -> Text:
        """The label as Text."""
        return Text(self.ko, self.en)


class Phase(Strict):
    """One step of the progress bar shown to everybody."""

    key: Name
    label: Words


class State(Strict):
    """A state: whose turn it is in it, and what comes next in one sentence."""

    label: Words
    phase: Name
    turn: Name | None = None
    next: Words
    tone: Literal["neutral", "info", "warning", "success", "danger"] = "neutral"
    final: bool = False
    veil: StateName | None = None
    """The state that people outside the decision are shown instead, until it is announced."""
    decided: bool = False
    """Whether being here means that a decision on the merits exists (used by the model check)."""


class GuardUse(Strict):
    """A guard by its registered name, with the parameters this definition gives it."""

    name: Name
    params: dict[str, Any] = Field(default_factory=dict)


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) != len(names):
        raise ValueError("the same name stands twice")
    return names


Names = Annotated[tuple[Name, ...], AfterValidator(_unique)]


class Transition(Strict):
    """One arrow (or, without `to`, one act that leaves the state as it is)."""

    code: str
    trigger: Name
    label: Words
    sources: Annotated[tuple[StateName, ...], AfterValidator(_unique)] = Field(alias="from", min_length=1)
    to: StateName | None = None
    who: Names = Field(min_length=1)
    guards: tuple[GuardUse, ...] = ()
    source: str = Field(min_length=1)
    """The article of law or the document this arrow rests on."""
    starts: Names = ()
    stops: Names = ()
    pauses: bool = False
    resumes: bool = False
    notify: Names = ()
    escape: bool = False
    """A way out that is no decision (withdraw, lapse, return): taken away in the model check."""
    shown: Literal["all", "inside", "after"] = "all"
    """Who reads the event: everyone on the case, only the inside, or the applicant once announced."""
    final_act: bool = False
    """Cannot be undone: the page says what it will do before it does it."""

    @model_validator(mode="before")
    @classmethod
    def _short_guards(cls, raw: Any) -> Any:
        """Allow `- name` beside `- name: {param: value}` in the YAML."""
        if isinstance(raw, dict) and "guards" in raw:
            raw = {**raw, "guards": [_guard_use(use) for use in raw["guards"]]}
        return raw


def _guard_use(use: Any) -> Any:
    if isinstance(use, str):
        return {"name": use}
    if isinstance(use, dict) and len(use) == 1 and "name" not in use:
        ((name, params),) = use.items()
        return {"name": name, "params": params or {}}
    return use


class ClockRule(Strict):
    """A deadline: which calculator counts it, how long, who holds it and what its lapse means."""

    label: Words
    calculator: Literal["civil", "petition", "sanction", "backward"]
    days: int = Field(ge=1, le=3660)
    setting: Name | None = None
    """Key under the cycle's clocks that overrides `days`."""
    holder: Name
    article: str = Field(min_length=1)
    lapse: Words
    trigger: Name | None = None
    """What the system proposes when it lapses; never carried out by the system itself."""
    recurs: bool = False
    outlasts: bool = False
    """Runs on after the case has ended and out by itself (the time to object): nobody has to stop it."""
    by_act: bool = False
    """One for each thing an act is about (a condition): the act starts and stops it with its own date; what the
    definition says is where it may run. A move out of the state stops all of them."""
    first_hearing: bool = False
    """Does not run again once the case was heard anew (no further objection lies)."""
    ahead: tuple[int, ...] = ()
    """How many days before the date its holder is reminded."""


class Definition(Strict):
    """One version of one workflow. Published versions never change (LOCK)."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    version: int = Field(ge=1)
    programme: str
    label: Words
    source: str
    initial: StateName
    roles: dict[Name, Words]
    phases: tuple[Phase, ...]
    states: dict[StateName, State]
    transitions: tuple[Transition, ...]
    clocks: dict[Name, ClockRule] = Field(default_factory=dict)
    assume: dict[str, list[Any]] = Field(default_factory=dict)
    """Facts no actor can change, with every value under which a decision must stay possible."""

    @property
    def key(self) -> tuple[str, int]:
        """(id, version)."""
        return self.id, self.version

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The transitions and acts that are drawn out of `state`."""
        return self._drawn[0].get(state, ())

    def find(self, state: str, trigger: str) -> Transition | None:
        """The one transition `trigger` has in `state`, if any."""
        return self._drawn[1].get((state, trigger))

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def _drawn(self) -> tuple[dict[str, tuple[Transition, ...]], dict[tuple[str, str], Transition]]:
        """state -> transitions and (state, trigger) -> transition, built once: pages pay a dict lookup."""
        leaving: dict[str, list[Transition]] = {}
        found: dict[tuple[str, str], Transition] = {}
        for transition in self.transitions:
            for state in transition.sources:
                leaving.setdefault(state, []).append(transition)
                found.setdefault((state, transition.trigger), transition)
        return {state: tuple(items) for state, items in leaving.items()}, found


class FaultyDefinition(ValueError):
    """A published definition that `verify` does not let pass; names the first fault and counts the rest."""


def parse(text: str) -> Definition:
    """A definition from YAML text.

    Raises:
        ValueError: something in it is unknown, missing or of the wrong shape.
    """
    return Definition.model_validate(plain_yaml.read(text))


def digest(path: Path) -> str:
    """sha256 of a definition file, as LOCK holds it."""
    return sha256(path.read_bytes()).hexdigest()


def locked() -> dict[tuple[str, int], str]:
    """(id, version) -> sha256 of every published definition."""
    lines = (DEFINITIONS.parent / "LOCK").read_text("utf-8").split("\n")
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {(name, int(version)): sha for name, version, sha in rows}


@cache
def load(definition_id: str, version: int) -> Definition:
    """A published definition.

    Raises:
        LookupError: no such definition, or its text is not the one that was published.
        FaultyDefinition: a case could get stuck in it, or it names what does not exist.
    """
    from workflows.verify import verify  # here, because verify needs the shape that is defined above

    path = DEFINITIONS / definition_id / f"v{version}.yaml"
    known = locked().get((definition_id, version))
    if known is None or not path.is_file():
        raise LookupError(f"no published definition {definition_id} v{version}")
    if digest(path) != known:
        raise LookupError(f"{definition_id} v{version} is not the text that LOCK holds")
    definition = parse(path.read_text("utf-8"))
    faults = verify(definition)
    if faults:
        first = faults[0]
        raise FaultyDefinition(f"{definition_id} v{version}: {len(faults)} faults; {first.where}: {first.text.en}")
    return definition


@cache
def newest(definition_id: str) -> Definition:
    """The latest published version, under which new cases are opened."""
    versions = [version for name, version in locked() if name == definition_id]
    if not versions:
        raise LookupError(f"no published definition {definition_id}")
    return load(definition_id, max(versions))


@cache
def all_published() -> tuple[Definition, ...]:
    """Every published definition, in the order of LOCK. Kept: a page asked ten times, 0.24 ms of reading LOCK."""
    return tuple(load(name, version) for name, version in locked())
