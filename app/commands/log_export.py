"""`flask log export`: the event log for process mining, to standard output or a file."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app import eventlog
from workflows import export

FORMATS = {"xes": export.xes, "ocel": export.ocel}

command = AppGroup("log", help="The event log.")


@command.command("export")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=None)
def log_export(form: str, output: Path | None) -> None:
    """Every event of every case, in order; roles instead of names."""
    if output is None:
        FORMATS[form](eventlog.rows(), sys.stdout)
        return
    with output.open("w", encoding="utf-8") as out:
        FORMATS[form](eventlog.rows(), out)
