"""Small definitions to test the engine and its checks with; no real programme, and none of its rules."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from workflows import guards
from workflows.facts import FACTS
from workflows.schema import Definition

LAMP = {
    "id": "toy-lamp",
    "version": 1,
    "programme": "toys",
    "label": {"ko": "등", "en": "Lamp"},
    "source": "장난감",
    "initial": "OFF",
    "roles": {"owner": {"ko": "주인", "en": "owner"}, "guest": {"ko": "손님", "en": "guest"}},
    "phases": [{"key": "day", "label": {"ko": "낮", "en": "Day"}}, {"key": "night", "label": {"ko": "밤", "en": "Night"}}],
    "states": {
        "OFF": {"label": {"ko": "꺼짐", "en": "Off"}, "phase": "day", "turn": "owner", "next": {"ko": "켭니다.", "en": "It is lit."}},
        "LIT": {"label": {"ko": "켜짐", "en": "Lit"}, "phase": "night", "turn": "owner", "next": {"ko": "둡니다.", "en": "It is kept."}},
        "KEPT": {"label": {"ko": "보관", "en": "Kept"}, "phase": "night", "final": True, "decided": True, "next": {"ko": "끝.", "en": "Done."}},
        "BROKEN": {"label": {"ko": "고장", "en": "Broken"}, "phase": "day", "final": True, "next": {"ko": "끝.", "en": "Done."}},
    },
    "transitions": [
        {"code": "T1", "trigger": "light", "label": {"ko": "켜기", "en": "Light"}, "from": ["OFF"], "to": "LIT", "who": ["owner"],
         "guards": ["reason_given"], "starts": ["burning"], "source": "설명서"},
        {"code": "T2", "trigger": "keep", "label": {"ko": "보관", "en": "Keep"}, "from": ["LIT"], "to": "KEPT", "who": ["owner"],
         "guards": ["roll_called"], "stops": ["burning"], "notify": ["applicant"], "final_act": True, "source": "설명서"},
        {"code": "T3", "trigger": "break", "label": {"ko": "파손", "en": "Break"}, "from": ["OFF", "LIT"], "to": "BROKEN", "who": ["guest"],
         "stops": ["burning"], "notify": ["applicant"], "final_act": True, "escape": True, "source": "설명서"},
        {"code": "T4", "trigger": "look", "label": {"ko": "보기", "en": "Look"}, "from": ["OFF", "LIT"], "who": ["owner", "guest"], "source": "설명서"},
    ],
    "clocks": {
        "burning": {"label": {"ko": "점등", "en": "Burning"}, "calculator": "civil", "days": 3, "holder": "owner", "article": "설명서",
                    "lapse": {"ko": "오래 켜져 있습니다.", "en": "It burns long."}, "trigger": "keep"},
    },
}  # fmt: skip


def raw() -> dict[str, Any]:
    """The lamp as plain data, free to be changed."""
    return deepcopy(LAMP)


def lamp(**changes: Any) -> Definition:
    """The lamp, with top-level parts replaced."""
    return Definition.model_validate({**raw(), **changes})


def changed(change: Callable[[dict[str, Any]], Any]) -> Definition:
    """The lamp after `change` has worked on its plain data."""
    data = raw()
    change(data)
    return Definition.model_validate(data)


@contextmanager
def extra_guard(check: Any, *reads: str, on_input: bool = False, **samples: tuple[Any, ...]) -> Iterator[None]:
    """A guard (and the facts it reads) that exists only inside the block."""
    guards.guard(*reads, on_input=on_input)(check)
    FACTS.update(samples)
    try:
        yield
    finally:
        del guards.GUARDS[check.__name__]
        for name in samples:
            del FACTS[name]
