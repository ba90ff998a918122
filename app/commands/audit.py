"""`flask audit verify`: does the record hold? Exit 1 and the case and step of the first break."""

import sys

import click
from flask.cli import AppGroup

from app.audit import verify

command = AppGroup("audit", help="Prove the record.")


@command.command("verify")
@click.option("--case", "number", default=None, help="Only the case of this number.")
def audit_verify(number: str | None) -> None:
    """Recompute every hash, seal, step and sum."""
    proof = verify(number)
    if number is not None and not proof.cases and proof.holds:
        raise click.ClickException(f"no such case: {number}")
    if proof.broken is None:
        click.echo(f"기록이 온전합니다: 사건 {proof.cases:,}건, 단계 {proof.events:,}개")
        click.echo(f"The record holds: {proof.cases:,} cases, {proof.events:,} steps")
        return
    found = proof.broken
    click.echo(f"{found.number} · {found.seq}단계: {found.text.ko}.", err=True)
    click.echo(f"{found.number}, step {found.seq}: {found.text.en}.", err=True)
    sys.exit(1)
