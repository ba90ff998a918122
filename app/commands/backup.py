"""`flask backup create FILE` and `flask backup restore FILE`."""

import sys
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from app import backup
from app.audit import verify
from app.extensions import db

command = AppGroup("backup", help="Copies of the whole record with its documents.")
FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@command.command("create")
@FILE
def backup_create(file: Path) -> None:
    """Copy rows and documents into FILE, consistent while everybody goes on working."""
    try:
        copied = backup.create(file)
    except FileExistsError as fault:
        raise click.ClickException(f"{file} is there already") from fault
    click.echo(f"{file}: {copied.rows:,} rows, {copied.files:,} documents")


@command.command("restore")
@FILE
def backup_restore(file: Path) -> None:
    """Bring FILE back into an empty installation, and prove the record afterwards."""
    if not sa.inspect(db.engine).has_table("alembic_version"):
        upgrade(directory=str(Path(current_app.root_path).parent / "migrations"))
    try:
        copied = backup.restore(file)
    except (backup.NotEmpty, backup.BadBackup) as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{copied.rows:,} rows, {copied.files:,} documents")
    proof = verify()
    if proof.broken is not None:
        click.echo(f"{proof.broken.number}, step {proof.broken.seq}: {proof.broken.text.en}.", err=True)
        sys.exit(1)
    click.echo(f"The record holds: {proof.cases:,} cases, {proof.events:,} steps")
