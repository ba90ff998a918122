"""The facts that guards read, gathered from the database only when a guard asks for them.

Each method named after a fact of workflows/facts.py returns it as plain data; the methods of a phase are a file.
What was typed comes in as `inputs`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.queries.facts.afterwards import AfterwardsFacts
from app.queries.facts.committee import CommitteeFacts
from app.queries.facts.consulting import ConsultingFacts
from app.queries.facts.decision import DecisionFacts
from app.queries.facts.evaluation import EvaluationFacts
from app.queries.facts.intake import IntakeFacts
from app.queries.facts.interests import InterestFacts
from app.queries.facts.result import ResultFacts
from app.queries.facts.screening import ScreeningFacts
from workflows.facts import FACTS

EMPTY: dict[str, Any] = {
    "in_amount_krw": 0, "in_items": 0, "in_items_open": 1, "in_days_ahead": 0, "in_minutes_ahead": -1,
    "in_extension_days": 0, "in_condition_late": False, "in_change_asked": False,
}  # fmt: skip


class CaseFacts(
    IntakeFacts,
    ScreeningFacts,
    ConsultingFacts,
    InterestFacts,
    EvaluationFacts,
    CommitteeFacts,
    DecisionFacts,
    ResultFacts,
    AfterwardsFacts,
    Mapping[str, Any],
):
    """The facts of one case as one person meets them. Lazy; each is gathered once."""

    def __getitem__(self, key: str) -> Any:
        if key not in FACTS:
            raise KeyError(key)
        if key.startswith("in_"):
            return self.inputs.get(key, EMPTY.get(key, ""))
        if key not in self._known:
            self._known[key] = getattr(self, key)()
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(FACTS)

    def __len__(self) -> int:
        return len(FACTS)
