"""Views of the account face, one matter a module."""

from app.web.account import entry, invitations, organisations, recovery, settings

__all__ = ["entry", "invitations", "organisations", "recovery", "settings"]
