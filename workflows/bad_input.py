"""What a rule of law says when it is asked something impossible.

It always names the field; it never guesses a value.
"""

from workflows.text import Text


class BadInput(ValueError):
    """An input that a rule cannot decide on.

    `field` is its dotted path ("pauses.0.received"), `text` says why.
    """

    def __init__(self, field: str, ko: str, en: str) -> None:
        super().__init__(f"{field}: {en}")
        self.field = field
        self.text = Text(ko, en)
