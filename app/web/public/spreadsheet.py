"""One line of a CSV file that spreadsheets open as text: what looks like a formula is none."""

import csv
import io
from collections.abc import Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    """The value as text; a leading apostrophe keeps a spreadsheet from calculating it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def line(values: Sequence[Any]) -> str:
    """The values as one line, ended as RFC 4180 says."""
    out = io.StringIO()
    csv.writer(out).writerow([cell(value) for value in values])
    return out.getvalue()
