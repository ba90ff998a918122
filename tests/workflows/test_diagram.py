"""The state diagram: nothing overlaps, nothing crosses, everything is also said in words."""

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.workflows.toys import changed, lamp
from workflows import schema
from workflows.diagram import describe, diagram, mini, standalone
from workflows.layout import layout, main_line

SVG = "{http://www.w3.org/2000/svg}"
PUBLISHED = schema.all_published()
CSS = Path(__file__).parents[2] / "app" / "static" / "css" / "diagram.css"
every = pytest.mark.parametrize("definition", PUBLISHED, ids=lambda d: d.id)
both = pytest.mark.parametrize("lang", ["ko", "en"])


def classes(svg: str, *wanted: str) -> list[ET.Element]:
    found = [e for e in ET.fromstring(svg).iter() if set(wanted) <= set(e.get("class", "").split())]
    return found


def words(element: ET.Element) -> str:
    return " ".join(e.text for e in element.iter(f"{SVG}text"))


@every
@both
def test_it_is_an_image_with_a_title_and_a_description(definition, lang):
    for svg in (
        diagram(definition, lang, "SCREENING", ["DRAFT", "RECEIVED"]),
        mini(definition, lang, "SCREENING"),
    ):
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        ids = root.get("aria-labelledby").split()
        assert [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == ids
        assert definition.states["SCREENING"].label.text.pick(lang) in root.find(f"{SVG}desc").text


@every
@both
def test_nothing_in_it_needs_an_exception_from_a_strict_policy(definition, lang):
    for svg in (diagram(definition, lang, "DRAFT"), mini(definition, lang, "DRAFT")):
        assert not re.search(r"<style|<script|style=|\son\w+=|href|url\(", svg)


@every
@both
def test_every_state_and_every_arrow_is_drawn_with_its_words(definition, lang):
    svg = diagram(definition, lang)
    said = words(ET.fromstring(svg))
    for state in definition.states.values():
        assert state.label.text.pick(lang) in said
    for transition in definition.transitions:
        drawn = transition.to is not None and transition.who != ("system",)
        assert (transition.label.text.pick(lang) in said) or not drawn
    assert len(classes(svg, "sd-state")) == len(definition.states)
    assert len(classes(svg, "sd-line")) == len(layout(definition).arrows)


@every
def test_no_two_boxes_touch(definition):
    for a, b in combinations(layout(definition).boxes.values(), 2):
        assert a.right < b.left or b.right < a.left or a.bottom < b.top or b.bottom < a.top, (a, b)


@every
def test_no_line_runs_through_a_box(definition):
    drawn = layout(definition)
    for arrow in drawn.arrows:
        assert len(arrow.points) >= 2
        for (x1, y1), (x2, y2) in pairwise(arrow.points):
            assert x1 == x2 or y1 == y2
            for box in drawn.boxes.values():
                inside = min(x1, x2) < box.right and max(x1, x2) > box.left
                assert not (inside and min(y1, y2) < box.bottom and max(y1, y2) > box.top), (arrow, box)


@every
def test_lines_do_not_cross_except_where_they_meet_the_withdraw_rail(definition):
    drawn = layout(definition)
    lines = [
        (arrow, segment) for arrow in drawn.arrows if arrow.target != "WITHDRAWN" for segment in pairwise(arrow.points)
    ]
    for (one, a), (other, b) in combinations(lines, 2):
        assert one is other or not _cross(a, b), (one, other)


def _cross(a, b) -> bool:
    (ax1, ay1), (ax2, ay2), (bx1, by1), (bx2, by2) = *a, *b
    across = min(ax1, ax2) <= max(bx1, bx2) and min(bx1, bx2) <= max(ax1, ax2)
    return across and min(ay1, ay2) <= max(by1, by2) and min(by1, by2) <= max(ay1, ay2)


@every
@both
def test_no_two_labels_overlap_and_none_leaves_the_picture(definition, lang):
    svg = diagram(definition, lang)
    width = float(ET.fromstring(svg).get("width"))
    boxes = []
    for text in classes(svg, "sd-label"):
        long = sum(12.5 * (0.95 if ord(c) > 0x1100 else 0.56) for c in text.text)
        x, y = float(text.get("x")), float(text.get("y"))
        left = x - {"start": 0, "middle": long / 2, "end": long}[text.get("text-anchor")]
        assert left >= 0 and left + long <= width, text.text
        boxes.append((left, y - 11, left + long, y + 3, text.text))
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def test_where_the_case_is_where_it_was_and_what_is_open_are_marked():
    definition = schema.load("kcity-planning", 1)
    way = ["DRAFT", "RECEIVED", "SCREENING", "SUPPLEMENT", "SCREENING"]
    svg = diagram(definition, "en", "SCREENING", way, ["find_eligible", "request_supplement", "check_eligibility"])
    assert [words(e) for e in classes(svg, "sd-state", "sd-current")] == ["Screening secretariat officer"]
    assert len(classes(svg, "sd-state", "sd-visited")) == 3
    assert {e.text for e in classes(svg, "sd-label-open")} == {"Find eligible", "Request a supplement"}
    assert {words(e).split()[0] for e in classes(svg, "sd-state", "sd-open")} == {"Eligible", "Supplement"}
    assert len(classes(svg, "sd-edge-visited")) == 4
    assert len(classes(svg, "sd-legend")) == 1
    assert classes(diagram(definition, "en"), "sd-legend") == []


def test_a_withdrawal_that_is_open_is_named_on_the_rail_where_the_case_stands():
    definition = schema.load("kcity-planning", 1)
    svg = diagram(definition, "ko", "EVALUATING", ["DRAFT"], ["withdraw"])
    assert [e.text for e in classes(svg, "sd-label-open")] == ["취하"]
    svg = diagram(definition, "ko", "SUPPLEMENT", [], ["withdraw"])
    assert [e.text for e in classes(svg, "sd-label-open")] == ["취하"]


def test_the_same_in_words():
    definition = schema.load("kcity-planning", 1)
    lines = describe(definition, "SUPPLEMENT", ["DRAFT", "RECEIVED", "SCREENING"], ["answer_supplement"], "en")
    assert len(lines) == len(definition.states)
    assert lines[1] == "Received (already passed): Begin screening → Screening; Withdraw → Withdrawn"
    assert lines[3].startswith("Supplement requested (current state): Submit the supplement → Screening (open now); ")
    assert "Closed: end" in lines
    assert "종결: 끝" in describe(definition, None, [], [], "ko")


def test_the_description_of_the_definition_alone_names_its_beginning():
    assert "상태 4개. ‘꺼짐’에서 시작합니다." in diagram(lamp(), "ko")
    assert "Open now: –." in diagram(lamp(), "en", "OFF")


@both
def test_the_small_one_shows_the_phases_and_names_the_state(lang):
    definition = schema.load("kcity-planning", 1)
    svg = mini(definition, lang, "CONSULTING", ["DRAFT", "RECEIVED", "SCREENING", "SUPPLEMENT", "ELIGIBLE"])
    assert len(classes(svg, "sd-step")) == 7
    assert (len(classes(svg, "sd-step", "sd-visited")), len(classes(svg, "sd-step", "sd-ahead"))) == (2, 4)
    assert [e.text for e in classes(svg, "sd-mini-state")] == [definition.states["CONSULTING"].label.text.pick(lang)]
    assert len(classes(svg, "sd-dot", "sd-current")) == 1


def test_a_withdrawn_case_still_shows_how_far_it_came():
    svg = mini(schema.load("kcity-planning", 1), "en", "WITHDRAWN", ["DRAFT", "RECEIVED", "SCREENING"])
    assert [words(e) for e in classes(svg, "sd-step", "sd-visited")] == ["Screening"]
    assert [words(e) for e in classes(svg, "sd-step", "sd-current")] == ["1 Intake"]


def test_as_a_file_of_its_own_it_carries_its_colours():
    svg = standalone(lamp(), "en", ".a > .b { fill: red }")
    assert ET.fromstring(svg).find(f"{SVG}style").text == ".a > .b { fill: red }"


def test_every_class_in_the_style_sheet_is_drawn_and_named_by_tokens_only():
    css = CSS.read_text("utf-8")
    assert not re.search(r"#[0-9a-f]{3}|rgb|url\(", css)
    definition = schema.load("kcity-planning", 1)
    way = ["DRAFT", "RECEIVED"]
    svg = diagram(definition, "en", "CONSULTING", way, ["withdraw"]) + mini(definition, "en", "CONSULTING", way)
    drawn = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', svg))))
    assert set(re.findall(r"\.(sd[\w-]*)", css)) - {"sd-scroll"} <= drawn


# Other shapes than ours -------------------------------------------------------------------------------------


def _state(phase: str = "night", **parts) -> dict:
    label = {"ko": "덤", "en": "A state with a rather long name"}
    return {"label": label, "phase": phase, "turn": "owner", "next": label, **parts}


def _arrow(code: str, source: str, to: str, **parts) -> dict:
    label = {"ko": "덤", "en": code}
    return {
        "code": code,
        "trigger": code.lower(),
        "label": label,
        "from": source.split(),
        "to": to,
        "who": ["owner"],
        "source": "x",
        **parts,
    }


def test_jumps_loops_and_side_roads_find_a_lane_each():
    def change(data: dict) -> None:
        data["states"].update(A=_state(), B=_state(), C=_state(), D=_state(final=True, turn=None))
        data["transitions"] += [
            _arrow("J1", "LIT", "A"), _arrow("J2", "A", "B"), _arrow("J3", "B", "C"), _arrow("J4", "A", "C"),
            _arrow("J5", "C", "OFF"), _arrow("J6", "C", "A"), _arrow("J7", "B", "LIT"), _arrow("J8", "A", "A"),
            _arrow("J9", "A B C", "D", escape=True),
        ]  # fmt: skip

    definition = changed(change)
    drawn = layout(definition)
    assert all(len(arrow.points) >= 2 for arrow in drawn.arrows)
    assert ("A", "A") not in {(arrow.source, arrow.target) for arrow in drawn.arrows}
    lanes = {(arrow.source, arrow.target): arrow.points[1][0] for arrow in drawn.arrows if len(arrow.points) == 4}
    assert len({lanes["A", "C"], lanes["C", "A"]}) == 2
    assert "rather" in diagram(definition, "en")


def test_ends_reached_from_everywhere_get_a_rail_also_below_and_beside_each_other():
    def change(data: dict) -> None:
        data["phases"].append({"key": "dusk", "label": {"ko": "저녁", "en": "Dusk"}})
        data["states"].update(M=_state(), N=_state(), END=_state(final=True), LOST=_state("dusk", final=True))
        data["transitions"][1]["from"] = ["N"]
        data["transitions"] += [
            _arrow("R1", "LIT", "M"), _arrow("R2", "M", "N"), _arrow("R3", "OFF LIT M N", "END", escape=True),
            _arrow("R4", "OFF LIT M", "LOST", escape=True),
        ]  # fmt: skip

    drawn = layout(changed(change))
    rails = {arrow.target for arrow in drawn.arrows if arrow.joins}
    assert rails == {"END", "LOST"}
    assert drawn.boxes["LOST"].y > drawn.boxes["OFF"].y


def test_a_definition_that_never_decides_is_still_drawn():
    assert main_line(lamp()) == ["OFF", "LIT", "KEPT"]
    undecided = changed(lambda data: data["states"]["KEPT"].update(decided=False))
    assert main_line(undecided)[-1] == "KEPT"
    endless = changed(lambda data: data["transitions"][1].update(to=None))
    assert main_line(endless) == ["OFF"]


def test_what_only_the_system_does_is_not_drawn():
    definition = schema.load("kcity-planning", 1)
    assert definition.find("DRAFT", "import_published").to == "CLOSED"
    assert main_line(definition)[:3] == ["DRAFT", "RECEIVED", "SCREENING"]
    assert [a for a in layout(definition).arrows if (a.source, a.target) == ("DRAFT", "CLOSED")] == []
