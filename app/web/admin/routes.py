"""Views of the admin face."""
