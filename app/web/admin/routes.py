"""Views of the admin face, one matter a module."""

from app.web.admin import cycles, home, organisations, people

__all__ = ["cycles", "home", "organisations", "people"]
