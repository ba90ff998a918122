"""Invented cases in any number, to load, measure and prove the system with. Never facts, never on production.

Every case is lived step by step: each step asks the engine with facts that its guards accept and is chained and
sealed as `record` would, so that `flask audit verify` holds over the result. Rows are written in bulk. The same
seed, number and day give the same content. Mails and inbox rows are left out: nobody was told anything.
"""
