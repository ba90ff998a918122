"""Views of the admin face, one matter a module."""

from app.web.admin import cycles, home, organisations, people, seats

__all__ = ["cycles", "home", "organisations", "people", "seats"]
