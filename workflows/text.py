"""A sentence or label in the two languages of the house, Korean first. Never holds only one of them."""

from typing import NamedTuple


class Text(NamedTuple):
    """The same words in Korean and in English."""

    ko: str
    en: str

    def pick(self, lang: str) -> str:
        """The words in `lang` ("ko" or "en"; anything else reads as Korean)."""
        return self.en if lang == "en" else self.ko


class Reason(NamedTuple):
    """Why something may not be done: a stable English code and the sentence shown to people."""

    code: str
    text: Text


def because(code: str, ko: str, en: str) -> Reason:
    """A reason in one line."""
    return Reason(code, Text(ko, en))
