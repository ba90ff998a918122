"""Which page carries out which trigger. A face names its own; every other trigger has the plain page."""

from flask import url_for

PAGES: dict[str, str] = {}


def act_page(trigger: str, endpoint: str) -> None:
    """Say that `trigger` is carried out on the page `endpoint`, which takes the case's `number`."""
    PAGES[trigger] = endpoint


def address(trigger: str, number: str) -> str:
    """Where `trigger` is carried out for a case."""
    if trigger in PAGES:
        return url_for(PAGES[trigger], number=number)
    return url_for("cases.do", number=number, trigger=trigger)
