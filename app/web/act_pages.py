"""Which page carries out which trigger. A face names its own; every other trigger has the plain page."""

from collections.abc import Sequence

from flask import url_for

PAGES: dict[str, str] = {}


def act_page(trigger: str, endpoint: str) -> None:
    """Say that `trigger` is carried out on the page `endpoint`, which takes the case's `number`."""
    PAGES[trigger] = endpoint


UNLESS_IDLE: set[str] = set()
"""Acts that the case page names only while there is something to do, and once where several share a page."""


BESIDE_ROWS: set[str] = set()
"""Acts that the case page never names: they stand beside the rows of their own page."""


def row_acts(endpoint: str, leads: Sequence[str], triggers: Sequence[str]) -> None:
    """Say that `triggers` are carried out beside the rows of the page `endpoint`; the case page names `leads` of them."""
    for trigger in triggers:
        act_page(trigger, endpoint)
    unless_idle(*leads)
    BESIDE_ROWS.update(set(triggers) - set(leads))


def unless_idle(*triggers: str) -> None:
    """Say that the case page leaves `triggers` out while they cannot be done."""
    UNLESS_IDLE.update(triggers)


def address(trigger: str, number: str) -> str:
    """Where `trigger` is carried out for a case."""
    if trigger in PAGES:
        return url_for(PAGES[trigger], number=number)
    return url_for("cases.do", number=number, trigger=trigger)
