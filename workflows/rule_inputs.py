"""The shapes of the rules' JSON, one model per rule.

Unknown keys are refused, nothing is converted, no float gets in.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from workflows.funding import Misfit, OverCap, TieBreak
from workflows.scoring import Aggregate
from workflows.verdict import Base, Quorum, Threshold

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(DAY.pattern + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})")
LONGEST = 40  # digits of a score before or after the point
LARGEST = 10**20  # more won than there are, and still a number people can read


def exact(value: object) -> Decimal:
    """A JSON number (read as int or Decimal) or a decimal string, as it is written.

    Floats and booleans are refused.
    """
    if isinstance(value, str) and len(value) <= 2 * LONGEST and DECIMAL.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST:
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise PydanticCustomError("not_a_number", "must be a number or a decimal string")
    exponent = value.as_tuple().exponent
    if not (isinstance(exponent, int) and exponent >= -LONGEST and value.adjusted() <= LONGEST):
        raise PydanticCustomError("too_long", "has more digits than a score may have")
    return value


def day(value: object) -> date:
    """A date of law, written YYYY-MM-DD."""
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # the 30th of February: same answer as below
    raise PydanticCustomError("not_a_date", "must be a date like 2026-11-23")


def moment(value: object) -> datetime:
    """A moment with its time zone, ISO 8601."""
    try:
        if isinstance(value, str) and MOMENT.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("not_a_moment", "must be a time with zone like 2026-03-02T09:00:00+09:00")


Exact = Annotated[Decimal, PlainValidator(exact)]
Day = Annotated[date, PlainValidator(day)]
Moment = Annotated[datetime, PlainValidator(moment)]
Whole = Annotated[int, Field(ge=0, lt=LARGEST)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LengthShape(Shape):
    days: Whole | None = None
    months: Whole | None = None
    years: Whole | None = None


class PauseShape(Shape):
    sent: Day
    received: Day


class HolidaysShape(Shape):
    add: list[Day] = []
    remove: list[Day] = []


class DeadlineShape(Shape):
    rule: Literal["civil", "petition", "sanction", "backward"]
    start: Day
    length: LengthShape
    pauses: list[PauseShape] = []
    cap: LengthShape | None = None
    holidays: HolidaysShape = HolidaysShape()


class VotingRuleShape(Shape):
    quorum: Quorum = "majority_of_seats"
    recused_count_for_quorum: bool = True
    base: Base = "present_less_recused"
    threshold: Threshold = "more_than_half"


class VerdictShape(Shape):
    seats: Whole
    present: Whole
    recused_present: Whole
    yes: Whole
    no: Whole
    abstain: Whole
    not_voting: Whole
    rule: VotingRuleShape = VotingRuleShape()


class PartShape(Shape):
    key: Name
    max: Exact
    aggregate: Aggregate
    drop_high: Whole | None = None
    drop_low: Whole | None = None
    min_ballots: Whole = 1


class CutoffShape(Shape):
    part: str
    percent: Exact


class RankingShape(Shape):
    parts: list[PartShape]
    cutoff: CutoffShape | None = None
    order: list[str] = ["total"]
    candidates: list[dict[str, object]]


class ProposalShape(Shape):
    id: Name
    score: Exact
    requested_krw: Whole
    received_at: Moment | None = None


class AllocationShape(Shape):
    envelope_krw: Whole
    cap_krw: Whole | None = None
    max_awards: Whole | None = None
    misfit: Misfit
    over_cap: OverCap
    tie_break: list[TieBreak] = []
    proposals: list[ProposalShape]
