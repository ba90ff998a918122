"""The first administrator of a new installation."""

import sqlalchemy as sa
from flask import Flask

from app import passwords
from app.extensions import db
from app.models import RoleGrant, User


def test_the_first_administrator_is_made_on_the_command_line(app: Flask) -> None:
    runner = app.test_cli_runner()
    result = runner.invoke(args=["account", "create-admin", "Chief@Example.org", "--password", "산들바람 부는 언덕"])
    assert result.exit_code == 0, result.output
    user = db.session.scalars(sa.select(User)).one()
    assert user.email == "chief@example.org"
    assert passwords.matches(user.password_hash, "산들바람 부는 언덕")
    assert db.session.scalars(sa.select(RoleGrant.role)).all() == ["admin"]


def test_a_second_account_with_the_address_is_refused(app: Flask) -> None:
    runner = app.test_cli_runner()
    arguments = ["account", "create-admin", "chief@example.org", "--password", "산들바람 부는 언덕"]
    assert runner.invoke(args=arguments).exit_code == 0
    assert runner.invoke(args=arguments).exit_code != 0


def test_a_common_password_is_refused(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["account", "create-admin", "a@example.org", "--password", "password"])
    assert result.exit_code != 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0
