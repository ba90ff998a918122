"""Every page that anybody can open: for screen readers, keyboards, phones, strict parsers, and with scripts switched off.

The pages are found by following links (gallery.py), so that a new page is looked at as soon as one leads to it; a
page that none leads to fails the test. Looked at in Korean at 1280 pixels and in English at 390.
"""

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import axe_playwright_python
import html5lib
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person
from tests.journeys.gallery import LATER, NO_PAGE, ROLES, Gallery, Shown
from tests.journeys.hands import whole_answers
from workflows.form_schema import load_form

People = Callable[..., Person]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
X = "{http://www.w3.org/1999/xhtml}"
UNSEEN = ("hidden", "submit", "button")
GRAVE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))"""


@cache
def axe() -> str:
    """The script that looks for faults."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


# In the browser --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_axe_finds_nothing_grave_and_nothing_scrolls_sideways(gallery: Gallery, reader: People, who: str) -> None:
    pages = [shown for shown in gallery.of(who) if shown.unlike]
    if not pages:
        return
    korean = reader(who, lang="ko-KR", by="" if who == "visitor" else "session")
    english = reader(who, lang="en-US", by="" if who == "visitor" else "session")
    korean.page.set_viewport_size(WIDE)
    english.page.set_viewport_size(NARROW)
    faults = []
    for shown in pages:
        for lang, person in (("ko", korean), ("en", english)):
            page = person.open(shown.path)
            faults += [f"{shown.path} ({lang}) {fault}" for fault in found_by_axe(page)]
        faults += sideways(english.page, shown.path)
    assert faults == []


def found_by_axe(page: Page) -> list[str]:
    """What is serious or critical on the page."""
    page.evaluate(axe())
    found: list[str] = page.evaluate(GRAVE)
    return found


def sideways(page: Page, path: str) -> list[str]:
    """Whether the page is wider than its window."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{path} scrolls sideways by {too_wide}px"] if too_wide > 0 else []


def test_pages_that_say_what_is_wrong_are_as_accessible(gallery: Gallery, reader: People) -> None:
    faults = []
    for lang, size in (("ko-KR", WIDE), ("en-US", NARROW)):
        visitor, hanoi, chair = reader("visitor", lang=lang, by=""), reader("applicant", lang=lang), reader("member01")
        for person in (visitor, hanoi, chair):
            person.page.set_viewport_size(size)
        visitor.open("/sign-in")
        visitor.page.locator("#main form button").first.click()
        expect(visitor.page.locator("#error-summary")).to_be_visible()
        hanoi.open(f"{draft(gallery)}/sections/need?check=1")
        hanoi.page.locator("[name=problem_statement]").fill("Too short.")
        hanoi.page.locator(".buttons button[name=next]").click()
        expect(hanoi.page.locator("#error-summary")).to_be_visible()
        chair.open("/cases/KCN-2027-0000")
        checked = reader("visitor", lang=lang, by="")
        checked.open("/guide/kcity-planning")
        for question in load_form("kcity-planning", 1).eligibility:
            checked.page.locator(f"input[name='{question.key}'][value='{question.ok}']").check()
        checked.page.locator("#main form button").first.click()
        expect(checked.page).to_have_url(checked.url("/guide/kcity-planning/passed"))
        for person in (visitor, hanoi, chair, checked):
            faults += [f"{person.name}: {fault}" for fault in found_by_axe(person.page)]
            faults += sideways(person.page, person.page.url)
    assert faults == []


def draft(gallery: Gallery) -> str:
    """The applicant's draft."""
    return next(p.path for p in gallery.of("applicant") if p.endpoint == "applicant.overview")


# In the markup ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_every_page_is_well_formed_and_names_what_is_on_it(gallery: Gallery, who: str) -> None:
    pages = [shown for shown in gallery.of(who) if shown.new]
    faults = [f"{shown.path}: {fault}" for shown in pages for fault in faults_of(shown)]
    assert faults == []


