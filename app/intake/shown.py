"""How an answer reads: the words of a choice, an amount in words, a country by its name. In both languages."""

from collections.abc import Mapping
from typing import Any

from app.countries import name_of
from workflows import words
from workflows.form_schema import FormField, Question
from workflows.text import Text

YES_NO = {"yes": Text("예", "Yes"), "no": Text("아니요", "No")}


def shown(question: Question, value: Any) -> Text:
    """One simple answer in words; an answer that is not good reads as it was typed. Empty for none."""
    if value is None or value == "" or value == []:
        return Text("", "")
    if question.kind in ("choice", "choices", "yes_no"):
        return _chosen(question, value)
    if question.kind == "money" and isinstance(value, int):
        return words.money(value)
    if question.kind == "number" and isinstance(value, int):
        return _counted(question, value)
    if question.kind == "country":
        return name_of(str(value))
    if question.kind == "coordinates" and isinstance(value, Mapping):
        pair = f"{value.get('lat', '')}, {value.get('lon', '')}"
        return Text(pair, pair)
    if question.kind == "declaration":
        return Text("확인함", "Confirmed") if value is True else Text("", "")
    return Text(str(value), str(value))


def _chosen(question: Question, value: Any) -> Text:
    labels = {choice.value: choice.label for choice in question.choices} | (YES_NO if question.kind == "yes_no" else {})
    taken = [labels.get(code, Text(str(code), str(code))) for code in (value if isinstance(value, list) else [value])]
    return Text(", ".join(text.ko for text in taken), ", ".join(text.en for text in taken))


def _counted(question: Question, value: int) -> Text:
    """Years and ranks read without separators; everything else with them, and with the unit."""
    year = question.min is not None and question.min >= 1900 and (question.max or 0) <= 2200
    figure = str(value) if year else f"{value:,}"
    if question.unit is None:
        return Text(figure, figure)
    ko, en = question.unit
    return Text(f"{figure}{'' if len(ko) == 1 else ' '}{ko}", f"{figure}{'' if en == '%' else ' '}{en}")


def as_lines(field: FormField, value: Any, lang: str) -> list[str]:
    """An answer as lines of plain text: rows one a line, everything else as it reads."""
    if field.kind == "rows":
        rows = value if isinstance(value, list) else []
        return [" · ".join(filter(None, (shown(c, row.get(c.key)).pick(lang) for c in field.columns))) for row in rows]
    text = shown(field, value).pick(lang)
    return text.split("\n") if text else []
