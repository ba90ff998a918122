"""Views of the committee face, one matter a file."""

from app.web.committee import (  # noqa: F401  (binds the views)
    afterwards,
    agenda,
    calendar,
    conditions,
    decision_papers,
    decisions,
    duties,
    evaluation,
    invitations,
    items,
    letters,
    live,
    lock,
    minutes,
    panels,
    rounds,
    scoring,
    sittings,
    votes,
)
