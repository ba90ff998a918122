"""Views of the admin face, one matter a module."""

from app.web.admin import committee_rules, cycles, home, organisations, people, seats

__all__ = ["committee_rules", "cycles", "home", "organisations", "people", "seats"]
