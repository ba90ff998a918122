"""`flask signing-key list|rotate`: the keys that sign dossiers and daily roots."""

import click
from flask.cli import AppGroup

from app.queries.roots import signing_keys
from app.services import signing_keys as service

command = AppGroup("signing-key", help="The keys that sign dossiers and daily roots.")


@command.command("list")
def signing_key_list() -> None:
    """Every public key, the one that signs first."""
    for row in signing_keys():
        click.echo(f"{row.key_id}  {row.made_at:%Y-%m-%d}  {row.public_key}")


@command.command("rotate")
def signing_key_rotate() -> None:
    """Make a new key that signs from now on."""
    click.echo(service.rotate().key_id)
