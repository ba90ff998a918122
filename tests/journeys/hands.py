"""What hands do on a form: fill a section of an application field by field, and send a plain form without a browser."""

from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdfium2
from playwright.sync_api import APIRequestContext, APIResponse, Page, expect

from tests.world import fill, good_answers
from workflows.form_schema import FormField, Question, Section, load_form

MOST_RADIOS = 7
"""A choice among more than this is a list to pick from (app/intake/forms.py)."""


def whole_answers(definition_id: str = "kcity-planning") -> dict[str, dict[str, Any]]:
    """Good answers to every question, those included that are asked only after a certain earlier answer."""
    answers = good_answers(definition_id)
    answers["need"] |= {"several_from_country": "yes", "national_priority_rank": 1}
    other = next(f for f in load_form(definition_id, 1).section("funding").fields if f.key == "other_funders")
    row = {column.key: fill(column) for column in other.columns}
    answers["funding"] |= {
        "has_other_funders": "yes",
        "other_funders": [{**row, "funder": "World Bank"}, {**row, "funder": "ADB"}],
    }
    answers["authority"] |= {"authority_kind": "delegated", "competent_government": "Ministry of Construction"}
    return answers


def fill_section(page: Page, section: Section, answers: Mapping[str, Any]) -> None:
    """Type `answers` (field key -> value as it is stored) into the section that the page shows."""
    for field in section.fields:
        if field.kind == "files" or field.key not in answers:
            continue
        value = answers[field.key]
        if field.kind == "rows":
            fill_rows(page, field, value)
        elif field.kind == "coordinates":
            for axis in ("lat", "lon"):
                page.locator(f"[name='{field.key}-{axis}']").fill(value[axis])
        else:
            fill_field(page, field, field.key, value)


def fill_rows(page: Page, field: FormField, rows: list[dict[str, Any]]) -> None:
    """Add rows with the page's own button until there are enough, then type into each."""
    entries = page.locator(f"#{field.key} .entry")
    for count in range(entries.count() + 1, len(rows) + 1):
        page.locator(f"button[name=add][value='{field.key}']").click()
        expect(entries).to_have_count(count)
    for i, row in enumerate(rows):
        for column in field.columns:
            fill_field(page, column, f"{field.key}-{i}-{column.key}", row[column.key])


def fill_field(page: Page, asked: Question, name: str, value: Any) -> None:
    """One question, by the name of its control."""
    control = page.locator(f"[name='{name}']")
    column = not isinstance(asked, FormField)
    if asked.kind in ("choice", "yes_no") and not column and len(asked.choices) <= MOST_RADIOS:
        page.locator(f"[name='{name}'][value='{value}']").check()
    elif asked.kind in ("choice", "country"):
        control.select_option(value)
    elif asked.kind == "choices":
        for one in value:
            page.locator(f"[name='{name}'][value='{one}']").check()
    elif asked.kind == "declaration":
        control.check()
    else:
        control.fill(str(value))


def signed_letter(folder: Path, name: str = "공문(서명본).pdf") -> Path:
    """A real PDF of one empty page, under a name as people give it."""
    path = folder / name
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(path)
    return path


class Forms(HTMLParser):
    """The forms of a page with what already stands in their hidden fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.forms.append({})
            self.open = True
        elif tag == "input" and found.get("type") == "hidden" and self.open and found.get("name"):
            self.forms[-1][str(found["name"])] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag != "form"


def hidden_fields(html: str, wanted: str = "once") -> dict[str, str]:
    """What the first form with a field `wanted` carries along."""
    return next(form for form in Forms(html).forms if wanted in form)


def send(request: APIRequestContext, url: str, **typed: str) -> APIResponse:
    """Open a page without a browser, and send its form with what was typed."""
    page = request.get(url)
    assert page.ok, f"{page.status}: {url}"
    return send_again(request, url, page.text(), **typed)


def send_again(request: APIRequestContext, url: str, html: str, **typed: str) -> APIResponse:
    """Send the form that stands in `html`."""
    answer = request.post(url, form={**hidden_fields(html), **typed})
    assert answer.ok, f"{answer.status}: {url}"
    return answer
