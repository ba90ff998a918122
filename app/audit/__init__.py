"""Proof of the record: every hash, every chain, every sealed row, every step through the engine, every sum.

Reads only, in batches of cases, so that memory stays the same however long the history is. It never repairs,
and it trusts nothing but the definitions: a row nobody vouches for is as much a break as one that was changed.
What it cannot see by itself: the newest steps of a case taken away whole, with the case put back to match, since
the last daily root was made; and a whole database rewritten with its roots, which only who kept an earlier root sees.
Surrogate keys of events and the search index are no content and are left out.
"""

from app.audit.chain import Break
from app.audit.proof import Proof, verify

__all__ = ["Break", "Proof", "verify"]
