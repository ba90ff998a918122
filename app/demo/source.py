"""What the files under content/ say, read once. Knows no table and no service."""

from functools import cache
from pathlib import Path
from typing import Any

from workflows import plain_yaml

CONTENT = Path(__file__).parent / "content"


@cache
def read(name: str) -> Any:
    """The content of one file, such as "people.yaml"."""
    return plain_yaml.read((CONTENT / name).read_text(encoding="utf-8"))


@cache
def cases() -> dict[str, dict[str, Any]]:
    """slug -> the invented proposal of that name."""
    names = sorted(path.name for path in (CONTENT / "cases").glob("*.yaml"))
    return {case["slug"]: case for case in (read(f"cases/{name}") for name in names)}
