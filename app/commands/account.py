"""`flask account create-admin EMAIL`: the first administrator of a new installation (there is no default account)."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app import clock, passwords
from app.db import unit_of_work
from app.extensions import db
from app.models import RoleGrant, User

command = AppGroup("account", help="Accounts.")


@command.command("create-admin")
@click.argument("email")
@click.password_option(help="At least 8 characters; asked for when left out.")
def create_admin(email: str, password: str) -> None:
    """Make an account that may administer people, programmes and cycles."""
    refusal = passwords.why_not(password)
    if refusal is not None:
        raise click.ClickException(refusal.en)
    now = clock.now()
    with unit_of_work():
        if db.session.scalar(sa.select(User.id).where(User.email == email.strip().casefold())):
            raise click.ClickException("this address has an account already")
        user = User(
            email=email.strip().casefold(),
            password_hash=passwords.hashed(password),
            confirmed_at=now,
            created_at=now,
        )
        db.session.add(user)
        db.session.flush()
        db.session.add(RoleGrant(user_id=user.id, role="admin", granted_at=now))
    click.echo(f"{email} administers this installation")
