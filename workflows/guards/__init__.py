"""Every guard, one function a rule of law, in the order a case meets them (rule.py says how one is written)."""

from workflows.guards import (
    afterwards,
    ballots,
    committee,
    consensus,
    consulting,
    decision,
    evaluation,
    intake,
    interests,
    panel,
    result,
    screening,
)
from workflows.guards.decision import amount_within_cap, amount_within_envelope
from workflows.guards.rule import GUARDS, Guard, guard

__all__ = [
    "GUARDS",
    "Guard",
    "afterwards",
    "amount_within_cap",
    "amount_within_envelope",
    "ballots",
    "committee",
    "consensus",
    "consulting",
    "decision",
    "evaluation",
    "guard",
    "intake",
    "interests",
    "panel",
    "result",
    "screening",
]
