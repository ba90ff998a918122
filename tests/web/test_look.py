"""What the look promises: nothing from outside, nothing inline, fields that say what is wrong with them."""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from app.web.mapping import HEIGHT, WIDTH, project
from workflows.text import Text, because

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "app" / "static"
OURS = [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]
FRONT = [
    ROOT / "templates/base.html",
    *(ROOT / "templates").glob("macros/*.html"),
    *(ROOT / "templates").glob("errors/*.html"),
]


class Proposal(Form):
    title = StringField(Text("제목", "Title"), [DataRequired(Text("제목을 적으십시오.", "Enter a title."))])
    body = TextAreaField(Text("내용", "Body"), description=Text("자유롭게 적으십시오.", "Write freely."))
    amount = IntegerField(Text("금액", "Amount"))
    country = SelectField(Text("국가", "Country"), choices=[SelectChoice("vn", Text("베트남", "Viet Nam"))])
    kind = RadioField(
        Text("유형", "Kind"),
        [InputRequired(Text("유형을 고르십시오.", "Choose a kind."))],
        choices=[
            SelectChoice("plan", Text("기본구상", "Plan")),
            SelectChoice("pilot", Text("실증", "Pilot")),
        ],
    )
    agreed = BooleanField(Text("확인합니다.", "I confirm."))


