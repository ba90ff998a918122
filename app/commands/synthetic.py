"""`flask synthetic`: invented cases in any number, to try the system with. Never on a ministry's own installation."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.synthetic.make import make


@click.command("synthetic")
@click.option("--cases", type=click.IntRange(1, 2_000_000), required=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same content.")
@with_appcontext
def command(cases: int, seed: int) -> None:
    """Add invented cases with history, scores and ballots, over every state and year, in both languages."""
    if current_app.config["ENV"] == "production":
        raise click.ClickException("synthetic cases never belong into a production installation")
    make(cases, seed, lambda done: click.echo(f"{done:,} / {cases:,}"))
