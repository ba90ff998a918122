"""What changed between two versions: field by field, word by word; rows and files as they came and went."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from app.intake.shown import as_lines
from app.models import Version
from workflows.form_schema import FormDefinition, FormField, Section

Piece = tuple[str, str]
"""("same" | "gone" | "new", the words)"""
WORD = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
MOST_WORDS = 6000


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that changed. Text: the pieces of one text. Rows: one list of pieces a row."""

    field: FormField
    lines: Sequence[Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class SectionDifference:
    """The fields of one section that changed."""

    section: Section
    fields: Sequence[FieldDifference]


def differences(form: FormDefinition, old: Version, new: Version, lang: str) -> list[SectionDifference]:
    """The sections in which `new` differs from `old`, in the order of the form."""
    found = []
    for section in form.sections:
        fields = [d for f in section.fields if (d := _field(f, old, new, lang)) is not None]
        if fields:
            found.append(SectionDifference(section, fields))
    return found


def _field(field: FormField, old: Version, new: Version, lang: str) -> FieldDifference | None:
    if field.kind == "files":
        before, after = _files(field, old.files), _files(field, new.files)
    else:
        before, after = (as_lines(field, v.answers.get(field.key), lang) for v in (old, new))
    if before == after:
        return None
    if field.kind in ("rows", "files", "choices"):
        return FieldDifference(field, _whole_lines(before, after))
    return FieldDifference(field, [compare_words("\n".join(before), "\n".join(after))])


def _files(field: FormField, files: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{file['name']} ({file['sha256'][:12]})" for file in files if file["slot"] == field.key]


def _whole_lines(before: list[str], after: list[str]) -> list[list[Piece]]:
    """Rows that stayed, went and came; a row that was changed shows its words."""
    lines: list[list[Piece]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [[("same", line)] for line in before[a:b]]
        elif tag == "replace" and b - a == d - c:
            lines += [compare_words(x, y) for x, y in zip(before[a:b], after[c:d], strict=True)]
        else:
            lines += [[("gone", line)] for line in before[a:b]] + [[("new", line)] for line in after[c:d]]
    return lines


def compare_words(before: str, after: str) -> list[Piece]:
    """Two texts as one, with the words that went and came."""
    x, y = WORD.findall(before), WORD.findall(after)
    if len(x) + len(y) > MOST_WORDS:  # the comparison grows with the square; two whole texts say the same
        return [("gone", before), ("new", after)]
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, x, y, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(x[a:b])))
            continue
        pieces += [(kind, text) for kind, text in (("gone", "".join(x[a:b])), ("new", "".join(y[c:d]))) if text]
    return pieces
