"""The shape of a programme: its types and its cycles, with what each cycle publishes, pays and decides by.

Read from `programmes/<id>.yaml`. Facts and samples stand beside each other there, so every cycle names which
of its values are samples. It must never supply a value that the file leaves blank, and it decides nothing.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from workflows import plain_yaml
from workflows.form_schema import Key, Strict, Words, load_form

PROGRAMMES = Path(__file__).parent / "programmes"

Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Krw = Annotated[int, Field(gt=0)]
Calculator = Literal["civil", "petition", "sanction", "backward"]
Regime = Literal["procurement", "subsidy_act", "rnd_act", "agency_agreement"]


class Versioned(Strict):
    """A form or a definition, and the version of it that new cases take."""

    id: str
    version: int = Field(ge=1)


class ProgrammeType(Strict):
    """One kind of project a programme supports."""

    id: str
    name: Words
    applicant: Words
    form: Versioned
    definition: Versioned


class Setting(Strict):
    """A length or a limit. For days, `rule` is the calculator of `workflows.deadlines` that counts them."""

    value: int = Field(gt=0)
    unit: Literal["days", "count"]
    rule: Calculator | None
    name: Words
    source: str

    @model_validator(mode="after")
    def _days_have_a_calculator(self) -> Self:
        if (self.unit == "days") != (self.rule is not None):
            raise ValueError("days are counted by a calculator, and only days are")
        return self


class Criterion(Strict):
    """One thing evaluators judge. `max` are points; a score of 0 is a score."""

    key: Key
    name: Words
    guide: Words
    max: int = Field(gt=0)


class Part(Strict):
    """One part of the total, as the rule `ranking` takes it."""

    key: Key
    max: int = Field(gt=0)
    aggregate: Literal["trimmed_mean", "mean", "median", "given"]
    drop_high: int = Field(default=0, ge=0)
    drop_low: int = Field(default=0, ge=0)
    min_ballots: int = Field(default=0, ge=0)


class Cutoff(Strict):
    """Below `percent` of the part's maximum a proposal is excluded before ranking."""

    part: Key
    percent: int = Field(ge=0, le=100)


class Ranking(Strict):
    """The rule of a cycle, exactly the arguments of `ranking` without its candidates."""

    parts: tuple[Part, ...] = Field(min_length=1)
    cutoff: Cutoff | None
    order: tuple[Key, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_its_parts(self) -> Self:
        known = {part.key for part in self.parts}
        if not set(self.order) <= known | {"total"} or (self.cutoff and self.cutoff.part not in known):
            raise ValueError("order and cutoff may only name parts, and order also total")
        return self


class Committee(Strict):
    """The body that resolves on the proposals of a cycle; by which rule is dated (workflows/committee_rules.py)."""

    name: Words
    seats: int = Field(gt=0)


class Allocation(Strict):
    """How money is given out, the settings of `allocation` that are not amounts."""

    misfit: Literal["skip", "stop"]
    over_cap: Literal["refuse", "reduce"]
    tie_break: tuple[Literal["earlier_receipt"], ...]


class Bonus(Strict):
    """Bonus points for matching of at least `from_percent` of the subsidy, in cash and in kind together."""

    from_percent: int = Field(gt=0)
    points: int = Field(gt=0)


class Matching(Strict):
    """What the applicant must or may put in. `required_percent` counts against the whole cost."""

    rule: Literal["none", "voluntary", "required"]
    required_percent: int | None = None
    labour_max_percent_of_subsidy: int | None = None
    bonus: tuple[Bonus, ...] = ()


class Published(Strict):
    """What the ministry said came in and went out. Counts; None where no source was found."""

    applications: int | None = None
    countries: int | None = None
    selected: int | None = None
    total_krw: Krw | None = None


class Track(Strict):
    """A part of a call with its own cap, as in 2020 and 2021."""

    key: Key
    name: Words
    cap_krw: Krw | None = None
    published: Published = Published()


class Cycle(Strict):
    """One round of one type. `year` is the fiscal year whose budget pays, not the year of receipt.

    `samples` names the fields whose value is ours and not published. A field that is None was not found.
    `settings` overrides, for this cycle, settings of the programme or of the definition (days or a count).
    """

    key: str
    year: int
    type: str
    always_open: bool
    opens: date | None
    closes: date | None
    cut_off: date | None
    decision_month: Month | None
    cap_krw: Krw | None
    envelope_krw: Krw | None
    planned_awards: int | None
    matching: Matching | None
    regime: Regime | None
    criteria: tuple[Criterion, ...]
    ranking: Ranking | None
    committee: Committee | None
    allocation: Allocation | None
    one_live_project_per_applicant_and_city: bool
    settings: dict[Key, int] = Field(default_factory=dict)
    tracks: tuple[Track, ...] = ()
    published: Published
    source: str
    note: Words
    samples: frozenset[str]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        unknown = self.samples - set(type(self).model_fields) - {"criteria_weights"}
        if unknown:
            raise ValueError(f"{self.key}: samples names no field: {sorted(unknown)}")
        if self.criteria and "criteria_weights" not in self.samples:
            raise ValueError(f"{self.key}: no weight was ever published, so criteria_weights are samples")
        if self.always_open and self.closes:
            raise ValueError(f"{self.key}: what is always open has a cut-off and does not close")
        if self.opens and (last := self.closes or self.cut_off) and last < self.opens:
            raise ValueError(f"{self.key}: ends before it opens")
        return self


class Programme(Strict):
    """A programme with its types, its cycles and the settings no state definition holds."""

    id: str
    code: str
    name: Words
    ministry: Words
    legal_basis: Words
    types: tuple[ProgrammeType, ...] = Field(min_length=1)
    settings: dict[Key, Setting]
    cycles: tuple[Cycle, ...]

    def cycle(self, key: str) -> Cycle:
        """The cycle of that key; KeyError if there is none."""
        return {cycle.key: cycle for cycle in self.cycles}[key]

    def type_(self, type_id: str) -> ProgrammeType:
        """The type of that id; KeyError if there is none."""
        return {kind.id: kind for kind in self.types}[type_id]

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        if len({cycle.key for cycle in self.cycles}) != len(self.cycles):
            raise ValueError("cycle keys are not unique")
        for kind in self.types:
            load_form(kind.form.id, kind.form.version)
        for cycle in self.cycles:
            if cycle.type not in {kind.id for kind in self.types}:
                raise ValueError(f"{cycle.key}: no type {cycle.type}")
        return self


@cache
def load_programme(programme_id: str) -> Programme:
    """The programme of that id, checked. FileNotFoundError if there is none, ValidationError if faulty."""
    read = plain_yaml.read((PROGRAMMES / f"{programme_id}.yaml").read_text(encoding="utf-8"))
    read.pop("shared", None)
    return Programme.model_validate(read)
