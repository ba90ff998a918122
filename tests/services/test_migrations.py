"""What holds of the migrations: they make what the models say, on both databases."""

from flask import Flask
from flask_migrate import check


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    check(directory="migrations")  # leaves with an exit code where they differ
