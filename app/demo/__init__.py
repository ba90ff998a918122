"""The demo: real projects, invented people, and cases walked through the real services. Never in production."""
