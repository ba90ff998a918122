"""`flask dossier export NUMBER -o FILE`: the decision dossier of a case, one file that a stranger can check."""

import os
from pathlib import Path

import click
from flask.cli import AppGroup

from app.dossier.ziplayout import TooBig
from app.errors import NotFound
from app.files import NotStored
from app.services.export_dossier import export_for_operator
from workflows.engine import Refused

command = AppGroup("dossier", help="Dossiers of decided cases.")


@command.command("export")
@click.argument("number")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--with-documents", is_flag=True, help="Put the documents of the application in as well.")
def dossier_export(number: str, output: Path, with_documents: bool) -> None:
    """Write the dossier of the case NUMBER; the file appears only once it is whole."""
    try:
        dossier = export_for_operator(number, with_documents)
    except NotFound as fault:
        raise click.ClickException(f"no such case: {number}") from fault
    except Refused as fault:
        raise click.ClickException(fault.reason.text.en) from fault
    except (TooBig, NotStored) as fault:
        raise click.ClickException(f"{type(fault).__name__}: {fault}") from fault
    part = output.with_name(f"{output.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            for piece in dossier.pieces():
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{output}: {dossier.files} files, {dossier.size:,} bytes, key {dossier.key_id}")
