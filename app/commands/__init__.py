"""Command groups of their own file each."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def register(app: Flask) -> None:
    """Bind the group or command that each module here calls `command`."""
    for found in iter_modules(__path__):
        app.cli.add_command(import_module(f"{__name__}.{found.name}").command)
