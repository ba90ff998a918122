"""A browser's own long name as two words a person recognises."""

from workflows.text import Text

BROWSERS = (
    ("Edg/", "Edge"),
    ("Whale/", "Whale"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
UNKNOWN = Text("알 수 없는 브라우저", "Unknown browser")


def browser_words(agent: str) -> Text:
    """Such as "Firefox, Windows"; it guesses and is shown to its owner only."""
    found = [next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    words = ", ".join(filter(None, found))
    return Text(words, words) if words else UNKNOWN
