"""Views of the desk face."""
