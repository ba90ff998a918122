"""Text as it was typed, brought to one form: NFC, plain line breaks, nothing that cannot be stored or shown.

Never shortens anything: a text over its limit stays whole and is an error.
"""

import re
from unicodedata import normalize

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
_HALF = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` in NFC with "\\n" as the line break; NUL and controls are gone, half a character reads U+FFFD."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return normalize("NFC", _HALF.sub("\ufffd", _UNPRINTABLE.sub("", text)))


def one_line(text: str) -> str:
    """`clean` for a field of one line: breaks and runs of blanks become one blank."""
    return " ".join(clean(text).split())
