"""Views of the committee face."""
