"""The dossier of a decision: one file that a stranger can check with plain Python (bin/verify-dossier).

`parts` says what is in it, `bundle` lists, signs and lays it out, `ziplayout` gives it its only possible form.
Reads only. What a dossier proves and its format in words: docs/dossier.md.
"""

from app.dossier.bundle import Dossier, bundle

__all__ = ["Dossier", "bundle"]
