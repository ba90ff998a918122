"""Sittings as an iCalendar file (RFC 5545), for the mail with the agenda and for a member's own calendar.

Pure: frozen data in, bytes out; the same bytes for the same data. Times are written in UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from workflows.text import Text

MAKER = "-//K-City Casework//Committee//KO"
EVERY = timedelta(hours=1)
"""How often a calendar program should come back for a feed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One sitting. `key` names it for good; `version` grows with every change; `settled`: its agenda has been sent."""

    key: str
    version: int
    title: Text
    starts_at: datetime
    ends_at: datetime
    place: str
    note: Text
    link: str
    stamp: datetime
    settled: bool


def calendar_file(entries: Iterable[Entry], name: Text, lang: str) -> bytes:
    """The calendar as bytes, its lines folded and ended as the standard wants."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name.pick(lang))
    calendar.add("x-wr-calname", name.pick(lang))
    calendar.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, lang))
    return bytes(calendar.to_ical())


def _event(entry: Entry, lang: str) -> Event:
    event = Event()
    event.add("uid", entry.key)
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.title.pick(lang))
    event.add("location", entry.place)
    event.add("description", entry.note.pick(lang))
    event.add("url", entry.link)
    event.add("status", "CONFIRMED" if entry.settled else "TENTATIVE")
    event.add("class", "CONFIDENTIAL")
    return event
