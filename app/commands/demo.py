"""`flask demo load`: the demo, idempotent; refused where real people work."""

import click
from flask.cli import AppGroup

from app.demo.load import NoDemo, load_demo

command = AppGroup("demo", help="The demo: real projects, invented people and proposals.")


@command.command("load")
def demo_load() -> None:
    """Add programme, people, real projects and live cases, unless they are there."""
    try:
        added = load_demo()
    except NoDemo:
        raise click.ClickException(
            "demo accounts share a published password: only with KCITY_ENV=demo or testing · "
            "시연 계정은 비밀번호가 공개되어 있어 KCITY_ENV=demo 또는 testing에서만 만듭니다"
        ) from None
    said = "시연 자료를 넣었습니다. · The demo is loaded." if added else "이미 있습니다. · It is there already."
    click.echo(said)
