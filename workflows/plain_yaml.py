"""How every data file is read: plain YAML, by libyaml where it is there (0.05 s for a definition against 0.25)."""

from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _OneValuePerKey(_Loader):  # type: ignore[misc]
    """A key that stands twice in a mapping is an error and not a silent loss."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        doubled = {key for key in keys if keys.count(key) > 1}
        if doubled:
            raise ValueError(f"the key {sorted(map(str, doubled))} stands twice")
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def read(text: str) -> Any:
    """The values of YAML text.

    Raises:
        ValueError: a key stands twice.
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, Loader=_OneValuePerKey)  # noqa: S506  (a safe loader)
