"""`flask workflow`: list, prove and draw the published definitions."""

import sys
from pathlib import Path

import click
import yaml
from flask import current_app
from flask.cli import AppGroup

from workflows import diagram, export, modelcheck, schema
from workflows.fault import Fault
from workflows.schema import Definition
from workflows.verify import verify

command = AppGroup("workflow", help="The definitions that cases run under.")
LANG = click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True)


@command.command("list")
def workflow_list() -> None:
    """Every published version: id, version, states, transitions and acts."""
    for definition in schema.all_published():
        arrows = sum(transition.to is not None for transition in definition.transitions)
        acts = len(definition.transitions) - arrows
        label = definition.label
        click.echo(
            f"{definition.id} v{definition.version}  {label.ko} / {label.en}  "
            f"states {len(definition.states)}, transitions {arrows}, acts {acts}, clocks {len(definition.clocks)}"
        )


@command.command("check")
@click.argument("id_", metavar="[ID|FILE]", required=False)
def workflow_check(id_: str | None) -> None:
    """Prove that no case can get stuck. ID of a published definition, or a YAML file; none: all published."""
    bad = 0
    for name, definition in _chosen(id_):
        faults = _faults(definition) if isinstance(definition, Definition) else [definition]
        bad += len(faults)
        for fault in faults:
            said = (
                fault if isinstance(fault, str) else f"{fault.where}: {fault.code}: {fault.text.ko} / {fault.text.en}"
            )
            click.echo(f"{name}: {said}", err=True)
        if not faults:
            click.echo(f"{name}: ok")
    sys.exit(1 if bad else 0)


def _faults(definition: Definition) -> list[Fault]:
    return verify(definition) or modelcheck.check(definition)


def _chosen(id_: str | None) -> list[tuple[str, Definition | str]]:
    """What is to be checked; a text that cannot be loaded at all is its own fault."""
    if id_ is not None and id_.endswith((".yaml", ".yml")):
        try:
            return [(id_, schema.parse(Path(id_).read_text("utf-8")))]
        except (OSError, ValueError, yaml.YAMLError) as fault:
            return [(id_, str(fault))]
    known = [key for key in schema.locked() if id_ is None or key[0] == id_]
    if not known:
        raise click.ClickException(f"no published definition {id_}")
    return [(f"{name} v{version}", _loaded(name, version)) for name, version in known]


def _loaded(name: str, version: int) -> Definition | str:
    try:
        return schema.load(name, version)
    except (LookupError, ValueError) as fault:
        return str(fault)


@command.command("show")
@click.argument("id_", metavar="ID")
@click.option("--format", "form", type=click.Choice(["svg", "mermaid", "bpmn", "pnml"]), required=True)
@LANG
def workflow_show(id_: str, form: str, lang: str) -> None:
    """Draw a definition for people or for other tools."""
    try:
        definition = schema.newest(id_)
    except LookupError as fault:
        raise click.ClickException(str(fault)) from fault
    if form == "svg":
        click.echo(diagram.standalone(definition, lang, _css()))
        return
    click.echo({"mermaid": export.mermaid, "bpmn": export.bpmn, "pnml": export.pnml}[form](definition, lang), nl=False)


def _css() -> str:
    folder = Path(current_app.root_path) / "static" / "css"
    return "\n".join((folder / name).read_text("utf-8") for name in ("tokens.css", "diagram.css"))
