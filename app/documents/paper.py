"""From data to a PDF/UA-1 page, by typst. The only module that calls the typesetter.

What people wrote travels as JSON beside the template and is never part of its source, so a `#` or a quote in
a title is a character and not code. Never reads the time, the network or a system font: the same data gives
the same bytes.
"""

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from app.documents.coverage import printable, undrawn
from workflows.text import Text

Lang = Literal["ko", "en"]

SAMPLE_NOTICE = Text("시범 문서 – 공식 문서가 아닙니다", "Sample – not an official document")

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parents[1] / "static" / "vendor" / "fonts-print"


class NotPrintable(RuntimeError):
    """The typesetter refused or warned.

    A fault of a template or of the installed typefaces, never of a user.
    """


def render(template: str, data: Any, words: Mapping[str, Text], *, title: Text, dated: date, lang: Lang) -> bytes:
    """One PDF/UA-1 document.

    `template`: name of a file in `typst/`. `data`: a frozen dataclass of str, int, date, Text and tuples of
    such. `words`: the fixed words of the paper, shared with its HTML page. `dated`: the date in the metadata.
    Raises NotPrintable on any error or warning, such as a missing typeface.
    """
    inputs = {"lang": lang, "title": title, "dated": dated, "data": data, "words": dict(words)}
    payload = json.dumps(_plain(inputs, lang), ensure_ascii=False, sort_keys=True)
    try:
        document, warnings = typst.compile_with_warnings(
            TEMPLATES / template,
            root=TEMPLATES,
            font_paths=_typefaces(FONTS),
            sys_inputs={"paper": payload},
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(dated, time(), UTC),
        )
    except typst.TypstError as error:
        raise NotPrintable(f"{template}: {error.message}") from error
    if warnings:
        raise NotPrintable(f"{template}: " + "; ".join(w.message for w in warnings))
    assert isinstance(document, bytes)
    return document


def _plain(value: Any, lang: Lang) -> Any:
    """Dataclasses, Text and dates as JSON values in one language; every string made printable."""
    if isinstance(value, Text):
        return printable(value.pick(lang), FONTS)
    if isinstance(value, str):
        return printable(value, FONTS)
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name), lang) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item, lang) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item, lang) for item in value]
    return value


def legible(*names: str | None) -> str:
    """The first of the names that every typeface holds (the Latin one of a Thai body); if none, the first there is."""
    given = [name for name in names if name]
    return next((name for name in given if not undrawn(name, FONTS)), given[0] if given else "")


def undrawn_in(value: Any) -> str:
    """The characters anywhere in what a paper says that it would show as code points, each once."""
    if isinstance(value, str):
        return undrawn(value, FONTS)
    parts: list[Any] = []
    if isinstance(value, (tuple, Text)):
        parts = list(value)
    elif dataclasses.is_dataclass(value):
        parts = [getattr(value, f.name) for f in dataclasses.fields(value)]
    return "".join(dict.fromkeys("".join(map(undrawn_in, parts))))


@lru_cache(maxsize=4)
def _typefaces(folder: Path) -> typst.Fonts:
    """Only the typefaces of the folder: what is installed on the machine must not change a letter."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
