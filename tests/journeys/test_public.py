"""A visitor's walk: what is open, who may apply, what was supported, how it is decided. No account, two languages."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.gallery import Gallery
from workflows.form_schema import load_form

People = Callable[..., Person]


def test_a_visitor_finds_a_supported_project_and_nothing_that_is_still_secret(gallery: Gallery, reader: People) -> None:
    visitor = reader("visitor", lang="en-US", by="")
    visitor.open("/")
    visitor.page.locator(".site-nav").get_by_role("link", name="Supported projects").click()
    table = visitor.page.locator("table[data-rows] tbody tr")
    expect(table).to_have_count(1)
    visitor.page.locator("[name=country]").select_option("VN")
    visitor.press("Show")
    expect(visitor.page).to_have_url(visitor.url("/projects?year=&country=VN&type="))
    table.get_by_role("link").click()
    visitor.reads("Bac Ninh", "KRW 480 million")
    expect(visitor.page.locator("#main")).not_to_contain_text("Ha Long")


def test_a_visitor_reads_the_same_page_in_the_other_language(gallery: Gallery, reader: People) -> None:
    visitor = reader("visitor", lang="en-US", by="")
    visitor.open("/projects?country=VN")
    visitor.page.get_by_role("link", name="한국어").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "ko")
    expect(visitor.page.locator("h1")).to_have_text("지원 사업")
    expect(visitor.page.locator("[name=country]")).to_have_value("VN")
    visitor.open("/about")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "ko")


def test_who_may_not_apply_reads_why_before_typing_anything(gallery: Gallery, reader: People) -> None:
    visitor = reader("visitor", lang="en-US", by="")
    visitor.open("/guide/kcity-planning")
    first, *others = load_form("kcity-planning", 1).eligibility
    visitor.page.locator(f"input[name='{first.key}']:not([value='{first.ok}'])").check()
    for question in others:
        visitor.page.locator(f"input[name='{question.key}'][value='{question.ok}']").check()
    visitor.press("Check")
    visitor.reads("By your answers this proposal is not eligible.", first.why_not.en)


def test_who_asks_for_a_page_of_his_own_comes_back_to_it_after_signing_in(gallery: Gallery, reader: People) -> None:
    officer = reader("officer", by="")
    officer.open("/desk?state=SCREENING")
    expect(officer.page.locator("h1")).to_have_text("로그인")
    officer.page.locator("input[name=email]").fill("officer@kcity.test")
    officer.page.locator("input[name=password]").fill("demo-only-2026")
    officer.press("로그인")
    expect(officer.page).to_have_url(officer.url("/desk?state=SCREENING"))
