"""The command line: each command parses, calls one service or query, prints."""

import json
import sys

import click
from flask import Flask
from flask.cli import AppGroup

from workflows import rules

rule_group = AppGroup("rule", help="The rules of law as JSON: standard input to standard output.")


@rule_group.command("list")
def rule_list() -> None:
    """Name every rule."""
    for name in rules.NAMES:
        click.echo(name)


def _run_rule(name: str) -> None:
    try:
        answer = rules.run_rule(name, rules.parse(sys.stdin.read()))
    except rules.BadInput as fault:
        click.echo(f"{fault.field}: {fault.text.en}", err=True)
        sys.exit(2)
    click.echo(json.dumps(answer, ensure_ascii=False))


for _name in rules.NAMES:
    rule_group.command(_name, help=f"Run the rule {_name}: JSON on standard input.")(lambda name=_name: _run_rule(name))


def register(app: Flask) -> None:
    """Bind the commands."""
    app.cli.add_command(rule_group)
    from app import commands

    commands.register(app)
