"""The README tells the truth: its state table is made from the definitions, and the files it names exist."""

import re
from pathlib import Path

from workflows import schema

ROOT = Path(__file__).resolve().parents[2]


def states_table() -> str:
    """The table as the definitions have it."""
    planning, demonstration = schema.newest("kcity-planning"), schema.newest("kcity-demonstration")
    rows = ["| state | 한국어 | English | whose turn | planning | demonstration |", "|---|---|---|---|---|---|"]
    for name, state in planning.states.items():
        turn = planning.roles[state.turn].en if state.turn else "–"
        there = "yes" if name in demonstration.states else "–"
        rows.append(f"| {name} | {state.label.ko} | {state.label.en} | {turn} | yes | {there} |")
    return "\n".join(rows)


def test_the_state_table_is_the_definitions() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"<!-- states -->\n(.*?)\n<!-- /states -->", text, re.S)
    assert found is not None
    assert found.group(1) == states_table()


def test_no_state_of_the_demonstration_is_missing_from_the_table() -> None:
    assert set(schema.newest("kcity-demonstration").states) <= set(schema.newest("kcity-planning").states)


def test_every_file_it_names_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    named = re.findall(r"`((?:app|workflows|docs|bin)/[\w./-]+|config\.py)`", text)
    assert len(named) > 12
    assert [name for name in named if not (ROOT / name).exists()] == []
