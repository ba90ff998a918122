"""Views of the public face."""