def faults_of(shown: Shown) -> list[str]:
    """What a strict reader of the markup has to say."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    root = parser.parse(shown.html)
    faults = [f"line {place[0]}: {code} {more}" for place, code, more in parser.errors]
    elements = list(root.iter())
    ids = Counter(e.get("id") for e in elements if e.get("id"))
    faults += [f"id {name} twice" for name, n in ids.items() if n > 1]
    labelled = {e.get("for") for e in elements if e.tag == f"{X}label"}
    inside = {id(e) for label in root.iter(f"{X}label") for e in label.iter()}
    faults += [f"no label: {e.get('name')}" for e in elements if asks(e) and not named(e, labelled, inside, ids)]
    faults += [f"label for nothing: {name}" for name in labelled if name and name not in ids]
    if root.get("lang") not in ("ko", "en"):
        faults.append("no lang")
    if sum(e.tag == f"{X}h1" for e in elements) != 1:
        faults.append("not one h1")
    title = root.findtext(f"{X}head/{X}title") or ""
    if len(title.replace("– K-City Casework", "").strip()) < 2:
        faults.append("no title")
    return faults


def asks(element: Element) -> bool:
    """Whether something is typed or chosen here."""
    if element.tag in (f"{X}select", f"{X}textarea"):
        return True
    return element.tag == f"{X}input" and element.get("type") not in UNSEEN


def named(element: Element, labelled: set[str | None], inside: set[int], ids: Any) -> bool:
    """Whether a label, a label around it, or an attribute says what it asks for."""
    by = (element.get("aria-labelledby") or "").split()
    return bool(
        element.get("id") in labelled
        or id(element) in inside
        or element.get("aria-label")
        or (by and all(name in ids for name in by))
    )


# The links -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_every_link_leads_somewhere(gallery: Gallery, who: str) -> None:
    gallery.of(who)
    assert gallery.broken[who] == []


def test_no_page_is_an_orphan(gallery: Gallery) -> None:
    for who in ROLES:
        gallery.of(who)
    pages = {rule.endpoint for rule in gallery.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    orphans = pages - gallery.visited - NO_PAGE - set(LATER)
    assert not orphans, "nobody comes to " + ", ".join(sorted(orphans))


# Keyboard --------------------------------------------------------------------------------------------------

FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e.closest('.choice') ?? e), box = e.getBoundingClientRect();
  return {tag: e.tagName, name: e.name || e.textContent.trim().slice(0, 40), type: e.type || '', top: box.top + scrollY,
          ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, skip: e.className === 'skip',
          seen: box.width > 0 && box.height > 0};
}"""
CONTROLS = """() => [...document.querySelectorAll('#main input:not([type=hidden]), #main textarea, #main select, #main button')]
  .filter(e => e.tabIndex >= 0 && e.offsetParent !== null).map(e => e.name + (e.type === 'radio' ? '' : '=' + e.value))"""


def tabbed(page: Page, most: int = 120) -> list[dict[str, Any]]:
    """Everything the tab key comes to, from the top of the page to its end."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] in ("BODY", "HTML"):
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize(("who", "path"), [("visitor", "/sign-in"), ("applicant", "/sections/need")])
def test_the_tab_key_reaches_every_control_in_order_and_is_seen(
    gallery: Gallery, reader: People, who: str, path: str
) -> None:
    someone = reader(who, by="" if who == "visitor" else "session")
    page = someone.open(path if who == "visitor" else draft(gallery) + path)
    stops = tabbed(page)
    assert stops[0]["skip"]
    assert all(stop["ring"] and stop["seen"] for stop in stops), [s for s in stops if not (s["ring"] and s["seen"])]
    reached = {stop["name"] for stop in stops}
    wanted = {name.split("=")[0] for name in page.evaluate(CONTROLS)} - {""}
    assert wanted <= reached | {stop["name"] for stop in stops if stop["type"] == "radio"}
    tops = [stop["top"] for stop in stops if stop["tag"] in ("INPUT", "TEXTAREA", "SELECT")]
    assert tops == sorted(tops)


def test_the_skip_link_leads_past_the_header(gallery: Gallery, reader: People) -> None:
    officer = reader("officer")
    page = officer.open("/desk")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


# Without scripts -------------------------------------------------------------------------------------------


def test_a_draft_is_written_and_submitted_without_scripts(gallery: Gallery, reader: People) -> None:
    own = f"/applications/{gallery.site.world.case_in('DRAFT', city='Moc Chau').number}"
    hanoi = reader("applicant", lang="en-US", java_script_enabled=False)
    page = hanoi.open(f"{own}/sections/need")
    page.locator("input[name=several_from_country][value=yes]").check()
    page.locator(".buttons button[name=next]").click()
    hanoi.told("Your answer opens another question.")
    page.locator("[name=national_priority_rank]").fill("2")
    page.locator("[name=expected_change]").fill(whole_answers()["need"]["expected_change"])
    page.locator(".buttons button[name=next]").click()
    expect(page.locator("h1")).to_have_text(load_form("kcity-planning", 1).section("readiness").title.en)
    hanoi.open(f"{own}/submit")
    hanoi.press("Submit")
    expect(page.locator("h1")).to_have_text("Receipt")


def test_a_vote_is_cast_without_scripts(gallery: Gallery, reader: People) -> None:
    member = reader("member07", java_script_enabled=False)
    member.open("/duties")
    member.page.locator("#main a[href$='/ballot']").first.click()
    member.page.locator("input[name=choice][value=abstain]").check()
    member.press("다음")
    member.press("투표 확정")
    member.told("투표가 접수되었습니다.")
