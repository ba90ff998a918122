"""The demo: real published projects, invented people, and cases walked through the real services. Never in production."""
