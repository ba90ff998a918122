"""Views of the committee face, one matter a file."""

from app.web.committee import (  # noqa: F401  (binds the views)
    afterwards,
    agenda,
    calendar,
    conditions,
    decisions,
    duties,
    evaluation,
    invitations,
    items,
    letters,
    live,
    minutes,
    rounds,
    sittings,
    votes,
)
