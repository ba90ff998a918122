"""The grounds on which a person must keep out of a case, as dated data: workflows/interests/<programme>.yaml.

제척 (exclusion by law), 기피 (challenge by a party) and 회피 (self-recusal) draw on the same grounds. Which of them
hold is a matter of the day: `in_force` gives the set of that day under a name that can be stored and found again.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, model_validator

from workflows.schema import Name, Strict, Words
from workflows.text import Text

INTERESTS = Path(__file__).parent / "interests"
OWN_WORDS = "own_words"
"""Stands for a ground that a person described in his own words only."""


class Ground(Strict):
    """One ground: its words, its article, how many years it looks back, and the days on which it holds."""

    key: Name
    label: Words
    article: str = Field(min_length=1)
    look_back_years: int | None = Field(default=None, ge=1, le=20)
    counted_from: Literal["appointment", "today"] | None = None
    """Where the years are counted back from: the person's appointment or the day of the check."""
    from_: date = Field(alias="from")
    until: date | None = None
    """The first day on which it no longer holds."""

    @model_validator(mode="after")
    def _years_are_counted_from_somewhere(self) -> Self:
        if (self.look_back_years is None) != (self.counted_from is None):
            raise ValueError(f"{self.key}: years to look back and where they are counted from go together")
        if self.until is not None and self.until <= self.from_:
            raise ValueError(f"{self.key}: ends before it begins")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.from_ <= day and (self.until is None or day < self.until)

    @property
    def text(self) -> Text:
        """The ground in words."""
        return self.label.text


class Way(Strict):
    """One of the three ways out of a case: what it is called, what it means, on which article it rests."""

    label: Words
    meaning: Words
    article: str = Field(min_length=1)


class Layer(Strict):
    """A source of grounds. `sample`: no such text is published, so these follow comparable bodies."""

    key: Name
    label: Words
    note: Words
    sample: bool
    grounds: tuple[Ground, ...]


class Ways(Strict):
    """The three ways."""

    exclusion: Way
    challenge: Way
    recusal: Way


class Rules(Strict):
    """Everything a programme says of interests, over time."""

    programme: Name
    ways: Ways
    layers: tuple[Layer, ...]

    @model_validator(mode="after")
    def _keys_stand_once(self) -> Self:
        keys = [ground.key for layer in self.layers for ground in layer.grounds]
        doubled = {key for key in keys if keys.count(key) > 1}
        if doubled or OWN_WORDS in keys:
            raise ValueError(f"grounds stand twice or carry a kept name: {sorted(doubled) or OWN_WORDS}")
        return self


class RuleSet(Strict):
    """What holds on one day. `name` is stored with a declaration: programme and the day of the last change."""

    name: str
    ways: Ways
    layers: tuple[Layer, ...]

    @property
    def grounds(self) -> dict[str, Ground]:
        """key -> ground, in order."""
        return {ground.key: ground for layer in self.layers for ground in layer.grounds}

    def words_of(self, keys: tuple[str, ...] | list[str]) -> list[Ground]:
        """The grounds of these keys, in the order of the set; what is not of this set is left out."""
        return [ground for key, ground in self.grounds.items() if key in keys]


@cache
def rules_of(programme: str) -> Rules:
    """Everything on file for `programme`.

    Raises:
        LookupError: the programme has no rules of interests.
        ValueError: the file is faulty.
    """
    path = INTERESTS / f"{programme}.yaml"
    if not path.is_file():
        raise LookupError(f"no rules of interests for {programme}")
    return Rules.model_validate(yaml.safe_load(path.read_text("utf-8")))


@cache
def in_force(programme: str, day: date) -> RuleSet:
    """The set of `programme` on `day`; empty before the first ground came into force.

    Raises LookupError as `rules_of`.
    """
    rules = rules_of(programme)
    edges = {
        edge
        for layer in rules.layers
        for ground in layer.grounds
        for edge in (ground.from_, ground.until)
        if edge is not None and edge <= day
    }
    name = f"{programme}:{max(edges).isoformat()}" if edges else f"{programme}:none"
    held = [
        layer.model_copy(update={"grounds": tuple(g for g in layer.grounds if g.holds_on(day))})
        for layer in rules.layers
    ]
    return RuleSet(name=name, ways=rules.ways, layers=tuple(layer for layer in held if layer.grounds))


def named(name: str) -> RuleSet | None:
    """The set that was stored under `name`, or None for a name that says nothing."""
    programme, _, day = name.partition(":")
    try:
        return in_force(programme, date.fromisoformat(day) if day != "none" else date.min)
    except (LookupError, ValueError):
        return None
