"""Views of the cases face."""
