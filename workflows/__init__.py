"""The rules of the house, as pure functions and definitions that read like the statute.

Imports nothing of `app`, no Flask, no SQLAlchemy, no clock, and touches no file but its own.
"""
