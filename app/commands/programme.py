"""`flask programme load ID`: bring a programme and its cycles from workflows/programmes into the database."""

import click
from flask.cli import AppGroup

from app.services.load_programme import load_programme

command = AppGroup("programme", help="Programmes and their cycles.")


@command.command("load")
@click.argument("programme_id")
def load(programme_id: str) -> None:
    """Add what is missing; what administrators have changed is kept."""
    load_programme(programme_id)
    click.echo(f"loaded {programme_id}")
