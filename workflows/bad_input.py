"""How a rule refuses what it cannot decide on. Always names the field, never guesses a value."""

from workflows.text import Text


class BadInput(ValueError):
    """`field` is the dotted path of what is wrong ("pauses.0.received"), `text` says why."""

    def __init__(self, field: str, ko: str, en: str) -> None:
        super().__init__(f"{field}: {en}")
        self.field = field
        self.text = Text(ko, en)
