"""`flask worker`: send what is due and watch the clocks, for ever or once."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.worker import Worker, serve


@click.command("worker")
@click.option("--once", is_flag=True, help="One round, then end.")
@with_appcontext
def command(once: bool) -> None:
    """Deliveries, clocks and announcements that are due. Ends cleanly on SIGTERM."""
    if not once:
        serve(current_app._get_current_object())  # type: ignore[attr-defined]
        return
    done = Worker().round()
    click.echo(", ".join(f"{name} {count}" for name, count in done.items()))