class Elements(HTMLParser):
    """Start tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def one(self, **wanted: str) -> dict[str, str | None]:
        (attributes,) = [a for _, a in self.found if wanted.items() <= a.items()]
        return attributes


def jinja(lang: str = "ko") -> Environment:
    env = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined)
    env.globals.update(t=lambda ko, en: en if lang == "en" else ko, csrf_token=lambda: "token")
    env.filters["tr"] = lambda words: words.pick(lang) if hasattr(words, "pick") else words[lang]
    return env


def render(source: str, lang: str = "ko", **values: Any) -> str:
    return jinja(lang).from_string(source).render(**values)


def draw_form(posted: dict[str, str], lang: str = "ko") -> str:
    form = Proposal(MultiDict(posted))
    form.validate()
    source = """{% from 'macros/forms.html' import field, errors %}{{ errors(form) }}
      {{ field(form.title) }}{{ field(form.body, limit=10) }}{{ field(form.amount, unit='원') }}
      {{ field(form.country) }}{{ field(form.kind) }}{{ field(form.agreed) }}"""
    return render(source, lang, form=form)


def test_every_vendored_file_is_the_one_that_was_checked_in() -> None:
    listed = dict(reversed(line.split("  ")) for line in (STATIC / "vendor/SHA256SUMS").read_text().splitlines())
    assert len(listed) > 120
    for name, digest in listed.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, name


def test_every_font_file_the_stylesheet_names_is_here() -> None:
    sheet = next((STATIC / "vendor").glob("pretendard-gov-*/fonts.css"))
    named = re.findall(r"url\(([^)]+)\)", sheet.read_text())
    assert len(named) > 100
    assert [n for n in named if not (sheet.parent / n).is_file()] == []


@pytest.mark.parametrize("path", [*OURS, *FRONT], ids=lambda p: p.name)
def test_nothing_loads_from_outside_and_nothing_is_inline(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", text)
    assert not re.search(r"[\s\"']style\s*=|[\s\"']on[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|javascript:|innerHTML|\beval\(|new Function", text)


def test_every_colour_of_the_house_is_a_token() -> None:
    parts = re.sub(r"/\* Paper.*?/\* The room", "", (STATIC / "css/parts.css").read_text(), flags=re.S)
    assert re.findall(r"#[0-9a-f]{3,8}\b", parts + (STATIC / "css/app.css").read_text()) == []


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        colour = colour * 2 if len(colour) == 3 else colour
        red, green, blue = (_channel(int(colour[i : i + 2], 16)) for i in (0, 2, 4))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("text", "surface"),
        ("muted", "soft"),
        ("faint", "tint"),
        ("primary", "surface"),
        ("on-primary", "primary"),
    ]
    + [("primary", "primary-soft")]
    + [(f"{tone}-text", f"{tone}-soft") for tone in ("neutral", "info", "warning", "success", "danger")],
)
def test_text_stands_out_from_its_ground(theme: int, ink: str, ground: str) -> None:
    sheet = (STATIC / "css/tokens.css").read_text().split("prefers-color-scheme: dark")[theme]
    token = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{3,6});", sheet))
    assert _contrast(token[ink], token[ground]) >= 4.5


def test_a_field_in_error_says_so_in_words_and_to_assistive_technology() -> None:
    html = draw_form({"body": "가" * 12})
    title = Elements(html).one(id="title")
    assert title["aria-invalid"] == "true"
    assert "title-error" in (title["aria-describedby"] or "")
    assert "오류: 제목을 적으십시오." in html
    assert "필수" in html


def test_the_error_summary_leads_to_each_field() -> None:
    elements = Elements(draw_form({"country": "vn"}))
    targets = [a["href"] for tag, a in elements.found if tag == "a"]
    assert targets == ["#title", "#kind-0"]
    ids = [a["id"] for _, a in elements.found if "id" in a]
    assert {t[1:] for t in targets if t} <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_valid_form_has_no_summary() -> None:
    html = draw_form({"title": "교통", "kind": "plan", "country": "vn", "amount": "1"})
    assert "error-summary" not in html
    assert "aria-invalid" not in html


def test_the_count_reads_a_line_break_as_one_character_and_marks_what_is_over() -> None:
    assert "3자 / 최대 10자" in draw_form({"body": "가\r\n나"})
    assert 'class="count over"' in draw_form({"body": "가" * 11})
    assert 'class="count over"' not in draw_form({"body": "가" * 10})


def test_a_radio_group_is_a_fieldset_with_nothing_preselected() -> None:
    elements = Elements(draw_form({}))
    assert [tag for tag, _ in elements.found if tag in ("fieldset", "legend")] == ["fieldset", "legend"]
    radios = [a for _, a in elements.found if a.get("type") == "radio"]
    assert len(radios) == 2
    assert all("checked" not in a for a in radios)


def test_the_browser_is_never_asked_to_check_in_place_of_the_server() -> None:
    controls = [a for tag, a in Elements(draw_form({})).found if tag in ("input", "textarea", "select")]
    assert controls
    assert all("required" not in a and "maxlength" not in a for a in controls)


def test_what_people_type_is_never_markup() -> None:
    html = draw_form({"title": "<script>alert(1)</script>", "body": "</textarea><b>"})
    assert "<script>" not in html
    assert "</textarea><b>" not in html


def test_the_same_form_speaks_english() -> None:
    html = draw_form({}, "en")
    assert "Error: Enter a title." in html
    assert "Viet Nam" in html
    assert not re.search("[가-힣]", html.replace("원", ""))


def test_a_blocked_action_is_listed_with_its_reason_and_has_no_button() -> None:
    offers = [
        {"label": Text("보완 요청", "Ask"), "url": "/ask", "kind": "primary", "reason": None},
        {
            "label": Text("상정", "Table"),
            "url": "/table",
            "reason": because("late", "평가가 남았습니다.", "Not yet."),
        },
    ]
    html = render("{% from 'macros/ui.html' import actions %}{{ actions(offers) }}", offers=offers)
    assert 'href="/ask"' in html
    assert "/table" not in html
    assert "평가가 남았습니다." in html


def test_an_action_that_writes_is_a_post_with_a_token() -> None:
    offers = [{"label": "철회", "url": "/withdraw", "post": True, "reason": None}]
    html = render("{% from 'macros/ui.html' import actions %}{{ actions(offers) }}", offers=offers)
    assert '<form method="post" action="/withdraw">' in html
    assert 'name="csrf_token" value="token"' in html


BARS = "{% from 'macros/ui.html' import bar_chart %}{{ bar_chart(rows, '표') }}"


def test_bars_keep_their_proportion_and_their_number() -> None:
    html = render(BARS, rows=[("가", 40), ("나", 10), ("다", 0)])
    assert re.findall(r'bar-fill" width="([\d.]+)%"', html) == ["100.0", "25.0", "0.0"]
    assert re.findall(r'class="num">(\d+)<', html) == ["40", "10", "0"]


def test_bars_of_nothing_are_empty() -> None:
    html = render(BARS, rows=[("가", 0)]) + render(BARS, rows=[])
    assert re.findall(r'bar-fill" width="([\d.]+)%"', html) == ["0"]


PAGE = {
    "lang": "ko",
    "csp_nonce": "n",
    "nav": [],
    "viewer": None,
    "notices_unread": 0,
    "other_lang_url": "?lang=en",
    "static": lambda path: "/static/" + path,
    "config": {},
    "get_flashed_messages": lambda **_: [],
    "request_id": "R-1",
}


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 422, 429, 500, 503])
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_an_error_page_says_what_happened_and_gives_a_reference(code: int, lang: str) -> None:
    html = jinja(lang).get_template(f"errors/{code}.html").render({**PAGE, "lang": lang})
    assert html.count("<h1>") == 1
    assert "R-1" in html
    assert f'<html lang="{lang}">' in html
    main = html.split("<main")[1].split("</main>")[0]
    assert bool(re.search("[가-힣]", main)) == (lang == "ko")


def test_forbidden_looks_exactly_like_unknown() -> None:
    env = jinja()
    assert env.get_template("errors/403.html").render(PAGE) == env.get_template("errors/404.html").render(PAGE)


def test_a_conflict_keeps_what_was_typed_beside_what_is_stored() -> None:
    html = jinja().get_template("errors/409.html").render({**PAGE, "theirs": "예산 4억", "yours": "예산 <5억>"})
    assert html.index("예산 4억") < html.index("예산 &lt;5억&gt;")


def test_a_conflict_of_a_form_is_shown_field_by_field_without_its_machinery() -> None:
    typed = {"title": "교통", "csrf_token": "secret", "revision": "3"}
    html = jinja().get_template("errors/409.html").render({**PAGE, "theirs": {"title": "도로"}, "yours": typed})
    assert html.index("도로") < html.index("교통")
    assert "secret" not in html


@pytest.mark.parametrize(
    ("setting", "shown"),
    [(True, "공식 전자정부 누리집이 아닙니다"), ("점검 중", "점검 중"), (Text("안내", "Note"), "안내</p>")],
)
def test_the_notice_bar_says_what_the_installation_is(setting: Any, shown: str) -> None:
    html = jinja().get_template("errors/404.html").render({**PAGE, "config": {"NOTICE": setting}})
    assert shown in html.split("notice-bar")[1].split("</aside>")[0]


def test_the_notice_bar_can_be_left_out() -> None:
    html = jinja().get_template("errors/404.html").render({**PAGE, "config": {"NOTICE": False}})
    assert "notice-bar" not in html


def test_every_script_of_the_page_carries_the_nonce() -> None:
    html = jinja().get_template("errors/404.html").render(PAGE)
    scripts = [a for tag, a in Elements(html).found if tag == "script"]
    assert len(scripts) == 2
    assert all(a["nonce"] == "n" and (STATIC / str(a["src"]).removeprefix("/static/")).is_file() for a in scripts)


@pytest.mark.parametrize(
    ("west", "east"),
    [("런던", "서울"), ("서울", "시드니"), ("시드니", "멕시코시티"), ("멕시코시티", "상파울루")],
)
def test_the_pacific_stands_in_the_middle_of_the_map(west: str, east: str) -> None:
    places = {
        "런던": (51.5, -0.1),
        "서울": (37.6, 127.0),
        "시드니": (-33.9, 151.2),
        "멕시코시티": (19.4, -99.1),
        "상파울루": (-23.6, -46.6),
    }
    assert project(*places[west])[0] < project(*places[east])[0]


def test_a_place_on_the_map_lies_inside_its_frame() -> None:
    assert project(0, 150)[0] == WIDTH / 2
    for lat in range(-60, 85, 12):
        for lon in range(-180, 181, 30):
            x, y = project(lat, lon)
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


@pytest.mark.parametrize(("lat", "lon"), [(-75, 0), (91, 0), (0, 181), (float("nan"), 0)])
def test_a_place_off_the_map_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="not on the map"):
        project(lat, lon)
